// Goal: a fleet is laid out within what the machine allows, or refused in one sentence before it
// starts.

#include "sim/engine/machine_limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::sim {
namespace {

using testing::HasSubstr;

fleet_demand demand(std::uint64_t devices, broker_place broker) {
  return {.devices = devices, .streams = devices, .broker = broker, .descriptor_limit = 20'000};
}

TEST(LayOut, KeepsASmallFleetInThisProcess) {
  const auto plan = lay_out(demand(1000, broker_place::embedded));
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->workers, 1U);
  EXPECT_TRUE(plan->in_process);
  EXPECT_TRUE(plan->source_addresses.empty());
}

TEST(LayOut, MovesTheWorkerOutWhenBothEndsDoNotFitIntoOneProcess) {
  const auto plan = lay_out(demand(12'000, broker_place::embedded));
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->workers, 1U);
  EXPECT_FALSE(plan->in_process);
}

TEST(LayOut, TakesAsManyWorkersAsDescriptorsAskFor) {
  const auto plan = lay_out(demand(100'000, broker_place::elsewhere));
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->workers, 6U);
  EXPECT_FALSE(plan->in_process);
  EXPECT_LE(plan->descriptors_per_worker, 20'000U);
}

TEST(LayOut, SpreadsOverSourceAddressesOnLoopbackOnly) {
  fleet_demand wanted = demand(30'000, broker_place::elsewhere);
  const auto near = lay_out(wanted);
  ASSERT_TRUE(near.has_value());
  EXPECT_EQ(near->source_addresses.size(), 9U);
  EXPECT_EQ(near->source_addresses.front(), "127.0.0.2");
  wanted.loopback = false;
  EXPECT_TRUE(lay_out(wanted)->source_addresses.empty());
}

TEST(LayOut, RefusesWhatOneBrokerProcessCannotHold) {
  for (const auto broker : {broker_place::embedded, broker_place::managed}) {
    const auto plan = lay_out(demand(30'000, broker));
    ASSERT_FALSE(plan.has_value());
    EXPECT_EQ(plan.error().code, exit_code::environment_failed);
    EXPECT_THAT(plan.error().message, HasSubstr("30000 devices do not fit"));
    EXPECT_THAT(plan.error().message, HasSubstr("20000 descriptors"));
  }
}

TEST(LayOut, RefusesFewerWorkersThanItTakes) {
  fleet_demand wanted = demand(50'000, broker_place::elsewhere);
  wanted.workers = 2;
  const auto plan = lay_out(wanted);
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(plan.error().code, exit_code::bad_input);
  EXPECT_THAT(plan.error().message, HasSubstr("at least 3 workers"));
}

TEST(LayOut, GivesMoreWorkersWhenAsked) {
  fleet_demand wanted = demand(100, broker_place::embedded);
  wanted.workers = 4;
  const auto plan = lay_out(wanted);
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->workers, 4U);
  EXPECT_FALSE(plan->in_process);
}

TEST(LayOut, NeedsNoDescriptorsUnderVirtualTime) {
  const auto plan = lay_out(demand(1'000'000, broker_place::simulated));
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->workers, 1U);
}

TEST(LayOut, SaysWhenTheLimitAllowsNothingAtAll) {
  fleet_demand wanted = demand(10, broker_place::elsewhere);
  wanted.descriptor_limit = 100;
  const auto plan = lay_out(wanted);
  ASSERT_FALSE(plan.has_value());
  EXPECT_THAT(plan.error().message, HasSubstr("ulimit -n"));
}

TEST(DescribeMachinePlan, NamesWhatADryRunShows) {
  const std::string text = describe(*lay_out(demand(100'000, broker_place::elsewhere)));
  EXPECT_THAT(text, HasSubstr("6 workers"));
  EXPECT_THAT(text, HasSubstr("descriptors a worker, of 20000 allowed"));
  EXPECT_THAT(text, HasSubstr("MB of memory"));
}

}  // namespace
}  // namespace gauntlet::sim
