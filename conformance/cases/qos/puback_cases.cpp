// A client publishes at QoS 1: PUBACK, and what is a new message. MQTT 5.0 §3.4, §4.3.2

#include "conformance/cases/qos/qos_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void message_is_acknowledged(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.from.send(publish_of(path.topic, "x", qos::at_least_once, 7));
  expect_puback(test, path.from, 7);
  path.to->expect_publish("x");
}

void message_without_subscriber_is_acknowledged(context& test) {
  client& a = test.connected("publisher");
  a.send(publish_of(test.topic("nobody"), "x", qos::at_least_once, 7));
  expect_puback(test, a, 7);
  prove_delivery(test, a);
}

void puback_comes_once(context& test) {
  client& a = test.connected("publisher");
  a.send(publish_of(test.topic("t"), "x", qos::at_least_once, 7));
  expect_puback(test, a, 7);
  expect_only_pingresp(test, a);
  prove_delivery(test, a);
}

constexpr std::uint16_t telling_identifiers[] = {1, 255, 256, 65280, 65535};

void identifiers_are_repeated(context& test) {
  client& a = test.connected("publisher");
  for (const std::uint16_t identifier : telling_identifiers) {
    a.send(publish_of(test.topic("t"), "x", qos::at_least_once, identifier));
    expect_puback(test, a, identifier);
  }
  prove_delivery(test, a);
}

// The content tells the two apart; the identifier does not.
void identifier_is_free_after_puback(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  for (const char* payload : {"1", "2"}) {
    path.from.send(publish_of(path.topic, payload, qos::at_least_once, 7));
    expect_puback(test, path.from, 7);
  }
  expect_in_order(test, *path.to, {"1", "2"});
}

void dup_makes_no_repetition(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.from.send(publish_of(path.topic, "1", qos::at_least_once, 7));
  expect_puback(test, path.from, 7);
  path.from.send(publish_of(path.topic, "2", qos::at_least_once, 7, true));
  expect_puback(test, path.from, 7);
  path.to->expect_publish("2");
}

void first_message_may_have_dup(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.from.send(publish_of(path.topic, "x", qos::at_least_once, 7, true));
  expect_puback(test, path.from, 7);
  path.to->expect_publish("x");
}

void dup_is_not_passed_on(context& test, qos level) {
  message_path path = open_path(test, level);
  // Control: the same without DUP.
  path.publish("control", level);
  path.to->receive("control");
  path.from.send(publish_of(path.topic, "x", level, 7, true));
  if (level == qos::exactly_once) {
    // A broker may deliver the message as late as its PUBREL.
    expect_pubrec(test, path.from, 7);
    path.from.send(mqtt::pubrel{.packet_identifier = 7});
  }
  path.to->expect_publish(
      "x", [](const auto& came) { return !came.dup; }, "DUP 0");
}

// The client had no PUBACK when its connection broke; it sends the message again over its session.
void repeated_over_a_resumed_session(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  client& before = test.connected("device", resumable(test));
  before.send(publish_of(path.topic, "x", qos::at_least_once, 7));
  before.drop();
  client& after = test.connected("device", resumable(test));
  after.send(publish_of(path.topic, "x", qos::at_least_once, 7, true));
  expect_puback(test, after, 7);
  path.to->expect_publish("x");
}

// Twenty messages, or as many as the broker takes, in one segment.
void messages_need_not_wait(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  const std::uint16_t count = std::min<std::uint16_t>(test.able().receive_maximum.value_or(20), 20);
  byte_buffer all;
  for (std::uint16_t i = 1; i <= count; ++i) {
    const mqtt::publish packet = publish_of(path.topic, std::to_string(i), qos::at_least_once, i);
    const byte_buffer one = mqtt::raw_packet::of(packet, test.version()).bytes();
    all.insert(all.end(), one.begin(), one.end());
  }
  path.from.send_bytes(all);
  for (std::uint16_t i = 1; i <= count; ++i) {
    path.from.expect<mqtt::puback>(
        "PUBACK for each of the messages sent together",
        [i](const mqtt::puback& came) { return came.packet_identifier == i; });
  }
  path.to->expect_publish("1");
}

void message_of_nobody_is_not_delivered_to_others(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.from.send(publish_of(test.topic("other"), "x", qos::at_least_once, 7));
  expect_puback(test, path.from, 7);
  path.publish("y", qos::at_least_once);
  path.to->expect<mqtt::publish>("PUBLISH with payload \"y\", and not that of the other topic", {},
                                 [](const auto& came) { return as_text(came.payload) == "y"; });
}

void add_reuse_cases(suite& to) {
  to.add({.id = "MQTT-4.3.2-5/identifier-again",
          .title = "After PUBACK the Packet Identifier belongs to a new message",
          .covers = {v5("MQTT-4.3.2-5"), v3("MQTT-4.3.2-2")},
          .needs = {need::qos1},
          .defects = {"lose-qos1-delivery", "reorder-deliveries"},
          .body = identifier_is_free_after_puback});
  to.add({.id = "MQTT-4.3.2-5/dup",
          .title = "After PUBACK a message with the same identifier is new even with DUP 1",
          .covers = {v5("MQTT-4.3.2-5"), v3("MQTT-4.3.2-2")},
          .needs = {need::qos1},
          .defects = {"drop-qos1-message-with-dup"},
          .body = dup_makes_no_repetition});
  to.add({.id = "MQTT-4.3.2-5/first-with-dup",
          .title = "A QoS 1 message with DUP 1 that the broker never saw is delivered",
          .covers = {v5("MQTT-4.3.2-5"), v3("MQTT-4.3.2-2")},
          .needs = {need::qos1},
          .defects = {"drop-qos1-message-with-dup"},
          .body = first_message_may_have_dup});
  to.add({.id = "MQTT-4.3.2-5/resumed-session",
          .title = "A QoS 1 message that a client repeats over its session is acknowledged",
          .covers = {v5("MQTT-4.3.2-4"), v3("MQTT-4.3.2-2")},
          .needs = {need::qos1},
          .defects = {"omit-puback"},
          .body = repeated_over_a_resumed_session});
  to.add({.id = "MQTT-3.3.1-3/qos1",
          .title = "DUP of a QoS 1 message is not passed on",
          .covers = {v5("MQTT-3.3.1-3"), v3("MQTT-3.3.1-3")},
          .needs = {need::qos1},
          .defects = {"forward-dup"},
          .body = [](context& test) { dup_is_not_passed_on(test, qos::at_least_once); }});
  to.add({.id = "MQTT-3.3.1-3/qos2",
          .title = "DUP of a QoS 2 message is not passed on",
          .covers = {v5("MQTT-3.3.1-3"), v3("MQTT-3.3.1-3")},
          .needs = {need::qos2},
          .defects = {"forward-dup"},
          .body = [](context& test) { dup_is_not_passed_on(test, qos::exactly_once); }});
}

}  // namespace

void add_puback_cases(suite& to) {
  to.add(
      {.id = "MQTT-4.3.2-4/delivered",
       .title = "A QoS 1 message is acknowledged with PUBACK and delivered",
       .covers = {v5("MQTT-4.3.2-4"), v5("MQTT-3.3.4-1"), v3("MQTT-4.3.2-2"), v3("MQTT-3.3.4-1")},
       .needs = {need::qos1},
       .defects = {"omit-puback", "answer-qos1-with-pubrec", "lose-qos1-delivery"},
       .body = message_is_acknowledged});
  to.add({.id = "MQTT-4.3.2-4/no-subscriber",
          .title = "A QoS 1 message that nobody has subscribed to is acknowledged",
          .covers = {v5("MQTT-4.3.2-4"), v5("MQTT-3.3.4-1"), v5("PR5-3.4.2.1-a"),
                     v3("MQTT-4.3.2-2"), v3("MQTT-3.3.4-1")},
          .needs = {need::qos1},
          .defects = {"omit-puback-without-subscribers"},
          .body = message_without_subscriber_is_acknowledged});
  to.add({.id = "MQTT-3.3.4-1/puback-once",
          .title = "A QoS 1 message is acknowledged once",
          .covers = {v5("MQTT-3.3.4-1"), v3("MQTT-3.3.4-1")},
          .needs = {need::qos1},
          .defects = {"send-puback-twice"},
          .body = puback_comes_once});
  to.add({.id = "MQTT-2.2.1-5/puback",
          .title = "PUBACK has the Packet Identifier of its PUBLISH, from 1 to 65535",
          .covers = {v5("MQTT-2.2.1-5"), v3("MQTT-2.3.1-6")},
          .needs = {need::qos1},
          .defects = {"send-puback-with-wrong-identifier"},
          .body = identifiers_are_repeated});
  to.add({.id = "PR5-4.3.2-a/together",
          .title = "QoS 1 messages sent together are all acknowledged",
          .covers = {v5("PR5-4.3.2-a"), v5("MQTT-4.2-1"), v3("PR3-4.3.2-a"), v3("MQTT-7.1.1-1")},
          .needs = {need::qos1},
          .defects = {"drop-further-packets-of-segment"},
          .body = messages_need_not_wait});
  to.add({.id = "MQTT-3.3.2-3/other-topic",
          .title = "A QoS 1 message does not go to who has subscribed to another topic",
          .covers = {v5("MQTT-3.3.2-3"), v3("MQTT-3.3.2-3")},
          .needs = {need::qos1},
          .defects = {"deliver-to-everybody"},
          .body = message_of_nobody_is_not_delivered_to_others});
  add_reuse_cases(to);
}

}  // namespace gauntlet::conformance
