// Goal: what is published is acknowledged as its QoS says, and reaches those who subscribed, once,
// in order, unchanged.

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::reason_code;

class Publish : public both_versions {
 protected:
  void SetUp() override {
    from = &broker.connected("from", version());
    to = &broker.connected("to", version());
  }
  bench broker;
  peer* from = nullptr;
  peer* to = nullptr;
};
INSTANTIATE_TEST_SUITE_P(Versions, Publish, testing::Values(v3, v5), version_suffix);

TEST_P(Publish, AtQos0IsDelivered) {
  to->subscribe("t", qos0);
  from->publish("t", "x");
  to->expect(mqtt::publish{.topic_name = "t", .payload = {'x'}});
}

TEST_P(Publish, AtQos1IsAcknowledgedOnBothSides) {
  to->subscribe("t", qos1);
  from->publish("t", "x", qos1);
  to->expect(
      mqtt::publish{.qos = qos1, .topic_name = "t", .packet_identifier = 1, .payload = {'x'}});
  to->send(mqtt::puback{.packet_identifier = 1});
  to->expect_nothing();
}

TEST_P(Publish, AtQos2IsReleasedOnBothSides) {
  to->subscribe("t", qos2);
  from->publish("t", "x", qos2);
  to->expect(
      mqtt::publish{.qos = qos2, .topic_name = "t", .packet_identifier = 1, .payload = {'x'}});
  to->send(mqtt::pubrec{.packet_identifier = 1});
  to->expect(mqtt::pubrel{.packet_identifier = 1});
  to->send(mqtt::pubcomp{.packet_identifier = 1});
  to->expect_nothing();
}

TEST_P(Publish, AtQos2AgainIsNotDeliveredTwice) {
  to->subscribe("t", qos2);
  mqtt::publish packet{.qos = qos2, .topic_name = "t", .packet_identifier = 7, .payload = {'x'}};
  from->send(packet);
  from->expect<mqtt::pubrec>();
  packet.dup = true;
  from->send(packet);
  from->expect(mqtt::pubrec{.packet_identifier = 7});
  to->expect_publish("x");
  to->expect_nothing();
}

TEST_P(Publish, AfterPubcompTheIdentifierIsNew) {
  to->subscribe("t", qos0);
  for (int round = 0; round < 2; ++round) {
    from->publish_with({.qos = qos2, .topic_name = "t", .packet_identifier = 7, .payload = {'x'}});
    to->expect_publish("x");
  }
}

TEST_P(Publish, GoesOutWithTheLowerQos) {
  to->subscribe("t", qos1);
  from->publish("t", "two", qos2);
  EXPECT_EQ(to->expect_publish("two").qos, qos1);
  from->publish("t", "none", qos0);
  EXPECT_EQ(to->expect_publish("none").qos, qos0);
}

TEST_P(Publish, ToOverlappingSubscriptionsGoesOutOnceWithTheHighestQos) {
  to->subscribe("t/#", qos0);
  to->subscribe("t/+", qos2);
  to->subscribe("t/x", qos1);
  from->publish("t/x", "x", qos2);
  EXPECT_EQ(to->expect_publish("x").qos, qos2);
  to->expect_nothing();
}

TEST_P(Publish, KeepsTheOrder) {
  to->subscribe("t", qos2);
  for (const char* payload : {"1", "2", "3"}) from->publish("t", payload, qos2);
  for (const char* payload : {"1", "2", "3"}) to->expect_publish(payload);
}

TEST_P(Publish, ToDollarTopicsIsNotForClients) {
  to->subscribe("$x/#", qos0);
  mqtt::publish packet{.qos = qos1, .topic_name = "$x/y", .packet_identifier = 1};
  from->send(packet);
  EXPECT_EQ(from->expect<mqtt::puback>().reason_code,
            is_v5() ? reason_code::not_authorized : reason_code::success);
  to->expect_nothing();
}

TEST_P(Publish, PubrelForNothingIsAnswered) {
  from->send(mqtt::pubrel{.packet_identifier = 3});
  EXPECT_EQ(from->expect<mqtt::pubcomp>().reason_code,
            is_v5() ? reason_code::packet_identifier_not_found : reason_code::success);
}

TEST_P(Publish, CrossesVersions) {
  peer& other = broker.connected("other", is_v5() ? v3 : v5);
  other.subscribe("t", qos1);
  to->subscribe("t", qos1);
  from->publish("t", "x", qos1);
  other.expect_publish("x");
  to->expect_publish("x");
}

class PublishV5 : public testing::Test {
 protected:
  bench broker;
  peer& from = broker.connected("from", v5);
  peer& to = broker.connected("to", v5);
};

TEST_F(PublishV5, PassesItsPropertiesOnInOrder) {
  to.subscribe("t", qos0);
  const mqtt::property_list properties = {
      mqtt::user_property("b", "1"),  mqtt::payload_format_indicator(1),
      mqtt::user_property("a", "2"),  mqtt::response_topic("r"),
      mqtt::correlation_data({1, 2}), mqtt::content_type("text"),
      mqtt::user_property("b", "3"),
  };
  from.publish_with({.topic_name = "t", .properties = properties, .payload = {'x'}});
  EXPECT_EQ(to.expect_publish("x").properties, properties);
}

TEST_F(PublishV5, LosesItsPropertiesTowards311) {
  peer& old = broker.connected("old", v3);
  old.subscribe("t", qos0);
  from.publish_with(
      {.topic_name = "t", .properties = {mqtt::user_property("a", "1")}, .payload = {'x'}});
  old.expect_publish("x");
}

TEST_F(PublishV5, WithNobodyThereSaysSo) {
  from.send(mqtt::publish{.qos = qos1, .topic_name = "t", .packet_identifier = 1});
  from.expect(
      mqtt::puback{.packet_identifier = 1, .reason_code = reason_code::no_matching_subscribers});
}

TEST_F(PublishV5, ExpiresInTheQueue) {
  const mqtt::connect lasting{.clean_start = false,
                              .properties = {mqtt::session_expiry_interval(100)}};
  peer& away = broker.connected("away", v5, lasting);
  away.subscribe("t", qos1);
  away.drop();
  for (const std::uint32_t interval : {5U, 20U}) {
    from.publish_with({.qos = qos1,
                       .topic_name = "t",
                       .properties = {mqtt::message_expiry_interval(interval)},
                       .payload = {static_cast<std::uint8_t>('0' + interval / 5)}});
  }
  broker.advance(std::chrono::seconds(6));
  peer& back = broker.connected("away", v5, lasting);
  const auto came = back.expect_publish("4");
  EXPECT_EQ(came.properties.find<mqtt::property_id::message_expiry_interval>(), 14U);
  back.expect_nothing();
}

TEST_F(PublishV5, ByAliasMeansTheTopic) {
  to.subscribe("t", qos0);
  from.publish_with({.topic_name = "t", .properties = {mqtt::topic_alias(2)}, .payload = {'1'}});
  from.publish_with({.properties = {mqtt::topic_alias(2)}, .payload = {'2'}});
  EXPECT_TRUE(to.expect_publish("1").properties.empty());
  EXPECT_EQ(to.expect_publish("2").topic_name, "t");
}

TEST_F(PublishV5, ByUnknownAliasIsRefused) {
  from.send(mqtt::publish{.properties = {mqtt::topic_alias(2)}, .payload = {'2'}});
  from.expect_refusal(reason_code::protocol_error);
  to.send(mqtt::publish{.topic_name = "t", .properties = {mqtt::topic_alias(65)}});
  to.expect_refusal(reason_code::topic_alias_invalid);
}

TEST_F(PublishV5, BeyondReceiveMaximumIsRefused) {
  bench narrow({.capabilities = {.receive_maximum = 2}});
  peer& a = narrow.connected("a", v5);
  for (std::uint16_t id = 1; id <= 2; ++id) {
    a.send(mqtt::publish{.qos = qos2, .topic_name = "t", .packet_identifier = id});
    a.expect<mqtt::pubrec>();
  }
  a.send(mqtt::publish{.qos = qos2, .topic_name = "t", .packet_identifier = 3});
  a.expect_refusal(reason_code::receive_maximum_exceeded);
}

TEST_F(PublishV5, BeyondCapabilitiesIsRefused) {
  bench narrow({.capabilities = {.maximum_qos = 1, .retain_available = false}});
  peer& a = narrow.connected("a", v5);
  a.send(mqtt::publish{.qos = qos2, .topic_name = "t", .packet_identifier = 1});
  a.expect_refusal(reason_code::qos_not_supported);
  peer& b = narrow.connected("b", v5);
  b.send(mqtt::publish{.retain = true, .topic_name = "t"});
  b.expect_refusal(reason_code::retain_not_supported);
}

TEST(PacketSize, BeyondTheMaximumIsRefused) {
  for (const auto version : {v3, v5}) {
    bench broker({.capabilities = {.maximum_packet_size = 200}});
    peer& a = broker.connected("a", version);
    byte_buffer bytes;
    const mqtt::publish packet{.topic_name = "t", .payload = byte_buffer(200)};
    ASSERT_TRUE(mqtt::encode(packet, version, bytes).has_value());
    a.send_raw(bytes);
    a.expect_refusal(reason_code::packet_too_large);
  }
}

TEST_F(PublishV5, ThatIsNotTheTextItSaysIsRefused) {
  to.subscribe("t", qos0);
  mqtt::publish packet{.topic_name = "t",
                       .packet_identifier = 1,
                       .properties = {mqtt::payload_format_indicator(1)},
                       .payload = {'o', 'k', 0, 0xC3, 0x28}};
  packet.qos = qos1;
  from.send(packet);
  EXPECT_EQ(from.expect<mqtt::puback>().reason_code, reason_code::payload_format_invalid);
  packet.qos = qos2;
  from.send(packet);
  EXPECT_EQ(from.expect<mqtt::pubrec>().reason_code, reason_code::payload_format_invalid);
  packet.qos = qos0;
  packet.packet_identifier = 0;
  packet.payload = {'o', 'k', 0, 0xC3, 0xA4};
  from.send(packet);
  to.expect<mqtt::publish>();
  packet.payload = {0xFF};
  from.send(packet);
  from.expect_refusal(reason_code::payload_format_invalid);
  to.expect_nothing();
}

TEST(PayloadFormat, IsNotLookedAtIfSwitchedOff) {
  bench broker({.check_payload_format = false});
  peer& a = broker.connected("a", v5);
  a.subscribe("t", qos0);
  a.send(mqtt::publish{
      .topic_name = "t", .properties = {mqtt::payload_format_indicator(1)}, .payload = {0xFF}});
  a.expect<mqtt::publish>();
}

TEST(PublishRate, AboveTheLimitEndsTheConnection) {
  bench broker({.limits = {.messages_per_second_max = 2}});
  peer& a = broker.connected("a", v5);
  for (int i = 0; i < 2; ++i) a.publish("t", "x");
  broker.advance(std::chrono::seconds(1));
  for (int i = 0; i < 2; ++i) a.publish("t", "x");
  EXPECT_FALSE(a.closed());
  a.publish("t", "x");
  a.expect_refusal(reason_code::message_rate_too_high);
}

// What an earlier connection left unreleased does not count on this one (§4.9).
TEST(ReceiveMaximum, StartsAnewWithEachConnection) {
  bench broker({.capabilities = {.receive_maximum = 2}});
  const mqtt::connect lasting{.clean_start = false,
                              .properties = {mqtt::session_expiry_interval(60)}};
  const auto publish = [](peer& by, std::uint16_t identifier) {
    by.send(mqtt::publish{.qos = qos2, .topic_name = "t", .packet_identifier = identifier});
  };
  peer& first = broker.connected("a", v5, lasting);
  publish(first, 1);
  publish(first, 2);
  first.drop();
  peer& second = broker.connected("a", v5, lasting);
  publish(second, 3);
  publish(second, 4);
  second.expect<mqtt::pubrec>();
  second.expect<mqtt::pubrec>();
  EXPECT_FALSE(second.closed());
  publish(second, 5);
  second.expect_refusal(reason_code::receive_maximum_exceeded);
}

TEST_P(Publish, KeepsEveryCharacterOfTheTopic) {
  const std::vector<std::string> topics = {"/",
                                           "//",
                                           "a b",
                                           "A",
                                           "a",
                                           "/a",
                                           "a/",
                                           " ",
                                           "\xEF\xBB\xBF"
                                           "a",
                                           "a\x01",
                                           "\xC2\x85",
                                           "\xEF\xBF\xBF"};
  to->subscribe("#", qos0);
  for (const std::string& topic : topics) {
    from->publish(topic, "x");
    EXPECT_EQ(to->expect_publish("x").topic_name, topic);
  }
  for (const std::string& topic : topics) {
    peer& exact = broker.connected("exact", version());
    exact.subscribe(topic, qos0);
    for (const std::string& other : topics) from->publish(other, other);
    exact.expect_publish(topic);
    exact.expect_nothing();
  }
}

TEST_P(Publish, MayBeEmptyOrLarge) {
  to->subscribe("t", qos0);
  from->publish("t", "");
  to->expect_publish("");
  const std::string large(3'000'000, 'x');
  from->publish("t", large);
  to->expect_publish(large);
}

TEST_F(PublishV5, PassesOnExtremeProperties) {
  to.subscribe("t", qos0);
  const mqtt::property_list properties = {mqtt::content_type(""), mqtt::user_property("", ""),
                                          mqtt::user_property("k", std::string(65'535, 'v')),
                                          mqtt::correlation_data({})};
  from.publish_with({.topic_name = "t", .properties = properties});
  EXPECT_EQ(to.expect<mqtt::publish>().properties, properties);
}

TEST_F(PublishV5, MapsEveryAliasAnewAndForThisConnection) {
  to.subscribe("#", qos0);
  for (const std::uint16_t alias : {std::uint16_t{1}, std::uint16_t{64}}) {
    for (const char* topic : {"a", "b"}) {
      from.publish_with({.topic_name = topic, .properties = {mqtt::topic_alias(alias)}});
      EXPECT_EQ(to.expect<mqtt::publish>().topic_name, topic);
      from.publish_with({.properties = {mqtt::topic_alias(alias)}});
      EXPECT_EQ(to.expect<mqtt::publish>().topic_name, topic);
    }
  }
  peer& again = broker.connected("from", v5);  // takes over
  again.send(mqtt::publish{.properties = {mqtt::topic_alias(1)}});
  again.expect_refusal(reason_code::protocol_error);
}

}  // namespace
}  // namespace gauntlet::broker
