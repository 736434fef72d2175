// Goal: what restart_test.cpp shows, over 200 kills with each way to synchronize.

#include <iostream>

#include <gtest/gtest.h>

#include "tests/integration/broker/restart/restart_run.hpp"

namespace gauntlet::broker {
namespace {

class BrokerRestartLong : public testing::TestWithParam<const char*> {};

TEST_P(BrokerRestartLong, LosesNothingInTwoHundredKills) {
  const auto account = run_restarts({.seed = 2, .kills = 200, .sync = GetParam()});
  ASSERT_TRUE(account) << account.error().message;
  std::cout << account->to_string() << "\n";
  EXPECT_TRUE(account->nothing_wrong());
  EXPECT_EQ(account->kills, 200U);
  EXPECT_GT(account->acknowledged, 2'000U);
}

INSTANTIATE_TEST_SUITE_P(Sync, BrokerRestartLong, testing::Values("full", "normal"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace gauntlet::broker
