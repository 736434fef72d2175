// Goal: the containers that the broker is made of keep their promises.

#include <algorithm>
#include <deque>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "harness/base/seeded_stream.hpp"
#include "harness/broker/deadline_queue.hpp"
#include "harness/broker/message.hpp"
#include "harness/broker/options.hpp"
#include "harness/broker/ring.hpp"

namespace gauntlet::broker {
namespace {

TEST(Ring, BehavesLikeADeque) {
  ring<int> tested;
  std::deque<int> model;
  seeded_stream draws(stream_key(1).with("ring"));
  for (int step = 0; step < 20'000; ++step) {
    const auto draw = draws.below(10);
    if (model.empty() || draw < (step / 2'000 % 2 == 0 ? 7U : 3U)) {
      tested.push_back(step);
      model.push_back(step);
    } else if (draw == 9) {
      const auto index = static_cast<std::size_t>(draws.below(model.size()));
      tested.erase(index);
      model.erase(model.begin() + static_cast<std::ptrdiff_t>(index));
    } else {
      EXPECT_EQ(tested.pop_front(), model.front());
      model.pop_front();
    }
    ASSERT_EQ(tested.size(), model.size());
    for (std::size_t i = 0; i < model.size(); i += 7) ASSERT_EQ(tested[i], model[i]);
  }
}

TEST(DeadlineQueue, YieldsTheEarliestFirst) {
  deadline_queue queue;
  std::vector<std::unique_ptr<deadline>> all;
  std::vector<time_point> expected;
  seeded_stream draws(stream_key(1).with("deadlines"));
  for (int i = 0; i < 1'000; ++i) {
    all.push_back(std::make_unique<deadline>(nullptr));
    queue.arm(*all.back(), deadline_kind::keep_alive,
              time_point(duration(static_cast<std::int64_t>(draws.below(500)))));
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i % 3 == 0) queue.cancel(*all[i]);
    if (i % 3 == 1) {
      queue.arm(*all[i], deadline_kind::will_delay, all[i]->due() + duration(100));
    }
  }
  std::erase_if(all, [](const auto& each) { return !each->armed(); });
  all.erase(all.begin() + 5);  // destroyed while armed
  for (const auto& each : all) expected.push_back(each->due());
  std::ranges::sort(expected);

  std::vector<time_point> taken;
  while (const auto due = queue.next_due()) {
    EXPECT_EQ(queue.take_due(*due - duration(1)), nullptr);
    deadline* const first = queue.take_due(*due);
    EXPECT_FALSE(first->armed());
    taken.push_back(first->due());
  }
  EXPECT_EQ(taken, expected);
}

TEST(Message, IsStoredOnceAndShared) {
  std::string topic = "t";
  message_view view;
  view.topic = topic;
  view.payload = as_bytes("payload");
  view.properties = as_bytes("props");
  lazy_message lazy(view);
  const message_ref first = lazy.share();
  const message_ref second = lazy.share();
  topic = "u";  // what is stored is a copy
  EXPECT_EQ(first->topic, "t");
  EXPECT_EQ(as_text(second->payload), "payload");
  EXPECT_EQ(as_text(second->properties), "props");
  EXPECT_EQ(first->payload.data(), second->payload.data());
  EXPECT_EQ(first.size_bytes(), 13U);
}

TEST(Options, AreChecked) {
  EXPECT_TRUE(validate({}).has_value());
  EXPECT_EQ(validate({.capabilities = {.maximum_qos = 3}}).error().message,
            "maximum_qos is 0, 1 or 2");
  EXPECT_FALSE(validate({.capabilities = {.receive_maximum = 0}}).has_value());
  EXPECT_FALSE(validate({.limits = {.inflight_max = 0}}).has_value());
  EXPECT_FALSE(validate({.users = {make_user("", "x")}}).has_value());
  EXPECT_FALSE(validate({.capabilities = {.response_information_prefix = "a/+"}}).has_value());
  EXPECT_FALSE(validate({.sys_interval = std::chrono::microseconds(1)}).has_value());
  EXPECT_TRUE(validate({.sys_interval = duration::zero()}).has_value());
}

}  // namespace
}  // namespace gauntlet::broker
