// Goal: a run ends early only when an expectation was not met for as long as it says.

#include "sim/engine/live_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/sim/parsed_scenario.hpp"

namespace gauntlet::sim {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

fleet_plan expecting(const std::string& line) {
  return fleet_plan(
      parsed_scenario("name: a\nstages: [{name: one, duration: 10s}, {name: two, duration: "
                      "10s}]\nfleet: [{group: g, "
                      "count: 4, subscribe: [{filter: t}]}, {group: h, count: 2}]\nexpect: [{" +
                      line + "}]\n"));
}

time_point at(int s) { return time_point(seconds(s)); }

live_figures missing(std::int64_t count) {
  live_figures seen{.devices = 4};
  seen.all.settled = 4;
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

TEST(LiveWatch, LooksAtTheSlotOfWhatIsNarrowed) {
  live_watch watch(expecting("lost: 0, group: g, stage: two, abort_on: true, for: 1s"));
  live_figures seen = missing(9);
  EXPECT_FALSE(watch.look(seen, at(1)));
  EXPECT_FALSE(watch.look(seen, at(9)));
  seen.all.slots[0].missing = 1;
  EXPECT_FALSE(watch.look(seen, at(10)));
  const auto end = watch.look(seen, at(11));
  ASSERT_TRUE(end);
  EXPECT_THAT(end->sentence, HasSubstr("No message is lost (group g, stage two) (1 missing)"));
}

TEST(LiveWatch, CountsTheDevicesOfAGroup) {
  live_watch watch(expecting("connected: 100%, group: h, abort_on: true, for: 1s"));
  live_figures seen{.devices = 6};
  seen.all.slots[0].connected = 2;
  EXPECT_FALSE(watch.look(seen, at(1)));
  EXPECT_FALSE(watch.look(seen, at(5)));
  seen.all.slots[0].connected = 1;
  EXPECT_FALSE(watch.look(seen, at(6)));
  const auto end = watch.look(seen, at(7));
  ASSERT_TRUE(end);
  EXPECT_THAT(end->sentence, HasSubstr("1 of 2 devices"));
}

TEST(LiveWatch, NoticesThatNothingIsDelivered) {
  live_watch watch(expecting("lost: 0, abort_on: true, for: 2s"));
  live_figures seen = missing(0);
  // While deliveries come, acknowledgements may lag behind them.
  for (int s = 1; s <= 5; ++s) {
    seen.all.first_copies += 10;
    seen.all.owed += s == 5 ? 20U : 10U;
    EXPECT_FALSE(watch.look(seen, at(s))) << s;
  }
  seen.all.owed += 10;
  EXPECT_FALSE(watch.look(seen, at(6)));
  EXPECT_FALSE(watch.look(seen, at(12)));
  seen.all.owed += 10;
  EXPECT_FALSE(watch.look(seen, at(13)));
  const auto end = watch.look(seen, at(15));
  ASSERT_TRUE(end);
  EXPECT_THAT(end->observed, HasSubstr("10 owed and nothing delivered, 0 missing"));
}

TEST(LiveWatch, DoesNotCallItSilenceWhenSomebodyIsMissing) {
  live_watch watch(expecting("lost: 0, abort_on: true, for: 1s"));
  live_figures seen = missing(0);
  seen.all.failures = 1;
  for (int s = 1; s <= 20; ++s) {
    seen.all.owed += 10;
    EXPECT_FALSE(watch.look(seen, at(s))) << s;
  }
}

TEST(LiveWatch, LooksOnlyAtWhatWasAskedFor) {
  EXPECT_TRUE(live_watch(expecting("lost: 0")).empty());
}

}  // namespace
}  // namespace gauntlet::sim
