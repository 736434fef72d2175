// Goal: triggered messages wait in the order of their due times, within bounds, and contexts are
// used again.

#include "sim/engine/triggered_messages.hpp"

#include <gtest/gtest.h>

namespace gauntlet::sim {
namespace {

TEST(TriggeredMessages, WaitInOrderOfDueTime) {
  triggered_messages waiting;
  EXPECT_TRUE(waiting.add(3, {.due = duration(20), .context = 1}));
  EXPECT_TRUE(waiting.add(3, {.due = duration(10), .context = 2}));
  EXPECT_TRUE(waiting.add(3, {.due = duration(20), .context = 3}));
  EXPECT_TRUE(waiting.add(4, {.due = duration(5)}));
  EXPECT_EQ(waiting.waiting(), 4U);
  EXPECT_EQ(waiting.pop(3).context, 2U);
  EXPECT_EQ(waiting.pop(3).context, 1U);
  EXPECT_EQ(waiting.pop(3).context, 3U);
  EXPECT_TRUE(waiting.of(3).empty());
  EXPECT_TRUE(waiting.of(9).empty());
  EXPECT_EQ(waiting.waiting(), 1U);
}

TEST(TriggeredMessages, AreBounded) {
  triggered_messages waiting;
  for (std::size_t i = 0; i < triggered_messages::waiting_max; ++i) {
    ASSERT_TRUE(waiting.add(1, {.due = duration(1)}));
  }
  EXPECT_FALSE(waiting.add(1, {.due = duration(1)}));
  EXPECT_TRUE(waiting.add(2, {.due = duration(1)}));
}

TEST(TriggeredMessages, UseContextsAgain) {
  triggered_messages waiting;
  const std::uint32_t first = waiting.make_context();
  waiting.context(first).topic = "answers";
  waiting.context(first).has_correlation = true;
  waiting.keep_in_flight(77, first);
  waiting.keep_in_flight(78, triggered_messages::no_context);
  EXPECT_EQ(waiting.in_flight(77), first);
  EXPECT_EQ(waiting.in_flight(78), triggered_messages::no_context);
  waiting.drop_in_flight(77);
  EXPECT_EQ(waiting.in_flight(77), triggered_messages::no_context);
  EXPECT_EQ(waiting.make_context(), first);
  EXPECT_TRUE(waiting.context(first).topic.empty());
  EXPECT_FALSE(waiting.context(first).has_correlation);
}

}  // namespace
}  // namespace gauntlet::sim
