// Goal: a fleet's own host applications find no fault where there is none, find those of a broker
// that loses messages, and ask for rebirths. Method: simulated runs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/broker/defects.hpp"
#include "tests/unit/sim/engine/simulated_run.hpp"

namespace gauntlet::sim {
namespace {

using testing::HasSubstr;

std::string line_with_host(const std::string& life = "") {
  return "name: line\nseed: 2\nduration: 2m\ndrain: 20s\nfleet:\n"
         "  - group: host\n    count: 2\n    sparkplug_host: {group_id: plant}\n"
         "  - group: line\n    count: 3\n" +
         life +
         "    sparkplug:\n      group_id: plant\n      every: 1s\n"
         "      metrics: {ambient: {walk: {start: 21, step: 0.1}}}\n"
         "      devices: [{id: 'm-{n}', count: 2, metrics: {x: {counter: {}}}, outages: {every: "
         "30s, "
         "for: 5s}}]\n"
         "expect: [{sparkplug_faults: 0}]\n";
}

record::run_result run_with(const std::string& text, const std::string& defect = "") {
  run_options options;
  if (!defect.empty()) options.target.embedded.defects.push_back(*broker::parse_defect(defect));
  return run(text, options);
}

TEST(HostFleet, FindsNoFaultWhereThereIsNone) {
  const auto result = run_with(line_with_host());
  EXPECT_EQ(result.verdict, record::verdict::pass);
  EXPECT_TRUE(result.measured.sparkplug.faults.empty());
  EXPECT_EQ(result.measured.sparkplug.rebirths_requested, 0U);
  EXPECT_GT(result.measured.sparkplug.messages, 2U * 3 * 3 * 100);
  EXPECT_EQ(result.measured.foreign_messages, 0U);
}

TEST(HostFleet, FollowsNodesThatComeAndGo) {
  const auto result = run_with(line_with_host("    life_cycle: {flapping: {up: 20s, down: 2s}}\n"));
  EXPECT_EQ(result.verdict, record::verdict::pass) << result.expectations.front().observed;
}

TEST(HostFleet, FindsTheFaultsOfABrokerThatMixesMessagesUp) {
  const auto result = run_with(line_with_host(), "reorder-deliveries:1/100");
  EXPECT_EQ(result.verdict, record::verdict::fail);
  EXPECT_GT(result.measured.sparkplug.faults.counts().at("a gap in seq"), 0U);
  EXPECT_GT(result.measured.sparkplug.rebirths_requested, 0U);
  EXPECT_THAT(result.expectations.front().observed, HasSubstr("such as: "));
}

TEST(HostFleet, FindsTheFaultsOfABrokerThatLosesDeaths) {
  const auto result = run_with(line_with_host("    life_cycle: {flapping: {up: 20s, down: 2s}}\n"),
                               "lose-will:1/3");
  EXPECT_EQ(result.verdict, record::verdict::fail);
  EXPECT_FALSE(result.measured.sparkplug.faults.empty());
}

}  // namespace
}  // namespace gauntlet::sim
