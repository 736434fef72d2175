// Goal: refusals explain themselves, to those who want it and as far as they can take it.

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;
using mqtt::reason_code;

mqtt::connect without_problem_information() {
  return {.properties = {mqtt::request_problem_information(0)}};
}

template <class Packet>
bool explains(const Packet& packet) {
  return packet.properties.contains(property_id::reason_string) &&
         packet.properties.contains(property_id::user_property);
}

// Each packet of the broker that says no, to a client with these wishes.
class Refusals {
 public:
  Refusals(bench& on, mqtt::connect wishes) : on_(on), wishes_(std::move(wishes)) {}

  mqtt::puback puback() {
    peer& a = on_.connected("a", v5, wishes_);
    a.send(mqtt::publish{.qos = qos1, .topic_name = "$x", .packet_identifier = 1});
    return a.expect<mqtt::puback>();
  }
  mqtt::pubrec pubrec() {
    peer& a = on_.connected("a", v5, wishes_);
    a.send(mqtt::publish{.qos = qos2, .topic_name = "$x", .packet_identifier = 1});
    return a.expect<mqtt::pubrec>();
  }
  mqtt::pubrel pubrel() {
    peer& a = on_.connected("a", v5, wishes_);
    a.send(mqtt::pubrec{.packet_identifier = 1});
    return a.expect<mqtt::pubrel>();
  }
  mqtt::pubcomp pubcomp() {
    peer& a = on_.connected("a", v5, wishes_);
    a.send(mqtt::pubrel{.packet_identifier = 1});
    return a.expect<mqtt::pubcomp>();
  }
  mqtt::suback suback() {
    peer& a = on_.connected("a", v5, wishes_);
    a.send(mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{"a/#/b", {}}, {"b", {}}}});
    return a.expect<mqtt::suback>();
  }
  mqtt::unsuback unsuback() {
    peer& a = on_.connected("a", v5, wishes_);
    a.send(mqtt::unsubscribe{.packet_identifier = 1, .topic_filters = {"a/#/b"}});
    return a.expect<mqtt::unsuback>();
  }
  mqtt::disconnect disconnect() {
    peer& a = on_.connected("a", v5, wishes_);
    a.send(mqtt::auth{.reason_code = reason_code::re_authenticate,
                      .properties = {mqtt::authentication_method("x")}});
    return a.expect<mqtt::disconnect>();
  }
  mqtt::connack connack() {
    mqtt::connect packet = wishes_;
    packet.client_id = "b";
    packet.will = mqtt::will{.topic_name = "w", .retain = true};
    return on_.open(v5).connect(packet);
  }

 private:
  bench& on_;
  mqtt::connect wishes_;
};

TEST(ProblemInformation, ComesWithEveryRefusal) {
  bench broker({.capabilities = {.retain_available = false}});
  Refusals to(broker, {});
  EXPECT_TRUE(explains(to.puback()));
  EXPECT_TRUE(explains(to.pubrec()));
  EXPECT_TRUE(to.pubrel().properties.contains(property_id::reason_string));
  EXPECT_TRUE(to.pubcomp().properties.contains(property_id::reason_string));
  EXPECT_TRUE(explains(to.suback()));
  EXPECT_TRUE(explains(to.unsuback()));
  EXPECT_TRUE(explains(to.disconnect()));
  EXPECT_TRUE(explains(to.connack()));
}

TEST(ProblemInformation, NotWantedComesInConnackAndDisconnectOnly) {
  bench broker({.capabilities = {.retain_available = false}});
  Refusals to(broker, without_problem_information());
  EXPECT_TRUE(to.puback().properties.empty());
  EXPECT_TRUE(to.pubrec().properties.empty());
  EXPECT_TRUE(to.pubrel().properties.empty());
  EXPECT_TRUE(to.pubcomp().properties.empty());
  EXPECT_TRUE(to.suback().properties.empty());
  EXPECT_TRUE(to.unsuback().properties.empty());
  EXPECT_TRUE(explains(to.disconnect()));
  EXPECT_TRUE(explains(to.connack()));
}

TEST(ProblemInformation, CanBeSwitchedOff) {
  bench broker({.capabilities = {.retain_available = false}, .explain_problems = false});
  Refusals to(broker, {});
  EXPECT_TRUE(to.puback().properties.empty());
  EXPECT_TRUE(to.suback().properties.empty());
  EXPECT_TRUE(to.disconnect().properties.empty());
  EXPECT_TRUE(to.connack().properties.empty());
}

TEST(ProblemInformation, SaysWhichFilterIsWrong) {
  bench broker;
  const auto answer = Refusals(broker, {}).suback();
  EXPECT_EQ(answer.reason_codes,
            (std::vector{reason_code::topic_filter_invalid, reason_code::granted_qos_0}));
  const auto names = answer.properties.find_all<property_id::user_property>();
  ASSERT_EQ(names.size(), 1U);
  EXPECT_EQ(names[0].name, "a/#/b");
  EXPECT_EQ(names[0].value, "Topic Filter invalid");
}

// Of each refusal, sizes from that of the bare packet upwards: never above what the client takes.
TEST(ProblemInformation, NeverMakesAPacketTooLarge) {
  bool left_out_something = false;
  for (std::uint32_t most = 30; most < 120; ++most) {
    bench broker({.capabilities = {.retain_available = false}});
    Refusals to(broker, {.properties = {mqtt::maximum_packet_size(most)}});
    const auto check = [&](const auto& packet) {
      byte_buffer bytes;
      ASSERT_TRUE(mqtt::encode(packet, v5, bytes).has_value());
      EXPECT_LE(bytes.size(), most);
      left_out_something |= !packet.properties.contains(property_id::user_property);
    };
    check(to.puback());
    check(to.pubrec());
    check(to.pubrel());
    check(to.pubcomp());
    check(to.suback());
    check(to.unsuback());
    check(to.disconnect());
    check(to.connack());
  }
  EXPECT_TRUE(left_out_something);
}

TEST(ProblemInformation, WaitsForTheClientsLimits) {
  bench broker;
  peer& a = broker.open(v5);
  // A CONNECT with a set reserved flag: what the client takes is not known.
  a.send_raw(byte_buffer{0x10, 0x0D, 0, 4, 'M', 'Q', 'T', 'T', 5, 0x03, 0, 0, 0, 0, 0});
  const auto answer = a.expect<mqtt::connack>();
  EXPECT_EQ(answer.reason_code, reason_code::malformed_packet);
  EXPECT_TRUE(answer.properties.empty());
  a.expect_closed();
}

TEST(PacketSize, OfASubackThatDoesNotFitEndsTheConnection) {
  bench broker;
  peer& a = broker.connected("a", v5, {.properties = {mqtt::maximum_packet_size(30)}});
  mqtt::subscribe packet{.packet_identifier = 1};
  for (int i = 0; i < 40; ++i) packet.subscriptions.push_back({std::to_string(i), {}});
  a.send(packet);
  a.expect_refusal(reason_code::packet_too_large);
}

}  // namespace
}  // namespace gauntlet::broker
