// Goal: where the standard leaves something open, each of its answers is allowed, and nothing else.
// Told to the model packet by packet, without a broker.

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/model/broker_model.hpp"

namespace gauntlet::fuzz::model {
namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t publisher = 0;
constexpr std::uint8_t reader = 1;

// Of filters() and topics().
enum filter : std::uint8_t { on_a = 0, on_a_b = 1, on_a_plus = 2, on_plus_b = 4, on_wills = 6 };
constexpr std::uint8_t topic_a = 0;
constexpr std::uint8_t topic_a_b = 1;

// What is special about a PUBLISH that comes.
struct copy {
  unsigned qos = 0;
  std::vector<std::uint32_t> identifiers;
  std::uint16_t packet_identifier = 1;
  std::optional<std::uint32_t> expiry_s;
  bool retain = false;
  bool dup = false;
};

class ModelAllows : public testing::Test {
 protected:
  void SetUp() override {
    connect(publisher);
    connect(reader);
  }

  void connect(std::uint8_t client, connect_operation how = {.session_expiry_s = 60}) {
    const bool resumes = !how.clean_start;
    model_.begin_connect(client, how, now_);
    EXPECT_EQ(name(model_.accept(client, {.session_present = resumes})), "");
  }
  void drop(std::uint8_t client) { model_.end_connection(client, true, std::nullopt, now_); }
  void resume(std::uint8_t client) {
    connect(client, {.clean_start = false, .session_expiry_s = 60});
  }
  void subscribe(std::uint8_t client, std::uint8_t to, unsigned qos, std::uint32_t identifier = 0,
                 bool no_local = false) {
    const subscribe_operation what{
        .filter = to,
        .options = {.maximum_qos = static_cast<mqtt::qos>(qos), .no_local = no_local},
        .identifier = identifier};
    model_.begin_subscribe(client, what);
    EXPECT_EQ(name(model_.granted(client, what, static_cast<mqtt::reason_code>(qos))), "");
  }
  std::uint32_t publish(unsigned qos, std::uint8_t topic = topic_a_b) {
    return model_.publish(publisher, {.topic = topic, .qos = static_cast<mqtt::qos>(qos)}, now_);
  }
  // QoS 2, and PUBREL is withheld until release().
  std::uint32_t publish_unfinished() {
    return model_.publish(
        publisher, {.topic = topic_a_b, .qos = mqtt::qos::exactly_once, .unfinished = true}, now_);
  }
  void release(std::uint32_t number) { model_.finish(number); }

  // The rule that the copy breaks; empty: none.
  std::string comes(std::uint8_t to, std::uint32_t number, const copy& how = {}) {
    const std::string text = "m" + std::to_string(number);
    mqtt::publish packet{
        .dup = how.dup,
        .qos = static_cast<mqtt::qos>(how.qos),
        .retain = how.retain,
        .topic_name = model_.message_of(number).topic,
        .packet_identifier = how.qos == 0 ? std::uint16_t{0} : how.packet_identifier,
        .payload = byte_buffer(text.begin(), text.end())};
    for (const auto each : how.identifiers) {
      packet.properties.add(mqtt::subscription_identifier(each));
    }
    if (how.expiry_s) packet.properties.add(mqtt::message_expiry_interval(*how.expiry_s));
    return name(model_.receive(to, packet, now_).first);
  }
  // The rule that is broken if nothing more comes.
  std::string owed() const { return name(model_.owed()); }

  static std::string name(const std::optional<violation>& broken) {
    return broken ? std::string(info_of(broken->broken).name) : "";
  }

  broker_model model_{{mqtt::protocol_version::v5, mqtt::protocol_version::v5}};
  time_point now_{};
};

// A broker may pass a QoS 2 message on at PUBLISH or at PUBREL (MQTT 5.0 §4.3.3).

TEST_F(ModelAllows, TheOptionsAtPublishOrThoseAtPubrel) {
  for (const bool as_at_pubrel : {false, true}) {
    subscribe(reader, on_a_b, 0);
    const auto number = publish_unfinished();
    subscribe(reader, on_a_b, 1, 7);
    EXPECT_EQ(owed(), "");
    release(number);
    EXPECT_EQ(owed(), "lost-qos-0");
    EXPECT_EQ(comes(reader, number, {.qos = 0, .identifiers = {7}}), "wrong-identifiers");
    EXPECT_EQ(comes(reader, number, {.qos = 1}), "wrong-identifiers");
    EXPECT_EQ(comes(reader, number, {.qos = 2}), "wrong-qos");
    EXPECT_EQ(owed(), "lost-qos-0");
    const copy right = as_at_pubrel ? copy{.qos = 1, .identifiers = {7}} : copy{};
    EXPECT_EQ(comes(reader, number, right), "");
    EXPECT_EQ(owed(), "");
    EXPECT_EQ(comes(reader, number, right), "message-twice");
    model_.unsubscribe(reader, {.filter = on_a_b});
  }
}

TEST_F(ModelAllows, ACopyForASubscriptionBetweenPublishAndPubrel) {
  subscribe(reader, on_a_b, 0);
  const auto number = publish_unfinished();
  subscribe(reader, on_a_plus, 0);
  release(number);
  EXPECT_EQ(comes(reader, number), "");
  EXPECT_EQ(owed(), "");
  EXPECT_EQ(comes(reader, number), "");
  EXPECT_EQ(comes(reader, number), "message-twice");
}

TEST_F(ModelAllows, NothingAtPubrelOfWhatCameAtPublish) {
  subscribe(reader, on_a_b, 0);
  const auto number = publish_unfinished();
  EXPECT_EQ(comes(reader, number), "");
  subscribe(reader, on_a_plus, 0);
  release(number);
  EXPECT_EQ(owed(), "");
  EXPECT_EQ(comes(reader, number), "message-twice");
}

TEST_F(ModelAllows, ThatWhoMatchedAtOneOfTheTwoGetsItOrNot) {
  subscribe(reader, on_a_b, 1);
  const auto left = publish_unfinished();
  model_.unsubscribe(reader, {.filter = on_a_b});
  release(left);
  EXPECT_EQ(owed(), "");
  EXPECT_EQ(comes(reader, left, {.qos = 1}), "");
  const auto joined = publish_unfinished();
  EXPECT_EQ(comes(reader, joined, {.qos = 1}), "message-after-unsubscribe");
  subscribe(reader, on_a_b, 1);
  EXPECT_EQ(comes(reader, joined, {.qos = 1}), "unexpected-message");
  release(joined);
  EXPECT_EQ(owed(), "");
  EXPECT_EQ(comes(reader, joined, {.qos = 1, .packet_identifier = 2}), "");
}

TEST_F(ModelAllows, NothingInPlaceOfWhatMatchedAtBoth) {
  subscribe(reader, on_a_b, 1);
  const auto number = publish_unfinished();
  drop(reader);
  resume(reader);
  release(number);
  EXPECT_EQ(owed(), "lost-message");
  EXPECT_EQ(comes(reader, number, {.qos = 1}), "");
  EXPECT_EQ(owed(), "");
}

// What waits because the client acknowledges nothing.

TEST_F(ModelAllows, TheOldOptionsOrTheNewOfWhatWaits) {
  for (const std::uint32_t identifier : {5U, 6U}) {
    subscribe(reader, on_a_b, 1, 5);
    model_.hold(reader);
    const auto number = publish(1);
    subscribe(reader, on_a_b, 1, 6);
    model_.release(reader);
    EXPECT_EQ(owed(), "lost-message");
    EXPECT_EQ(comes(reader, number, {.qos = 1, .identifiers = {7}}), "wrong-identifiers");
    EXPECT_EQ(comes(reader, number, {.qos = 1, .identifiers = {identifier}}), "");
    EXPECT_EQ(owed(), "");
    const auto later = publish(1);
    EXPECT_EQ(comes(reader, later, {.qos = 1, .identifiers = {5}}), "wrong-identifiers");
    EXPECT_EQ(comes(reader, later, {.qos = 1, .identifiers = {6}}), "");
  }
}

TEST_F(ModelAllows, ThatWhatWaitsIsDroppedAtUnsubscribe) {
  subscribe(reader, on_a_b, 1);
  model_.hold(reader);
  const auto number = publish(1);
  model_.unsubscribe(reader, {.filter = on_a_b});
  model_.release(reader);
  EXPECT_EQ(owed(), "");
  EXPECT_EQ(comes(reader, number, {.qos = 1}), "");
}

TEST_F(ModelAllows, NoLossOfWhatWaitsForAnotherSubscription) {
  subscribe(reader, on_a_b, 1, 5);
  subscribe(reader, on_a_plus, 0, 6);
  model_.hold(reader);
  const auto number = publish(1);
  model_.unsubscribe(reader, {.filter = on_a_b});
  model_.release(reader);
  EXPECT_EQ(owed(), "lost-message");
  EXPECT_EQ(comes(reader, number, {.qos = 0, .identifiers = {6}}), "");
  EXPECT_EQ(owed(), "");
}

// What comes at QoS 0 need not be kept for a client that is away (MQTT 5.0 §3.1.2.11.2, §4.1).

TEST_F(ModelAllows, ThatQos0IsKeptForWhoIsAwayOrNot) {
  subscribe(reader, on_a_b, 0);
  drop(reader);
  const auto dropped = publish(1);
  const auto kept = publish(1);
  resume(reader);
  EXPECT_EQ(owed(), "");
  EXPECT_EQ(comes(reader, kept), "");
  EXPECT_EQ(comes(reader, kept), "message-twice");
  EXPECT_EQ(comes(reader, dropped), "wrong-order");
}

TEST_F(ModelAllows, TheIdentifiersOfWhatWasKeptAlone) {
  for (const bool is_away : {true, false}) {
    subscribe(reader, on_a_b, 0, 5);
    subscribe(reader, on_a_plus, 1, 6);
    if (is_away) drop(reader);
    const auto number = publish(1);
    if (is_away) resume(reader);
    EXPECT_EQ(owed(), is_away ? "lost-queued-message" : "lost-message");
    EXPECT_EQ(comes(reader, number, {.qos = 1, .identifiers = {6}}), "");
    // The one copy of a message names all its subscriptions [MQTT-3.3.4-4].
    EXPECT_EQ(owed(), is_away ? "" : "wrong-identifiers");
    EXPECT_EQ(comes(reader, number, {.qos = 0, .identifiers = {5}}), "");
    EXPECT_EQ(owed(), "");
  }
}

TEST_F(ModelAllows, NoQos0InPlaceOfWhatHasToBeKept) {
  subscribe(reader, on_a_b, 0, 5);
  subscribe(reader, on_a_plus, 1, 6);
  drop(reader);
  const auto number = publish(1);
  resume(reader);
  EXPECT_EQ(comes(reader, number, {.qos = 0, .identifiers = {5}}), "");
  EXPECT_EQ(owed(), "lower-qos-of-overlapping");
}

// No Local forbids to forward to the connection; overlapping subscriptions without it ask to.

TEST_F(ModelAllows, BothWhereNoLocalOverlaps) {
  subscribe(publisher, on_a_b, 1, 5, true);
  subscribe(publisher, on_a_plus, 0, 6);
  const auto number = publish(1);
  EXPECT_EQ(owed(), "");
  EXPECT_EQ(comes(publisher, number, {.qos = 2}), "wrong-qos");
  EXPECT_EQ(comes(publisher, number, {.qos = 0, .identifiers = {6}}), "");
  const auto merged = publish(1);
  EXPECT_EQ(comes(publisher, merged, {.qos = 1, .identifiers = {5, 6}}), "");
  EXPECT_EQ(comes(publisher, merged, {.qos = 0, .identifiers = {6}}), "message-twice");
}

TEST_F(ModelAllows, NothingWhereNoLocalIsAlone) {
  subscribe(publisher, on_a_b, 1, 0, true);
  subscribe(reader, on_a_b, 1, 0, true);
  const auto number = publish(1);
  EXPECT_EQ(comes(publisher, number, {.qos = 1}), "message-despite-no-local");
  EXPECT_EQ(owed(), "lost-message");
  EXPECT_EQ(comes(reader, number, {.qos = 1}), "");
}

TEST_F(ModelAllows, NoOptionsOfAReplacedSubscription) {
  subscribe(publisher, on_a_b, 0);
  subscribe(publisher, on_a_b, 0, 0, true);
  EXPECT_EQ(comes(publisher, publish(0)), "message-despite-no-local");
  subscribe(publisher, on_a_b, 0);
  const auto number = publish(0);
  EXPECT_EQ(owed(), "lost-qos-0");
  EXPECT_EQ(comes(publisher, number), "");
}

// Neither QoS 0 nor a will is acknowledged: a broker may look for subscribers later.

TEST_F(ModelAllows, Qos0ToALaterSubscriberUntilSomebodyHasIt) {
  const auto unseen = publish(0);
  const auto acknowledged = publish(1);
  subscribe(publisher, on_a_b, 0);
  const auto seen = publish(0);
  EXPECT_EQ(comes(publisher, seen), "");
  subscribe(reader, on_a_b, 1);
  EXPECT_EQ(owed(), "");
  EXPECT_EQ(comes(reader, unseen), "");
  EXPECT_EQ(comes(reader, unseen), "message-twice");
  EXPECT_EQ(comes(reader, seen), "unexpected-message");
  EXPECT_EQ(comes(reader, acknowledged, {.qos = 1}), "unexpected-message");
}

TEST_F(ModelAllows, AWillToALaterSubscriberOnceItIsDue) {
  connect(publisher, {.session_expiry_s = 60, .will = will_plan{.qos = mqtt::qos::at_least_once}});
  const std::uint32_t will = 1;
  subscribe(reader, on_wills, 1);
  EXPECT_EQ(comes(reader, will, {.qos = 1}), "unwanted-will");
  model_.unsubscribe(reader, {.filter = on_wills});
  drop(publisher);
  subscribe(reader, on_wills, 0);
  EXPECT_EQ(owed(), "");
}

// Retained messages.

TEST_F(ModelAllows, TheIdentifiersOfAllThatMatchWithARetainedMessage) {
  for (const bool names_all : {false, true}) {
    const auto number = model_.publish(
        publisher, {.topic = topic_a_b, .qos = mqtt::qos::at_least_once, .retain = true}, now_);
    subscribe(reader, on_a_b, 0, 5);
    EXPECT_EQ(comes(reader, number, {.retain = true}), "wrong-identifiers");
    EXPECT_EQ(comes(reader, number, {.identifiers = {5}, .retain = true}), "");
    subscribe(reader, on_a_plus, 0);
    EXPECT_EQ(owed(), "lost-retained");
    EXPECT_EQ(comes(reader, number, {.identifiers = {6}, .retain = true}), "wrong-identifiers");
    const copy right{.identifiers = std::vector<std::uint32_t>(names_all ? 1 : 0, 5),
                     .retain = true};
    EXPECT_EQ(comes(reader, number, right), "");
    EXPECT_EQ(owed(), "");
    EXPECT_EQ(comes(reader, number, right), "unwanted-retained");
    model_.unsubscribe(reader, {.filter = on_a_b});
    model_.unsubscribe(reader, {.filter = on_a_plus});
  }
}

TEST_F(ModelAllows, ARetainedMessageAfterALaterOne) {
  const auto kept = model_.publish(publisher, {.topic = topic_a_b, .retain = true}, now_);
  subscribe_operation again{.filter = on_a_b};
  again.options.retain_as_published = true;
  model_.begin_subscribe(publisher, again);
  EXPECT_EQ(comes(publisher, kept, {.retain = true}), "");
  EXPECT_EQ(comes(publisher, publish(0)), "");
  again.options.no_local = true;
  model_.begin_subscribe(publisher, again);
  EXPECT_EQ(comes(publisher, kept, {.retain = true}), "");
}

// What was not acknowledged.

TEST_F(ModelAllows, RedeliveryUnderItsOwnIdentifierAlone) {
  subscribe(reader, on_a_b, 1);
  model_.hold(reader);
  const auto number = publish(1);
  EXPECT_EQ(comes(reader, number, {.qos = 1, .packet_identifier = 2}), "");
  drop(reader);
  resume(reader);
  EXPECT_EQ(owed(), "redelivery-missing");
  EXPECT_EQ(comes(reader, number, {.qos = 1, .packet_identifier = 1}), "redelivery-changed");
  EXPECT_EQ(comes(reader, number, {.qos = 1, .packet_identifier = 2}), "wrong-dup-flag");
  EXPECT_EQ(owed(), "");
}

// Order.

TEST_F(ModelAllows, NoMessageAfterALaterOne) {
  subscribe(reader, on_a, 1);
  const auto first = publish(1, topic_a);
  const auto second = publish(1, topic_a);
  EXPECT_EQ(comes(reader, second, {.qos = 1, .packet_identifier = 1}), "");
  EXPECT_EQ(owed(), "lost-message");
  EXPECT_EQ(comes(reader, first, {.qos = 1, .packet_identifier = 2}), "wrong-order");
}

TEST_F(ModelAllows, NoMessageAgainAfterALaterOne) {
  subscribe(reader, on_a, 1);
  model_.hold(reader);
  std::vector<std::uint32_t> numbers;
  for (std::uint16_t identifier = 1; identifier <= 3; ++identifier) {
    numbers.push_back(publish(1, topic_a));
    EXPECT_EQ(comes(reader, numbers.back(), {.qos = 1, .packet_identifier = identifier}), "");
  }
  drop(reader);
  resume(reader);
  const auto again = [&](std::uint16_t which) {
    return comes(reader, numbers[which - 1], {.qos = 1, .packet_identifier = which, .dup = true});
  };
  EXPECT_EQ(again(1), "");
  EXPECT_EQ(again(3), "");
  EXPECT_EQ(again(2), "wrong-order");
}

TEST_F(ModelAllows, AnyOrderOfDifferentTopics) {
  subscribe(reader, on_a, 1);
  subscribe(reader, on_a_b, 1);
  const auto first = publish(1, topic_a);
  const auto second = publish(1, topic_a_b);
  EXPECT_EQ(comes(reader, second, {.qos = 1, .packet_identifier = 1}), "");
  EXPECT_EQ(comes(reader, first, {.qos = 1, .packet_identifier = 2}), "");
}

TEST_F(ModelAllows, NoExpiryIntervalWhereNoneWasGiven) {
  subscribe(reader, on_a_b, 0);
  EXPECT_EQ(comes(reader, publish(0), {.expiry_s = 86'400}), "added-expiry");
}

TEST_F(ModelAllows, TheExpiryIntervalsOfEmptyMessagesInAnyOrder) {
  subscribe(reader, on_a_b, 1);
  publish_operation empty{.topic = topic_a_b, .qos = mqtt::qos::at_least_once, .empty = true};
  model_.publish(publisher, empty, now_);
  empty.expiry_s = 60;
  model_.publish(publisher, empty, now_);
  mqtt::publish packet{
      .qos = mqtt::qos::at_least_once, .topic_name = "a/b", .packet_identifier = 1};
  packet.properties.add(mqtt::message_expiry_interval(60));
  EXPECT_EQ(name(model_.receive(reader, packet, now_).first), "");
  packet.properties = {};
  packet.packet_identifier = 2;
  EXPECT_EQ(name(model_.receive(reader, packet, now_).first), "");
  EXPECT_EQ(owed(), "");
  EXPECT_EQ(name(model_.receive(reader, packet, now_).first), "message-twice");
}

}  // namespace
}  // namespace gauntlet::fuzz::model
