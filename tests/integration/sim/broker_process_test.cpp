// Goal: memory and processor time of a broker that Gauntlet started are judged, by bounds that it
// keeps and by bounds that it breaks.

#include <gtest/gtest.h>

#include "tests/integration/sim/fleet.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::sim {
namespace {

using record::verdict;

TEST(BrokerProcess, IsJudgedByItsMemoryAndProcessorTime) {
  const fleet_plan plan(
      parsed_scenario(small_scenario("expect:\n  - {broker_memory: 1GB, broker_cpu: 400%}\n"
                                     "  - {broker_memory: 100KB, broker_cpu: 0.01%}\n")));
  run_options options;
  const test::temporary_directory folder;
  options.target.target = "mosquitto";
  options.target.run_folder = folder.path();
  const record::run_result result = run(plan, options);
  ASSERT_EQ(result.expectations.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    const record::expectation_record& each = result.expectations[i];
    EXPECT_EQ(each.verdict, i < 2 ? verdict::pass : verdict::fail)
        << each.sentence << ": " << each.observed;
  }
}

}  // namespace
}  // namespace gauntlet::sim
