// Goal: sessions live as long as they should, and bring back all they hold.

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::reason_code;

class Session : public both_versions {
 protected:
  // A CONNECT whose session outlives its connection, in the way of the version.
  mqtt::connect lasting(bool clean_start = false) const {
    mqtt::connect packet{.clean_start = clean_start};
    if (is_v5()) packet.properties.add(mqtt::session_expiry_interval(100));
    return packet;
  }
  bool present(bench& broker, mqtt::connect packet) const {
    packet.client_id = "a";
    return broker.open(version()).connect(std::move(packet)).session_present;
  }
};
INSTANTIATE_TEST_SUITE_P(Versions, Session, testing::Values(v3, v5), version_suffix);

TEST_P(Session, IsResumedWithItsSubscriptions) {
  bench broker;
  peer& first = broker.connected("a", version(), lasting());
  first.subscribe("t", qos1);
  first.drop();
  broker.connected("b", version()).publish("t", "offline", qos1);

  peer& second = broker.open(version());
  mqtt::connect again = lasting();
  again.client_id = "a";
  EXPECT_TRUE(second.connect(again).session_present);
  second.expect_publish("offline");
}

TEST_P(Session, IsDiscardedByCleanStart) {
  bench broker;
  peer& first = broker.connected("a", version(), lasting());
  first.subscribe("t", qos1);
  first.drop();
  EXPECT_FALSE(present(broker, lasting(true)));
  EXPECT_EQ(broker.core.statistics().subscriptions, 0U);
}

TEST_P(Session, EndsWithItsConnectionIfItIsNotToLast) {
  bench broker;
  peer& first = broker.connected("a", version());
  first.subscribe("t", qos1);
  first.send(mqtt::disconnect{});
  first.expect_closed();
  EXPECT_EQ(broker.core.statistics().sessions, 0U);
  EXPECT_FALSE(present(broker, lasting()));
}

TEST_P(Session, KeepsNoQos0WhileOffline) {
  bench broker;
  peer& first = broker.connected("a", version(), lasting());
  first.subscribe("t", qos1);
  first.drop();
  broker.connected("b", version()).publish("t", "lost", qos0);
  peer& second = broker.connected("a", version(), lasting());
  second.expect_nothing();
}

TEST_P(Session, RemembersQos2MessagesReceived) {
  bench broker;
  peer& watcher = broker.connected("w", version());
  watcher.subscribe("t", qos0);
  peer& first = broker.connected("a", version(), lasting());
  mqtt::publish packet{.qos = qos2, .topic_name = "t", .packet_identifier = 9, .payload = {'x'}};
  first.send(packet);
  first.expect(mqtt::pubrec{.packet_identifier = 9});
  watcher.expect_publish("x");
  first.drop();

  peer& second = broker.connected("a", version(), lasting());
  packet.dup = true;
  second.send(packet);
  second.expect(mqtt::pubrec{.packet_identifier = 9});
  watcher.expect_nothing();
}

TEST(SessionV5, ExpiresAfterItsInterval) {
  bench broker;
  const mqtt::connect lasting{.clean_start = false,
                              .properties = {mqtt::session_expiry_interval(10)}};
  broker.connected("a", v5, lasting).drop();
  broker.advance(std::chrono::milliseconds(9'999));
  EXPECT_EQ(broker.core.statistics().sessions, 1U);
  broker.advance(std::chrono::milliseconds(1));
  EXPECT_EQ(broker.core.statistics().sessions, 0U);
}

TEST(SessionV5, DoesNotExpireWhileConnected) {
  bench broker;
  const mqtt::connect lasting{.clean_start = false,
                              .properties = {mqtt::session_expiry_interval(10)}};
  broker.connected("a", v5, lasting).drop();
  broker.advance(std::chrono::seconds(9));
  peer& again = broker.connected("a", v5, lasting);
  broker.advance(std::chrono::seconds(100));
  EXPECT_FALSE(again.closed());
  EXPECT_EQ(broker.core.statistics().sessions, 1U);
}

TEST(SessionV5, DisconnectChangesItsInterval) {
  bench broker;
  const mqtt::connect lasting{.properties = {mqtt::session_expiry_interval(10)}};
  broker.connected("a", v5, lasting)
      .send(mqtt::disconnect{.properties = {mqtt::session_expiry_interval(0)}});
  EXPECT_EQ(broker.core.statistics().sessions, 0U);
}

TEST(SessionV5, DisconnectMayNotMakeItLast) {
  bench broker;
  peer& a = broker.connected("a", v5);
  a.send(mqtt::disconnect{.properties = {mqtt::session_expiry_interval(5)}});
  a.expect_refusal(reason_code::protocol_error);
}

TEST(SessionV5, OfTooManyIsRefused) {
  bench broker({.limits = {.sessions_max = 1}});
  broker.connected("a", v5);
  EXPECT_EQ(broker.open(v5).connect({.client_id = "b"}).reason_code, reason_code::quota_exceeded);
  EXPECT_EQ(broker.open(v3).connect({.client_id = "b"}).reason_code,
            reason_code::server_unavailable);
  EXPECT_EQ(broker.open(v5).connect({.client_id = "a"}).reason_code, reason_code::success);
}

TEST(SessionV5, OfNoLimitNeverExpires) {
  bench broker;
  const mqtt::connect packet{.client_id = "a",
                             .clean_start = false,
                             .properties = {mqtt::session_expiry_interval(0xFFFFFFFF)}};
  broker.connected("a", v5, packet).drop();
  broker.advance(std::chrono::hours(24 * 365));
  EXPECT_TRUE(broker.open(v5).connect(packet).session_present);
}

TEST(SessionV5, LastsAsLongAsConnackSays) {
  bench broker({.capabilities = {.session_expiry_interval_max_s = 10}});
  const mqtt::connect packet{
      .client_id = "a", .clean_start = false, .properties = {mqtt::session_expiry_interval(3'600)}};
  peer& a = broker.open(v5);
  EXPECT_EQ(a.connect(packet).properties.find<mqtt::property_id::session_expiry_interval>(), 10U);
  a.drop();
  broker.advance(std::chrono::seconds(9));
  peer& again = broker.open(v5);
  EXPECT_TRUE(again.connect(packet).session_present);
  again.drop();
  broker.advance(std::chrono::seconds(10));
  EXPECT_FALSE(broker.open(v5).connect(packet).session_present);
}

}  // namespace
}  // namespace gauntlet::broker
