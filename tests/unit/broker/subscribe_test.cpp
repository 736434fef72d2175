// Goal: SUBSCRIBE and UNSUBSCRIBE do what they say, for each filter and each option.

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::reason_code;
using codes = std::vector<reason_code>;

class Subscribe : public both_versions {
 protected:
  void SetUp() override {
    a = &broker.connected("a", version());
    b = &broker.connected("b", version());
  }
  bench broker;
  peer* a = nullptr;
  peer* b = nullptr;
};
INSTANTIATE_TEST_SUITE_P(Versions, Subscribe, testing::Values(v3, v5), version_suffix);

TEST_P(Subscribe, AnswersEachFilterInOrder) {
  a->send(mqtt::subscribe{.packet_identifier = 9,
                          .subscriptions = {{"x", {qos2}}, {"y", {qos0}}, {"+/z", {qos1}}}});
  a->expect(mqtt::suback{.packet_identifier = 9,
                         .reason_codes = {reason_code::granted_qos_2, reason_code::granted_qos_0,
                                          reason_code::granted_qos_1}});
}

TEST_P(Subscribe, AgainReplaces) {
  a->subscribe("t", qos2);
  a->subscribe("t", qos0);
  b->publish("t", "x", qos2);
  EXPECT_EQ(a->expect_publish("x").qos, qos0);
  a->expect_nothing();
  EXPECT_EQ(broker.core.statistics().subscriptions, 1U);
}

TEST_P(Subscribe, WildcardDoesNotMatchDollar) {
  a->subscribe("#", qos0);
  a->subscribe("+/y", qos0);
  b->publish("$x/y", "x");
  a->expect_nothing();
}

TEST_P(Subscribe, WithInvalidFilterIsNotGranted) {
  a->send(mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{"a#", {qos0}}}});
  if (is_v5()) {
    a->expect(
        mqtt::suback{.packet_identifier = 1, .reason_codes = {reason_code::topic_filter_invalid}});
  } else {
    a->expect_closed();
  }
}

TEST_P(Subscribe, UnsubscribeEndsIt) {
  a->subscribe("t", qos0);
  a->send(mqtt::unsubscribe{.packet_identifier = 4, .topic_filters = {"t", "u"}});
  EXPECT_EQ(a->expect<mqtt::unsuback>(),
            (mqtt::unsuback{.packet_identifier = 4,
                            .reason_codes = is_v5() ? codes{reason_code::success,
                                                            reason_code::no_subscription_existed}
                                                    : codes{}}));
  b->publish("t", "x");
  a->expect_nothing();
}

TEST_P(Subscribe, BeyondTheLimitIsRefused) {
  bench narrow({.limits = {.subscriptions_per_session_max = 1}});
  peer& c = narrow.connected("c", version());
  c.subscribe("t", qos0);
  c.send(mqtt::subscribe{.packet_identifier = 5, .subscriptions = {{"u", {qos0}}}});
  EXPECT_EQ(c.expect<mqtt::suback>().reason_codes,
            codes{is_v5() ? reason_code::quota_exceeded : reason_code::unspecified_error});
}

class SubscribeV5 : public testing::Test {
 protected:
  bench broker;
  peer& a = broker.connected("a", v5);
  peer& b = broker.connected("b", v5);

  static void subscribe_with_identifier(peer& by, std::string filter, std::uint32_t identifier) {
    by.send(mqtt::subscribe{.packet_identifier = 100,
                            .subscriptions = {{std::move(filter), {qos1}}},
                            .properties = {mqtt::subscription_identifier(identifier)}});
    by.expect<mqtt::suback>();
  }
};

TEST_F(SubscribeV5, NoLocalKeepsOwnMessagesAway) {
  a.subscribe("t", qos0, {.no_local = true});
  a.publish("t", "own");
  b.publish("t", "other");
  a.expect_publish("other");
  a.expect_nothing();
}

TEST_F(SubscribeV5, RetainAsPublishedKeepsTheFlag) {
  a.subscribe("t", qos0, {.retain_as_published = true});
  b.subscribe("t", qos0);
  b.publish("t", "x", qos0, true);
  EXPECT_FALSE(b.expect_publish("x").retain);
  EXPECT_TRUE(a.expect_publish("x").retain);
}

TEST_F(SubscribeV5, IdentifiersComeWithTheMessages) {
  subscribe_with_identifier(a, "t/#", 268'435'455);
  subscribe_with_identifier(a, "t/x", 1);
  b.publish("t/x", "x", qos1);
  using mqtt::property_id;
  auto came = a.expect_publish("x").properties.find_all<property_id::subscription_identifier>();
  std::ranges::sort(came);
  EXPECT_EQ(came, (std::vector<std::uint32_t>{1, 268'435'455}));
}

TEST_F(SubscribeV5, SharedGoesRoundAmongItsMembers) {
  a.subscribe("$share/g/t", qos1);
  b.subscribe("$share/g/t", qos1);
  peer& from = broker.connected("from", v5);
  for (const char* payload : {"1", "2", "3", "4"}) from.publish("t", payload);
  for (const char* payload : {"1", "3"}) a.expect_publish(payload);
  for (const char* payload : {"2", "4"}) b.expect_publish(payload);
}

TEST_F(SubscribeV5, SharedGoesOnWithTheMembersLeft) {
  a.subscribe("$share/g/t", qos1);
  b.subscribe("$share/g/t", qos1);
  a.drop();
  peer& from = broker.connected("from", v5);
  for (const char* payload : {"1", "2"}) from.publish("t", payload);
  for (const char* payload : {"1", "2"}) b.expect_publish(payload);
  b.drop();
  EXPECT_EQ(broker.core.statistics().subscriptions, 0U);
}

TEST_F(SubscribeV5, SharedAndPlainEachGetACopyOfTheirOwn) {
  a.subscribe("t", qos0);
  b.subscribe("$share/g//x", qos0);
  peer& from = broker.connected("from", v5);
  from.publish("t", "1");
  from.publish("/x", "2");
  a.expect_publish("1");
  a.expect_nothing();
  b.expect_publish("2");
}

TEST_F(SubscribeV5, SharedMayNotBeNoLocal) {
  a.send(mqtt::subscribe{.packet_identifier = 1,
                         .subscriptions = {{"$share/g/t", {.no_local = true}}}});
  a.expect_refusal(reason_code::protocol_error);
}

TEST_F(SubscribeV5, WhatIsNotAvailableIsRefused) {
  bench narrow({.capabilities = {.wildcard_subscription_available = false,
                                 .subscription_identifier_available = false,
                                 .shared_subscription_available = false}});
  const auto refusal = [&](std::string filter, mqtt::property_list properties) {
    peer& c = narrow.connected("c", v5);
    c.send(mqtt::subscribe{.packet_identifier = 1,
                           .subscriptions = {{std::move(filter), {qos0}}},
                           .properties = std::move(properties)});
    return c.expect<mqtt::disconnect>().reason_code;
  };
  EXPECT_EQ(refusal("#", {}), reason_code::wildcard_subscriptions_not_supported);
  EXPECT_EQ(refusal("$share/g/t", {}), reason_code::shared_subscriptions_not_supported);
  EXPECT_EQ(refusal("t", {mqtt::subscription_identifier(1)}),
            reason_code::subscription_identifiers_not_supported);
}

// [MQTT-3.10.4-3]
TEST_P(Subscribe, EndedLetsBegunDeliveriesFinish) {
  mqtt::connect lasting{.clean_start = false};
  if (is_v5()) lasting.properties.add(mqtt::session_expiry_interval(60));
  peer& first = broker.connected("c", version(), lasting);
  first.subscribe("t", qos2);
  peer& from = broker.connected("d", version());
  from.publish("t", "2", qos2);
  from.publish("t", "1", qos1);
  const auto two = first.expect_publish("2");
  const auto one = first.expect_publish("1");
  first.send(mqtt::unsubscribe{.packet_identifier = 9, .topic_filters = {"t"}});
  first.expect<mqtt::unsuback>();
  first.send(mqtt::pubrec{.packet_identifier = two.packet_identifier});
  first.expect(mqtt::pubrel{.packet_identifier = two.packet_identifier});
  first.send(mqtt::pubcomp{.packet_identifier = two.packet_identifier});
  first.drop();
  peer& second = broker.connected("c", version(), lasting);
  const auto again = second.expect_publish("1");
  EXPECT_TRUE(again.dup);
  EXPECT_EQ(again.packet_identifier, one.packet_identifier);
}

// Character by character: what only means the same is not the same [MQTT-3.10.4-1].
TEST_P(Subscribe, EndsForTheVeryFilterOnly) {
  peer& c = broker.connected("c", version());
  c.subscribe("a/+", qos0);
  c.send(mqtt::unsubscribe{.packet_identifier = 9, .topic_filters = {"a/b", "a/#", "A/+", "+/+"}});
  const auto answer = c.expect<mqtt::unsuback>();
  if (is_v5()) {
    EXPECT_EQ(answer.reason_codes, std::vector(4, reason_code::no_subscription_existed));
  }
  broker.connected("d", version()).publish("a/b", "x");
  c.expect_publish("x");
}

TEST_P(Subscribe, WithTheSameFilterTwiceKeepsTheLast) {
  peer& c = broker.connected("c", version());
  c.send(mqtt::subscribe{
      .packet_identifier = 9,
      .subscriptions = {{"t", {.maximum_qos = qos2}}, {"t", {.maximum_qos = qos1}}}});
  EXPECT_EQ(c.expect<mqtt::suback>().reason_codes,
            (std::vector{reason_code::granted_qos_2, reason_code::granted_qos_1}));
  broker.connected("d", version()).publish("t", "x", qos2);
  EXPECT_EQ(c.expect_publish("x").qos, qos1);
  c.expect_nothing();
}

TEST_F(SubscribeV5, KeepsTheIdentifierOrItsAbsence) {
  const auto subscribe_with = [&](mqtt::property_list properties) {
    a.send(mqtt::subscribe{
        .packet_identifier = 1, .subscriptions = {{"t", {}}}, .properties = std::move(properties)});
    a.expect<mqtt::suback>();
  };
  const auto identifiers = [&] {
    b.publish("t", "x");
    return a.expect<mqtt::publish>()
        .properties.find_all<mqtt::property_id::subscription_identifier>();
  };
  for (const std::uint32_t value : {1U, 127U, 128U, 16'384U, 268'435'455U}) {
    subscribe_with({mqtt::subscription_identifier(value)});
    EXPECT_EQ(identifiers(), std::vector{value});
  }
  subscribe_with({});
  EXPECT_TRUE(identifiers().empty());
}

TEST_F(SubscribeV5, GivesTheSameIdentifierOnceForEachSubscription) {
  a.send(mqtt::subscribe{.packet_identifier = 1,
                         .subscriptions = {{"t", {}}, {"+", {}}, {"#", {}}},
                         .properties = {mqtt::subscription_identifier(5)}});
  a.expect<mqtt::suback>();
  b.publish("t", "x");
  EXPECT_EQ(
      a.expect<mqtt::publish>().properties.find_all<mqtt::property_id::subscription_identifier>(),
      (std::vector<std::uint32_t>{5, 5, 5}));
  a.expect_nothing();
}

}  // namespace
}  // namespace gauntlet::broker
