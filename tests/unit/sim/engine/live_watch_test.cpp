// Goal: a run ends early only when an expectation was not met for as long as it says.

#include "sim/engine/live_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/sim/parsed_scenario.hpp"

namespace gauntlet::sim {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

scenario expecting(const std::string& line) {
  return parsed_scenario(
      "name: a\nduration: 10s\nfleet: [{group: g, count: 4, subscribe: [{filter: t}]}]\nexpect: "
      "[{" +
      line + "}]\n");
}

time_point at(int s) { return time_point(seconds(s)); }

live_figures missing(std::int64_t count) {
  live_figures seen{.devices = 4};
  seen.all.missing = count;
  return seen;
}

TEST(LiveWatch, EndsTheRunOnceTheTimeIsOver) {
  live_watch watch(expecting("lost: 2, abort_on: true, for: 3s"));
  EXPECT_FALSE(watch.look(missing(3), at(1)));
  EXPECT_FALSE(watch.look(missing(3), at(3)));
  const auto end = watch.look(missing(4), at(4));
  ASSERT_TRUE(end);
  EXPECT_EQ(end->expectation, 0U);
  EXPECT_EQ(end->observed, "4 missing, for 3s");
  EXPECT_THAT(end->sentence,
              HasSubstr("not met for 3s: At most 2 of the deliveries are lost (4 missing)"));
}

TEST(LiveWatch, ForgetsWhatHeals) {
  live_watch watch(expecting("lost: 2, abort_on: true, for: 3s"));
  EXPECT_FALSE(watch.look(missing(9), at(1)));
  EXPECT_FALSE(watch.look(missing(2), at(3)));
  EXPECT_FALSE(watch.look(missing(9), at(4)));
  EXPECT_FALSE(watch.look(missing(9), at(6)));
  EXPECT_TRUE(watch.look(missing(9), at(7)));
}

TEST(LiveWatch, KnowsLowerBounds) {
  live_watch watch(expecting("connected: 75%, abort_on: true, for: 1s"));
  live_figures seen{.devices = 4};
  seen.all.connected = 3;
  EXPECT_FALSE(watch.look(seen, at(1)));
  EXPECT_FALSE(watch.look(seen, at(9)));
  seen.all.connected = 2;
  EXPECT_FALSE(watch.look(seen, at(10)));
  const auto end = watch.look(seen, at(11));
  ASSERT_TRUE(end);
  EXPECT_THAT(end->sentence, HasSubstr("2 of 4 devices"));
}

TEST(LiveWatch, LooksOnlyAtWhatWasAskedFor) {
  EXPECT_TRUE(live_watch(expecting("lost: 0")).empty());
}

}  // namespace
}  // namespace gauntlet::sim
