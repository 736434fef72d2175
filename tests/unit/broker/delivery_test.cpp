// Goal: the broker keeps to the client's limits, sends again only on a new connection, and holds no
// more for a client than its limits say.

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::reason_code;

class Delivery : public both_versions {
 protected:
  mqtt::connect lasting() const {
    mqtt::connect packet{.clean_start = false};
    if (is_v5()) packet.properties.add(mqtt::session_expiry_interval(100));
    return packet;
  }
};
INSTANTIATE_TEST_SUITE_P(Versions, Delivery, testing::Values(v3, v5), version_suffix);

TEST_P(Delivery, OfQos1IsRepeatedWithDupOnANewConnection) {
  bench broker;
  peer& first = broker.connected("to", version(), lasting());
  first.subscribe("t", qos1);
  peer& from = broker.connected("from", version());
  from.publish("t", "1", qos1);
  from.publish("t", "2", qos1);
  const auto one = first.expect_publish("1");
  first.expect_publish("2");
  first.send(mqtt::puback{.packet_identifier = one.packet_identifier});
  first.drop();

  peer& second = broker.connected("to", version(), lasting());
  const auto again = second.expect_publish("2");
  EXPECT_TRUE(again.dup);
  EXPECT_EQ(again.packet_identifier, 2);
  second.send(mqtt::puback{.packet_identifier = 2});
  second.expect_nothing();
}

TEST_P(Delivery, OfQos2GoesOnWithPubrelOnANewConnection) {
  bench broker;
  peer& first = broker.connected("to", version(), lasting());
  first.subscribe("t", qos2);
  broker.connected("from", version()).publish("t", "x", qos2);
  first.expect_publish("x");
  first.send(mqtt::pubrec{.packet_identifier = 1});
  first.expect(mqtt::pubrel{.packet_identifier = 1});
  first.drop();

  peer& second = broker.connected("to", version(), lasting());
  second.expect(mqtt::pubrel{.packet_identifier = 1});
  second.send(mqtt::pubcomp{.packet_identifier = 1});
  second.drop();
  broker.connected("to", version(), lasting()).expect_nothing();
}

TEST_P(Delivery, IsNotRepeatedOnTheSameConnection) {
  bench broker;
  peer& to = broker.connected("to", version());
  to.subscribe("t", qos1);
  broker.connected("from", version()).publish("t", "x", qos1);
  to.expect_publish("x");
  broker.advance(std::chrono::hours(1));
  to.expect_nothing();
}

TEST_P(Delivery, KeepsToTheWindow) {
  bench broker({.limits = {.inflight_max = 2}});
  peer& to = broker.connected("to", version());
  to.subscribe("t", qos2);
  peer& from = broker.connected("from", version());
  for (const char* payload : {"1", "2", "3", "4"}) from.publish("t", payload, qos1);
  from.publish("t", "zero", qos0);
  to.expect_publish("1");
  to.expect_publish("2");
  to.expect_publish("zero");  // the window is not for QoS 0
  to.expect_nothing();
  to.send(mqtt::puback{.packet_identifier = 1});
  to.expect_publish("3");
  to.expect_nothing();
}

TEST_P(Delivery, DropsTheNewestWhenTheQueueIsFull) {
  bench broker({.limits = {.queued_messages_max = 2}});
  peer& first = broker.connected("to", version(), lasting());
  first.subscribe("t", qos1);
  first.drop();
  peer& from = broker.connected("from", version());
  for (const char* payload : {"1", "2", "3"}) from.publish("t", payload, qos1);
  peer& second = broker.connected("to", version(), lasting());
  second.expect_publish("1");
  second.expect_publish("2");
  second.expect_nothing();
  EXPECT_EQ(broker.core.statistics().messages_dropped, 1U);
}

TEST_P(Delivery, DropsTheNewestWhenTheQueueHasTooManyBytes) {
  bench broker({.limits = {.queued_bytes_max = 250}});
  peer& first = broker.connected("to", version(), lasting());
  first.subscribe("t", qos1);
  first.drop();
  peer& from = broker.connected("from", version());
  for (const char letter : {'1', '2', '3'}) from.publish("t", std::string(100, letter), qos1);
  peer& second = broker.connected("to", version(), lasting());
  second.expect_publish(std::string(100, '1'));
  second.expect_publish(std::string(100, '2'));
  second.expect_nothing();
}

TEST_P(Delivery, ToASlowReaderIsBounded) {
  bench broker({.limits = {.queued_messages_max = 50, .output_bytes_max = 10'000}});
  peer& slow = broker.connected("slow", version());
  slow.subscribe("t", qos0);
  slow.block();
  peer& from = broker.connected("from", version());
  const std::string payload(1'000, 'x');
  for (int i = 0; i < 1'000; ++i) from.publish("t", payload);
  EXPECT_LT(slow.unsent_bytes(), 12'000U);
  EXPECT_EQ(broker.core.statistics().messages_sent[0], 10U);
  EXPECT_EQ(broker.core.statistics().messages_dropped, 940U);

  slow.unblock();  // and gets what was kept for it
  for (int i = 0; i < 60; ++i) slow.expect_publish(payload);
  slow.expect_nothing();
}

TEST_P(Delivery, OfAnswersThatAreNotReadStopsReading) {
  bench broker({.limits = {.output_bytes_max = 1'000}});
  peer& slow = broker.connected("slow", version());
  slow.block();
  int pings = 0;
  while (!slow.reading_paused() && pings < 10'000) {
    slow.send(mqtt::pingreq{});
    ++pings;
  }
  EXPECT_EQ(pings, 1'001);  // two bytes each, until more than twice the limit waits
  slow.unblock();
  EXPECT_FALSE(slow.reading_paused());
}

TEST_P(Delivery, WithTheWrongAcknowledgementIsRefused) {
  bench broker;
  peer& to = broker.connected("to", version());
  to.subscribe("t", qos2);
  broker.connected("from", version()).publish("t", "x", qos2);
  to.expect_publish("x");
  to.send(mqtt::puback{.packet_identifier = 1});
  to.expect_refusal(reason_code::protocol_error);
}

TEST_P(Delivery, ReusesIdentifiersOnlyWhenTheyAreFree) {
  bench broker;
  peer& to = broker.connected("to", version());
  to.subscribe("t", qos1);
  peer& from = broker.connected("from", version());
  for (int i = 0; i < 65'535; ++i) {
    from.publish("t", "x", qos1);
    const auto came = to.expect_publish("x");
    ASSERT_EQ(came.packet_identifier, i + 1);
    if (i > 0) to.send(mqtt::puback{.packet_identifier = came.packet_identifier});
  }
  from.publish("t", "last", qos1);  // its identifier would be 1, which is still in use
  to.expect_nothing();
  to.send(mqtt::puback{.packet_identifier = 1});
  EXPECT_EQ(to.expect_publish("last").packet_identifier, 1);
}

TEST(DeliveryV5, KeepsToReceiveMaximumAlsoWhenItShrinks) {
  bench broker;
  mqtt::connect wide{.clean_start = false, .properties = {mqtt::session_expiry_interval(100)}};
  mqtt::connect narrow = wide;
  narrow.properties.add(mqtt::receive_maximum(1));
  peer& first = broker.connected("to", v5, wide);
  first.subscribe("t", qos1);
  peer& from = broker.connected("from", v5);
  for (const char* payload : {"1", "2", "3"}) from.publish("t", payload, qos1);
  first.drop();

  peer& second = broker.connected("to", v5, narrow);
  from.publish("t", "4", qos1);
  std::uint16_t identifier = 1;
  for (const char* payload : {"1", "2", "3", "4"}) {
    EXPECT_EQ(second.expect_publish(payload).dup, *payload != '4');
    second.expect_nothing();
    second.send(mqtt::puback{.packet_identifier = identifier++});
  }
}

TEST(DeliveryV5, LeavesOutWhatIsTooLarge) {
  bench broker;
  peer& to = broker.connected("to", v5, {.properties = {mqtt::maximum_packet_size(100)}});
  to.subscribe("t", qos1);
  peer& from = broker.connected("from", v5);
  from.publish("t", std::string(100, 'x'), qos1);
  from.publish("t", "small", qos1);
  EXPECT_EQ(to.expect_publish("small").packet_identifier, 1);
  to.expect_nothing();
}

TEST(DeliveryV5, CountsPubrecWithErrorAsTheEnd) {
  bench broker({.limits = {.inflight_max = 1}});
  peer& to = broker.connected("to", v5);
  to.subscribe("t", qos2);
  peer& from = broker.connected("from", v5);
  from.publish("t", "1", qos2);
  from.publish("t", "2", qos2);
  to.expect_publish("1");
  to.send(mqtt::pubrec{.packet_identifier = 1, .reason_code = reason_code::quota_exceeded});
  to.expect_publish("2");
}

class KeepAlive : public both_versions {};
INSTANTIATE_TEST_SUITE_P(Versions, KeepAlive, testing::Values(v3, v5), version_suffix);

TEST_P(KeepAlive, EndsASilentConnectionAfterOneAndAHalf) {
  bench broker;
  peer& a = broker.connected("a", version(), {.keep_alive_s = 10});
  broker.advance(std::chrono::milliseconds(14'999));
  EXPECT_FALSE(a.closed());
  broker.advance(std::chrono::milliseconds(1));
  a.expect_refusal(reason_code::keep_alive_timeout);
}

TEST_P(KeepAlive, IsKeptByAnyPacket) {
  bench broker;
  peer& a = broker.connected("a", version(), {.keep_alive_s = 10});
  for (int i = 0; i < 10; ++i) {
    broker.advance(std::chrono::seconds(14));
    a.publish("t", "x");
  }
  EXPECT_FALSE(a.closed());
}

TEST_P(KeepAlive, OfZeroIsNone) {
  bench broker;
  peer& a = broker.connected("a", version(), {.keep_alive_s = 0});
  broker.advance(std::chrono::hours(24));
  EXPECT_FALSE(a.closed());
}

// Exactly what the client takes, and one byte more.
TEST(DeliveryV5, KeepsToMaximumPacketSizeToTheByte) {
  bench broker;
  peer& to = broker.connected("to", v5, {.properties = {mqtt::maximum_packet_size(100)}});
  to.subscribe("t", qos1);
  peer& from = broker.connected("from", v5);
  const std::size_t overhead = 2 + 2 + 1 + 2 + 1;  // headers, topic, identifier, Property Length
  from.publish("t", std::string(100 - overhead, 'x'), qos1);
  from.publish("t", std::string(101 - overhead, 'y'), qos1);
  from.publish("t", "z", qos1);
  EXPECT_EQ(to.expect<mqtt::publish>().payload.size(), 100 - overhead);
  to.expect_publish("z");
}

// Acknowledgements of nothing open no window (§4.9).
TEST(DeliveryV5, IsNotHastenedBySurplusAcknowledgements) {
  bench broker;
  peer& to = broker.connected("to", v5, {.properties = {mqtt::receive_maximum(2)}});
  to.subscribe("t", qos2);
  peer& from = broker.connected("from", v5);
  for (const char* payload : {"1", "2", "3", "4"}) from.publish("t", payload, qos2);
  to.expect_publish("1");
  to.expect_publish("2");
  for (std::uint16_t i = 100; i < 110; ++i) {
    to.send(mqtt::puback{.packet_identifier = i});
    to.send(mqtt::pubcomp{.packet_identifier = i});
  }
  to.expect_nothing();
  // Nor by PUBREC: the quota comes back with PUBCOMP.
  to.send(mqtt::pubrec{.packet_identifier = 1});
  to.expect(mqtt::pubrel{.packet_identifier = 1});
  to.expect_nothing();
  // And all but PUBLISH goes on meanwhile [MQTT-3.3.4-10].
  to.subscribe("u", qos0);
  to.send(mqtt::pingreq{});
  to.expect(mqtt::pingresp{});
  to.send(mqtt::pubcomp{.packet_identifier = 1});
  to.expect_publish("3");
}

// Once begun, an exchange does not expire [MQTT-4.3.3-7, -13].
TEST(DeliveryV5, DoesNotExpireOnceItHasBegun) {
  bench broker;
  const mqtt::connect lasting{.clean_start = false,
                              .properties = {mqtt::session_expiry_interval(600)}};
  peer& to = broker.connected("to", v5, lasting);
  to.subscribe("t", qos2);
  broker.connected("from", v5)
      .publish_with(
          {.qos = qos2, .topic_name = "t", .properties = {mqtt::message_expiry_interval(5)}});
  to.expect<mqtt::publish>();
  to.drop();
  broker.advance(std::chrono::seconds(60));
  peer& again = broker.connected("to", v5, lasting);
  EXPECT_TRUE(again.expect<mqtt::publish>().dup);
  again.send(mqtt::pubrec{.packet_identifier = 1});
  again.expect(mqtt::pubrel{.packet_identifier = 1});
}

TEST_P(Delivery, SendsAgainInTheOrderOfTheFirstSending) {
  bench broker;
  peer& first = broker.connected("to", version(), lasting());
  first.subscribe("t", qos2);
  peer& from = broker.connected("from", version());
  const std::vector<std::pair<std::string, mqtt::qos>> sent = {
      {"1", qos1}, {"2", qos2}, {"3", qos1}, {"4", qos2}};
  for (const auto& [payload, qos] : sent) from.publish("t", payload, qos);
  for (const auto& [payload, qos] : sent) first.expect_publish(payload);
  first.drop();
  peer& second = broker.connected("to", version(), lasting());
  for (const auto& [payload, qos] : sent) EXPECT_TRUE(second.expect_publish(payload).dup);
}

TEST(DeliveryV5, MakesRoomByWhatHasExpired) {
  bench broker({.limits = {.queued_messages_max = 2}});
  const mqtt::connect lasting{.clean_start = false,
                              .properties = {mqtt::session_expiry_interval(600)}};
  peer& to = broker.connected("to", v5, lasting);
  to.subscribe("t", qos1);
  to.drop();
  peer& from = broker.connected("from", v5);
  for (const std::uint32_t expiry : {5U, 60U}) {
    from.publish_with({.qos = qos1,
                       .topic_name = "t",
                       .properties = {mqtt::message_expiry_interval(expiry)},
                       .payload = {'a'}});
  }
  broker.advance(std::chrono::seconds(10));
  from.publish("t", "b", qos1);
  from.publish("t", "c", qos1);  // no room for this one
  peer& again = broker.connected("to", v5, lasting);
  again.expect_publish("a");
  again.expect_publish("b");
  again.expect_nothing();
}

// Of what waits because the client does not read, QoS 0 ends with the connection (§4.1).
TEST_P(Delivery, OfQos0EndsWithTheConnection) {
  bench broker({.limits = {.output_bytes_max = 1'000}});
  peer& first = broker.connected("to", version(), lasting());
  first.subscribe("t", qos1);
  first.block();
  peer& from = broker.connected("from", version());
  from.publish("t", std::string(2'000, 'x'));  // fills the connection
  from.publish("t", "1", qos1);
  from.publish("t", "0", qos0);
  from.publish("t", "2", qos1);
  first.drop();
  peer& second = broker.connected("to", version(), lasting());
  second.expect_publish("1");
  second.expect_publish("2");
  second.expect_nothing();
}

}  // namespace
}  // namespace gauntlet::broker
