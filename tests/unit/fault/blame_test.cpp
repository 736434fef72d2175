// Goal: a fault is blamed for the end of a connection if the ends could notice it, and only then.

#include <gtest/gtest.h>

#include "tests/unit/fault/fault_bench.hpp"

namespace gauntlet::fault {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Blame : public testing::Test {
 protected:
  history::fault_index of(const fault_bench::pair& connection) const {
    return faulty_network::blamed_for(*connection.client->channel);
  }
  /// The broker closes at once, and the client is told when it may be.
  void broker_closes(const fault_bench::pair& connection) {
    connection.broker->channel->close();
    bench.pass(seconds(10));
  }

  fault_bench bench;
};

TEST_F(Blame, IsOnNobodyWithoutAFault) {
  const auto pair = bench.connected();
  pair.client->send(message(1));
  broker_closes(pair);
  EXPECT_EQ(of(pair), 0U);
}

TEST_F(Blame, IsOnTheFaultThatCut) {
  bench.add(latency{.by = milliseconds(1)});
  bench.add(cut{}, {.packets = {mqtt::packet_type::publish}});
  const auto pair = bench.connected();
  bench.pass(seconds(1));
  EXPECT_EQ(of(pair), 0U);
  pair.client->send(message(1));
  bench.pass(seconds(1));
  EXPECT_EQ(of(pair), 2U);
}

TEST_F(Blame, IsNotOnAFaultOfAnotherClient) {
  bench.add(cut{}, {.clients = "other", .packets = {mqtt::packet_type::publish}});
  const auto struck = bench.connected("other");
  const auto pair = bench.connected("c");
  struck.client->send(message(1));
  pair.client->send(message(1));
  broker_closes(pair);
  EXPECT_EQ(of(struck), 1U);
  EXPECT_EQ(of(pair), 0U);
}

TEST_F(Blame, StaysOnAFaultThatSwallowedOrChangedSomething) {
  for (const action& what :
       {action(drop{}), action(duplicate{}), action(rewrite{.value = "7"}), action(corrupt{}),
        action(inject{.packet = {0xd0, 0x00}}), action(hold{.at_most = milliseconds(5)})}) {
    fault_bench own;
    own.add(what, {.packets = {mqtt::packet_type::publish}});
    const auto pair = own.connected();
    pair.client->send(message(1));
    own.pass(seconds(5));
    pair.broker->channel->abort();
    own.pass(seconds(5));
    EXPECT_EQ(faulty_network::blamed_for(*pair.client->channel), 1U) << name_of(what);
  }
}

TEST_F(Blame, IsOnADelayWhileItLastsAndNotAfterwards) {
  bench.add(delay{.by = seconds(2)}, {.packets = {mqtt::packet_type::publish}});
  const auto early = bench.connected("early");
  early.client->send(message(1));
  bench.pass(seconds(1));
  early.broker->channel->abort();
  bench.pass(seconds(5));
  EXPECT_EQ(of(early), 1U);
  const auto late = bench.connected("late");
  late.client->send(message(1));
  bench.pass(seconds(3));
  late.broker->channel->abort();
  bench.pass(seconds(5));
  EXPECT_EQ(of(late), 0U);
}

TEST_F(Blame, IsOnALatencyOnlyForWhatIsUnderWay) {
  bench.add(latency{.by = milliseconds(100)});
  const auto idle = bench.connected("idle");
  bench.pass(seconds(1));
  broker_closes(idle);
  EXPECT_EQ(of(idle), 0U);
  const auto busy = bench.connected("busy");
  bench.pass(seconds(1));
  busy.client->send(message(1));
  busy.broker->channel->abort();
  bench.pass(seconds(1));
  EXPECT_EQ(of(busy), 1U);
}

TEST_F(Blame, IsOnAPartitionOverWhichTheBrokerGaveUp) {
  const auto pair = bench.connected();
  bench.add(
      {.name = "gap", .when = {.at = seconds(1), .lasting = seconds(5)}, .what = partition{}});
  bench.pass(seconds(2));
  pair.client->send(mqtt::pingreq{});
  bench.pass(seconds(1));
  pair.broker->channel->close();
  bench.pass(seconds(10));
  EXPECT_EQ(of(pair), 1U);
}

}  // namespace
}  // namespace gauntlet::fault
