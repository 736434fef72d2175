// Goal: the durability table finds nothing lost in the reference broker with a store, and finds
// what each of its restart defects loses.

#include <gtest/gtest.h>

#include "durability/measure.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::durability {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t count = 4;

/// The counts of the broker with this defect, or none, by ending; empty if anything failed.
std::vector<record::durability_ending> measured(const std::string& defect) {
  const test::temporary_directory folder;
  net::asio_loop loop;
  net::asio_network network(loop);
  measure_options options{
      .target = {.run_folder = folder.path()}, .count = count, .after = 300ms, .says = {}};
  if (!defect.empty()) options.target.embedded.defects.push_back(*broker::parse_defect(defect));
  auto result = measure(options, network);
  EXPECT_TRUE(result) << result.error().message;
  return result ? result->endings : std::vector<record::durability_ending>();
}

record::durability_count find(const record::durability_ending& ending, const std::string& state) {
  EXPECT_EQ(ending.failure, "");
  for (const record::durability_count& each : ending.counts) {
    if (each.state == state) return each;
  }
  ADD_FAILURE() << "no count of " << state;
  return {};
}

TEST(Durability, ReferenceBrokerWithAStoreLosesNothing) {
  const auto endings = measured("");
  ASSERT_EQ(endings.size(), 3U);
  for (const record::durability_ending& ending : endings) {
    EXPECT_EQ(ending.failure, "");
    EXPECT_EQ(ending.counts.size(), 8U);
    for (const record::durability_count& each : ending.counts) {
      EXPECT_EQ(each.acknowledged, count) << each.state;
      EXPECT_EQ(each.lost, 0U) << ending.ending << ": " << each.state;
      EXPECT_EQ(each.doubled, 0U) << ending.ending << ": " << each.state;
    }
  }
}

TEST(Durability, FindsForgottenSessions) {
  const auto endings = measured("forget-session-at-restart");
  ASSERT_EQ(endings.size(), 3U);
  EXPECT_EQ(find(endings[0], "sessions").lost, count);
  EXPECT_EQ(find(endings[1], "subscriptions").lost, count);
  EXPECT_EQ(find(endings[1], "retained messages").lost, 0U);
}

TEST(Durability, FindsForgottenDeliveries) {
  const auto endings = measured("forget-deliveries-at-restart");
  ASSERT_EQ(endings.size(), 3U);
  EXPECT_EQ(find(endings[0], "sessions").lost, 0U);
  EXPECT_EQ(find(endings[0], "queued QoS 1 messages").lost, count);
  EXPECT_EQ(find(endings[1], "queued QoS 2 messages").lost, count);
  EXPECT_EQ(find(endings[1], "half-done QoS 2 to clients").lost, count);
}

TEST(Durability, FindsForgottenInboundIdentifiers) {
  const auto endings = measured("forget-inbound-identifiers-at-restart");
  ASSERT_EQ(endings.size(), 3U);
  // Only half of the clients send their message again.
  EXPECT_EQ(find(endings[1], "half-done QoS 2 from clients").doubled, count / 2);
}

TEST(Durability, FindsForgottenRetainedMessages) {
  const auto endings = measured("forget-retained-at-restart");
  ASSERT_EQ(endings.size(), 3U);
  EXPECT_EQ(find(endings[1], "retained messages").lost, count);
  EXPECT_EQ(find(endings[1], "queued QoS 1 messages").lost, 0U);
}

TEST(Durability, BrokerOfOthersIsBadInput) {
  net::asio_loop loop;
  net::asio_network network(loop);
  const test::temporary_directory folder;
  auto target = target::open_target({.run_folder = folder.path()}, network);
  ASSERT_TRUE(target);
  const auto url =
      net::to_string(*(*target)->endpoint_for(mqtt::protocol_version::v5, net::transport::tcp));
  const auto result = measure({.target = {.target = url}, .count = 1, .says = {}}, network);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, exit_code::bad_input);
}

}  // namespace
}  // namespace gauntlet::durability
