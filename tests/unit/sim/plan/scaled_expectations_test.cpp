// Goal: bounds grow with what the fleet sends, not with a factor that somebody asked for.

#include "sim/plan/scaled_expectations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/load_scenarios.hpp"

namespace gauntlet::sim {
namespace {

using testing::ElementsAre;

std::vector<double> limits_of(const std::string& groups, const std::string& expect, double scale) {
  const std::string text =
      "name: a\nduration: 10s\nfleet:\n" + groups + "expect: [" + expect + "]\n";
  const auto load = [&](double by) {
    auto all = parse_scenarios(text, "f", {.scale = by});
    EXPECT_TRUE(all) << config::to_failure(all.error()).message;
    return all->front().described;
  };
  scenario scaled = load(scale);
  scale_expectations(scaled, load(1));
  std::vector<double> limits;
  for (const expectation& each : scaled.expect) limits.push_back(each.limit);
  return limits;
}

const std::string readers = "  - {group: readers, count: 10, subscribe: [{filter: \"#\"}]}\n";
const std::string reader =
    "  - {group: readers, count: 10, scale: false, subscribe: [{filter: \"#\"}]}\n";
const std::string senders =
    "  - {group: senders, count: 100, publish: [{topic: t, every: 1s, payload: x}]}\n";
const std::string beacon =
    "  - {group: beacon, count: 1, publish: [{topic: t, every: 1s, payload: x}]}\n";

TEST(ScaleExpectations, FollowsTheDeliveries) {
  EXPECT_THAT(limits_of(reader + senders, "{throughput: 900/s}", 0.1), ElementsAre(90));
  EXPECT_THAT(limits_of(readers + senders, "{throughput: 900/s}", 0.1), ElementsAre(9))
      << "a tenth of the senders for a tenth of the readers";
  EXPECT_THAT(limits_of(reader + beacon, "{throughput: 9/s}", 0.1), ElementsAre(9));
  EXPECT_THAT(limits_of(reader + senders, "{throughput: 900/s}", 2), ElementsAre(1800));
}

TEST(ScaleExpectations, LooksAtTheGroupThatIsMeant) {
  EXPECT_THAT(
      limits_of(reader + senders + beacon,
                "{throughput: 9/s, group: beacon}, {throughput: 900/s, group: senders}", 0.1),
      ElementsAre(9, 90));
}

TEST(ScaleExpectations, ScalesNumbersAndLeavesSharesAndTimes) {
  EXPECT_THAT(limits_of(reader + senders,
                        "{lost: 0, duplicated: 15, reordered: 1%, latency_max: 1s, "
                        "unexpected_disconnects: 11}",
                        0.1),
              ElementsAre(0, 2, 1, 1e9, 2));
}

}  // namespace
}  // namespace gauntlet::sim
