// Goal: the lively fleet keeps the correct broker busy and comes to rest, so that what a checker
// says about a run is about the broker.

#include "tests/unit/history/guarantees/lively_fleet.hpp"

#include <gtest/gtest.h>

#include "harness/base/virtual_loop.hpp"
#include "harness/broker/server.hpp"
#include "harness/net/memory_network.hpp"

namespace gauntlet::history::proof {
namespace {

using namespace std::chrono_literals;

struct counts {
  std::uint64_t published = 0;
  std::uint64_t received = 0;
  std::string unsettled;
};

counts live(std::uint64_t seed) {
  virtual_loop loop;
  net::memory_network network(loop, {.seed = seed, .delay_min = 1ms, .delay_max = 4ms});
  const net::endpoint where{.host = "broker", .port = 1'883};
  auto broker = broker::server::start(network, {.listen = {{.where = where}}});
  EXPECT_TRUE(broker.has_value());
  lively_fleet fleet(network, where, {.seed = seed, .publishing = 20s});
  fleet.run({});
  return {fleet.published(), fleet.received(), fleet.unsettled()};
}

TEST(LivelyFleet, KeepsTheBrokerBusyAndComesToRest) {
  const counts seen = live(1);
  EXPECT_GT(seen.published, 2'000U);
  EXPECT_GT(seen.received, 2 * seen.published);
  EXPECT_EQ(seen.unsettled, "");
}

TEST(LivelyFleet, LivesEqualLivesWithEqualSeeds) {
  const counts first = live(7);
  const counts second = live(7);
  EXPECT_EQ(first.published, second.published);
  EXPECT_EQ(first.received, second.received);
}

}  // namespace
}  // namespace gauntlet::history::proof
