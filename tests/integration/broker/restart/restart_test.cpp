// Goal: a broker with --persist that is killed at random moments and started again loses nothing
// that it acknowledged and delivers nothing of QoS 2 twice; and a broker that does is found out.

#include <iostream>

#include <gtest/gtest.h>

#include "tests/integration/broker/restart/restart_run.hpp"

namespace gauntlet::broker {
namespace {

// The account, or what went wrong.
restart_account account_of(const restart_settings& settings) {
  auto account = run_restarts(settings);
  if (!account) {
    ADD_FAILURE() << account.error().message;
    return {};
  }
  std::cout << account->to_string() << "\n";
  return *account;
}

TEST(BrokerRestart, LosesNothingThatWasAcknowledged) {
  for (const auto* sync : {"full", "normal"}) {
    const auto account = account_of({.seed = 1, .kills = 4, .sync = sync});
    EXPECT_TRUE(account.nothing_wrong()) << account.to_string();
    EXPECT_EQ(account.kills, 4U);
    EXPECT_GT(account.acknowledged, 50U);
    EXPECT_GE(account.received, 4 * account.acknowledged);
    EXPECT_GT(account.retained_checked, 10U);
  }
}

// A defect shows when a kill falls into the right moment: tries one seed after the other until it
// has shown in `count`. The account is that of the last run.
restart_account account_once(restart_settings settings, std::uint64_t restart_account::*count) {
  constexpr std::uint64_t seeds = 10;
  restart_account account;
  for (settings.seed = 1; settings.seed <= seeds && !testing::Test::HasFailure(); ++settings.seed) {
    account = account_of(settings);
    if (account.*count > 0) break;
  }
  return account;
}

TEST(BrokerRestart, WithoutStoreIsFoundOut) {
  const auto account =
      account_once({.kills = 3, .persist = false}, &restart_account::retained_lost);
  EXPECT_GT(account.missing, 0U);
  EXPECT_GT(account.sessions_lost, 0U);
  EXPECT_GT(account.retained_lost, 0U);
}

TEST(BrokerRestart, AcknowledgingBeforeStoringIsFoundOut) {
  const auto account = account_once({.kills = 6, .defects = {"acknowledge-before-store"}},
                                    &restart_account::missing);
  EXPECT_GT(account.missing, 0U);
}

TEST(BrokerRestart, ForgettingDeliveriesIsFoundOut) {
  const auto account = account_once({.kills = 6, .defects = {"forget-deliveries-at-restart"}},
                                    &restart_account::missing);
  EXPECT_GT(account.missing, 0U);
  EXPECT_EQ(account.sessions_lost, 0U);
  EXPECT_EQ(account.retained_lost, 0U);
}

TEST(BrokerRestart, ForgettingSessionsIsFoundOut) {
  const auto account = account_once({.kills = 3, .defects = {"forget-session-at-restart"}},
                                    &restart_account::missing);
  EXPECT_GT(account.sessions_lost, 0U);
  EXPECT_GT(account.missing, 0U);
}

TEST(BrokerRestart, ForgettingRetainedMessagesIsFoundOut) {
  const auto account = account_once({.kills = 3, .defects = {"forget-retained-at-restart"}},
                                    &restart_account::retained_lost);
  EXPECT_GT(account.retained_lost, 0U);
  EXPECT_EQ(account.missing, 0U);
  EXPECT_EQ(account.sessions_lost, 0U);
}

TEST(BrokerRestart, TakingMessagesAgainIsFoundOut) {
  const auto account =
      account_once({.kills = 10, .defects = {"forget-inbound-identifiers-at-restart"}},
                   &restart_account::doubled);
  EXPECT_GT(account.doubled, 0U);
  EXPECT_EQ(account.missing, 0U);
}

}  // namespace
}  // namespace gauntlet::broker
