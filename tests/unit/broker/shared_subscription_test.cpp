// Goal: a message of a shared subscription reaches one member, also when members come and go.

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;
using mqtt::reason_code;

constexpr const char* group = "$share/g/t";

mqtt::connect lasting(bool clean_start = true, std::uint16_t receive_maximum = 65'535) {
  return {
      .clean_start = clean_start,
      .properties = {mqtt::session_expiry_interval(60), mqtt::receive_maximum(receive_maximum)}};
}

// Two members; the first message is a's.
class Redistribution : public testing::Test {
 protected:
  void SetUp() override {
    a = &broker.connected("a", v5, lasting(true, 1));
    a->subscribe(group, qos2);
    b = &broker.connected("b", v5, lasting());
    b->subscribe(group, qos2);
    from = &broker.connected("from", v5);
  }
  void publish(const char* payload, mqtt::qos qos) { from->publish("t", payload, qos); }
  void unsubscribe(peer& member) {
    member.send(mqtt::unsubscribe{.packet_identifier = 9, .topic_filters = {group}});
    EXPECT_EQ(member.expect<mqtt::unsuback>().reason_codes, std::vector{reason_code::success});
  }

  bench broker;
  peer* a = nullptr;
  peer* b = nullptr;
  peer* from = nullptr;
};

TEST_F(Redistribution, OfQos1WhenTheSessionEnds) {
  publish("1", qos1);
  a->expect_publish("1");
  b->expect_nothing();
  a->drop();
  b->expect_nothing();  // it may come back
  broker.advance(std::chrono::seconds(60));
  const auto again = b->expect_publish("1");
  EXPECT_FALSE(again.dup);  // to b it is new
  EXPECT_EQ(again.qos, qos1);
}

TEST_F(Redistribution, IsNotOfQos2ThatWasSent) {
  publish("1", qos2);
  a->expect_publish("1");
  a->drop();
  broker.advance(std::chrono::seconds(60));
  b->expect_nothing();
}

TEST_F(Redistribution, WaitsForTheClientAtQos2) {
  publish("1", qos2);
  const auto first = a->expect_publish("1");
  a->drop();
  peer& again = broker.connected("a", v5, lasting(false));
  const auto second = again.expect_publish("1");
  EXPECT_TRUE(second.dup);
  EXPECT_EQ(second.packet_identifier, first.packet_identifier);
  b->expect_nothing();
}

TEST_F(Redistribution, OfWhatWasNeverSentWhenTheConnectionEnds) {
  for (const char* payload : {"1", "2", "3"}) publish(payload, qos2);
  a->expect_publish("1");
  b->expect_publish("2");
  a->expect_nothing();  // its window is full: "3" waits
  a->drop();
  b->expect_publish("3");
}

TEST_F(Redistribution, LeavesTheQueueAloneIfNobodyIsThere) {
  for (const char* payload : {"1", "2", "3"}) publish(payload, qos1);
  b->expect_publish("2");
  b->send(mqtt::puback{.packet_identifier = 1});
  b->drop();
  a->drop();
  peer& again = broker.connected("a", v5, lasting(false));
  again.expect_publish("1");
  again.expect_publish("3");
}

TEST_F(Redistribution, OfWhatWasNeverSentWhenAMemberUnsubscribes) {
  for (const char* payload : {"1", "2", "3"}) publish(payload, qos2);
  const auto begun = a->expect_publish("1");
  b->expect_publish("2");
  unsubscribe(*a);
  b->expect_publish("3");
  // What had begun is finished [MQTT-3.10.4-3].
  a->send(mqtt::pubrec{.packet_identifier = begun.packet_identifier});
  a->expect(mqtt::pubrel{.packet_identifier = begun.packet_identifier});
  a->send(mqtt::pubcomp{.packet_identifier = begun.packet_identifier});
  a->expect_nothing();
}

TEST_F(Redistribution, EndsWithTheLastMember) {
  unsubscribe(*b);
  for (const char* payload : {"1", "2"}) publish(payload, qos1);
  a->expect_publish("1");
  unsubscribe(*a);
  a->send(mqtt::puback{.packet_identifier = 1});
  a->expect_nothing();  // "2" went with the group
  b->subscribe(group, qos1);
  b->expect_nothing();
}

TEST_F(Redistribution, KeepsToTheNewMembersQos) {
  b->subscribe(group, qos0);
  publish("1", qos1);
  a->expect_publish("1");
  a->send(mqtt::disconnect{.properties = {mqtt::session_expiry_interval(0)}});
  EXPECT_EQ(b->expect_publish("1").qos, qos0);
}

TEST_F(Redistribution, IsNotOfWhatTheMemberRefused) {
  publish("1", qos1);
  a->expect_publish("1");
  a->send(mqtt::puback{.packet_identifier = 1, .reason_code = reason_code::unspecified_error});
  a->send(mqtt::disconnect{.properties = {mqtt::session_expiry_interval(0)}});
  b->expect_nothing();
}

TEST_F(Redistribution, IsNotOfPlainSubscriptions) {
  a->subscribe("p", qos1);
  from->publish("p", "1", qos1);
  a->expect_publish("1");
  a->send(mqtt::disconnect{.properties = {mqtt::session_expiry_interval(0)}});
  b->expect_nothing();
}

TEST_F(Redistribution, PassesOverMembersThatAreOffline) {
  a->drop();
  for (const char* payload : {"1", "2", "3"}) publish(payload, qos1);
  for (const char* payload : {"1", "2", "3"}) b->expect_publish(payload);
}

class SharedSubscription : public testing::Test {
 protected:
  bench broker;
  peer& a = broker.connected("a", v5);
  peer& from = broker.connected("from", v5);
};

TEST_F(SharedSubscription, GivesACopyOfItsOwnBesideAPlainOne) {
  a.send(mqtt::subscribe{.packet_identifier = 1,
                         .subscriptions = {{"t", {}}},
                         .properties = {mqtt::subscription_identifier(1)}});
  a.expect<mqtt::suback>();
  a.send(mqtt::subscribe{.packet_identifier = 2,
                         .subscriptions = {{group, {}}},
                         .properties = {mqtt::subscription_identifier(2)}});
  a.expect<mqtt::suback>();
  from.publish("t", "x");
  std::vector<std::uint32_t> identifiers;
  for (int i = 0; i < 2; ++i) {
    const auto all =
        a.expect<mqtt::publish>().properties.find_all<property_id::subscription_identifier>();
    identifiers.insert(identifiers.end(), all.begin(), all.end());
  }
  std::ranges::sort(identifiers);
  EXPECT_EQ(identifiers, (std::vector<std::uint32_t>{1, 2}));
  a.expect_nothing();
}

TEST_F(SharedSubscription, OfAnotherNameIsAnother) {
  a.subscribe("$share/g/t", qos0);
  a.subscribe("$share/h/t", qos0);
  peer& b = broker.connected("b", v5);
  b.subscribe("$share/h/t", qos0);
  for (int i = 0; i < 2; ++i) from.publish("t", "x");
  for (int i = 0; i < 3; ++i) a.expect_publish("x");  // two of g, one of h
  a.expect_nothing();
  b.expect_publish("x");
  b.expect_nothing();
}

TEST_F(SharedSubscription, MadeTwiceCountsOnce) {
  peer& b = broker.connected("b", v5);
  a.subscribe(group, qos0);
  a.subscribe(group, qos0);
  b.subscribe(group, qos0);
  for (int i = 0; i < 4; ++i) from.publish("t", "x");
  for (int i = 0; i < 2; ++i) a.expect_publish("x");
  for (int i = 0; i < 2; ++i) b.expect_publish("x");
}

TEST_F(SharedSubscription, IsAPlainFilterIn311) {
  peer& old = broker.connected("old", v3);
  old.subscribe(group, qos0);
  from.publish("t", "x");
  old.expect_nothing();
}

}  // namespace
}  // namespace gauntlet::broker
