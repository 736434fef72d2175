// Goal: Packet Identifiers of the two directions do not meet, and one that is in use is said so.

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::reason_code;

class Identifiers : public both_versions {
 protected:
  bench broker;
  peer& a = broker.connected("a", version());
};
INSTANTIATE_TEST_SUITE_P(Versions, Identifiers, testing::Values(v3, v5), version_suffix);

TEST_P(Identifiers, OfTheTwoDirectionsAreIndependent) {
  a.subscribe("t", qos2);
  broker.connected("b", version()).publish("t", "x", qos2);
  ASSERT_EQ(a.expect_publish("x").packet_identifier, 1);
  a.send(mqtt::publish{.qos = qos2, .topic_name = "u", .packet_identifier = 1});
  EXPECT_EQ(a.expect<mqtt::pubrec>().packet_identifier, 1);
  a.send(mqtt::pubrec{.packet_identifier = 1});
  a.expect(mqtt::pubrel{.packet_identifier = 1});
  a.send(mqtt::pubrel{.packet_identifier = 1});
  a.expect(mqtt::pubcomp{.packet_identifier = 1});
  a.send(mqtt::pubcomp{.packet_identifier = 1});
  a.expect_nothing();
}

TEST_P(Identifiers, AreAnsweredInAPipeline) {
  a.subscribe("t", qos0);
  for (std::uint16_t i = 1; i <= 20; ++i) {
    a.send(
        mqtt::publish{.qos = i % 2 == 0 ? qos2 : qos1, .topic_name = "t", .packet_identifier = i});
  }
  for (std::uint16_t i = 1; i <= 20; ++i) {
    a.expect<mqtt::publish>();
    if (i % 2 == 0) {
      EXPECT_EQ(a.expect<mqtt::pubrec>().packet_identifier, i);
    } else {
      EXPECT_EQ(a.expect<mqtt::puback>().packet_identifier, i);
    }
  }
}

TEST_P(Identifiers, OfNothingAreTolerated) {
  for (const mqtt::packet& packet : {mqtt::packet(mqtt::puback{.packet_identifier = 9}),
                                     mqtt::packet(mqtt::pubcomp{.packet_identifier = 9})}) {
    a.send(packet);
  }
  a.expect_nothing();
  a.send(mqtt::pubrec{.packet_identifier = 9});
  EXPECT_EQ(a.expect<mqtt::pubrel>().packet_identifier, 9);
  a.send(mqtt::pingreq{});
  a.expect(mqtt::pingresp{});
}

// After PUBACK, and after a refused PUBREC, the same identifier is a new message, DUP or not.
TEST_P(Identifiers, AreFreeAfterTheAcknowledgement) {
  a.subscribe("t", qos0);
  for (const bool dup : {false, true}) {
    a.send(mqtt::publish{.dup = dup, .qos = qos1, .topic_name = "t", .packet_identifier = 1});
    EXPECT_FALSE(a.expect<mqtt::publish>().dup);  // our own flag [MQTT-3.3.1-3]
    EXPECT_EQ(a.expect<mqtt::puback>().packet_identifier, 1);
  }
}

TEST(IdentifiersV5, AreFreeAfterAPubrecWithAnError) {
  bench broker;
  peer& a = broker.connected("a", v5);
  a.subscribe("t", qos0);
  a.send(mqtt::publish{.qos = qos2, .topic_name = "$x", .packet_identifier = 1});
  EXPECT_EQ(a.expect<mqtt::pubrec>().reason_code, reason_code::not_authorized);
  a.send(mqtt::publish{.qos = qos2, .topic_name = "t", .packet_identifier = 1});
  a.expect<mqtt::publish>();
  EXPECT_EQ(a.expect<mqtt::pubrec>().reason_code, reason_code::success);
}

TEST(IdentifiersV5, InUseAreSaidSo) {
  bench broker;
  peer& a = broker.connected("a", v5);
  a.subscribe("t", qos0);
  a.send(mqtt::publish{.qos = qos2, .topic_name = "u", .packet_identifier = 7});
  a.expect<mqtt::pubrec>();
  const std::vector in_use{reason_code::packet_identifier_in_use};
  a.send(mqtt::subscribe{.packet_identifier = 7, .subscriptions = {{"u", {}}}});
  EXPECT_EQ(a.expect<mqtt::suback>().reason_codes, in_use);
  a.send(mqtt::unsubscribe{.packet_identifier = 7, .topic_filters = {"t"}});
  EXPECT_EQ(a.expect<mqtt::unsuback>().reason_codes, in_use);
  a.send(mqtt::publish{.qos = qos1, .topic_name = "t", .packet_identifier = 7});
  EXPECT_EQ(a.expect<mqtt::puback>().reason_code, reason_code::packet_identifier_in_use);
  a.expect_nothing();
  a.send(mqtt::pubrel{.packet_identifier = 7});
  a.expect(mqtt::pubcomp{.packet_identifier = 7});
  a.send(mqtt::subscribe{.packet_identifier = 7, .subscriptions = {{"u", {}}}});
  EXPECT_EQ(a.expect<mqtt::suback>().reason_codes, std::vector{reason_code::granted_qos_0});
}

TEST(IdentifiersV3, InUseAreNot) {
  bench broker;
  peer& a = broker.connected("a", v3);
  a.send(mqtt::publish{.qos = qos2, .topic_name = "u", .packet_identifier = 1});
  a.expect<mqtt::pubrec>();
  a.subscribe("t", qos0);  // has identifier 1, too
}

}  // namespace
}  // namespace gauntlet::broker
