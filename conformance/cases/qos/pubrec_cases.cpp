// A client publishes at QoS 2: PUBREC, PUBREL, PUBCOMP. MQTT 5.0 §3.5 to §3.7, §4.3.3

#include <string>

#include "conformance/cases/qos/qos_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::chrono_literals;
using mqtt::qos;
using mqtt::reason_code;

void message_is_answered_with_pubrec(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.from.send(publish_of(path.topic, "x", qos::exactly_once, 9));
  expect_pubrec(test, path.from, 9);
  path.from.send(mqtt::pubrel{.packet_identifier = 9});
  path.to->expect_publish("x");
}

void message_without_subscriber_is_answered(context& test) {
  client& a = test.connected("publisher");
  a.send(publish_of(test.topic("nobody"), "x", qos::exactly_once, 9));
  expect_pubrec(test, a, 9);
  expect_only_pingresp(test, a);
  release(a, 9);
  prove_delivery(test, a);
}

void pubrel_is_answered_with_pubcomp(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.from.publish_unreleased(publish_of(path.topic, "x", qos::exactly_once, 9));
  release(path.from, 9);
  path.to->expect_publish("x");
}

void pubcomp_comes_once(context& test) {
  client& a = test.connected("publisher");
  a.publish_unreleased(publish_of(test.topic("t"), "x", qos::exactly_once, 9));
  release(a, 9);
  expect_only_pingresp(test, a);
  prove_delivery(test, a);
}

constexpr std::uint16_t telling_identifiers[] = {1, 255, 256, 65280, 65535};

void pubrec_repeats_identifiers(context& test) {
  client& a = test.connected("publisher");
  for (const std::uint16_t identifier : telling_identifiers) {
    a.send(publish_of(test.topic("t"), "x", qos::exactly_once, identifier));
    expect_pubrec(test, a, identifier);
    release(a, identifier);
  }
  prove_delivery(test, a);
}

void pubcomp_repeats_identifiers(context& test) {
  client& a = test.connected("publisher");
  for (const std::uint16_t identifier : telling_identifiers) {
    a.publish_unreleased(publish_of(test.topic("t"), "x", qos::exactly_once, identifier));
    release(a, identifier);
  }
  prove_delivery(test, a);
}

void identifier_is_free_after_pubcomp(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  for (const char* payload : {"1", "2"}) {
    path.from.send(publish_of(path.topic, payload, qos::exactly_once, 9));
    expect_pubrec(test, path.from, 9);
    release(path.from, 9);
  }
  expect_in_order(test, *path.to, {"1", "2"});
}

void dup_makes_no_repetition(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.from.publish(publish_of(path.topic, "1", qos::exactly_once, 9));
  path.from.send(publish_of(path.topic, "2", qos::exactly_once, 9, true));
  expect_pubrec(test, path.from, 9);
  release(path.from, 9);
  expect_in_order(test, *path.to, {"1", "2"});
}

void first_message_may_have_dup(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.from.send(publish_of(path.topic, "x", qos::exactly_once, 9, true));
  expect_pubrec(test, path.from, 9);
  release(path.from, 9);
  path.to->expect_publish("x");
}

// All PUBLISH, then all PUBREL; never more at once than the broker allows.
void exchanges_may_overlap(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  const bool only_one = test.able().receive_maximum == std::uint16_t{1};
  if (only_one) return test.skip("the broker takes one message at a time");
  const std::uint16_t last = test.able().receive_maximum == std::uint16_t{2} ? 2 : 3;
  for (std::uint16_t i = 1; i <= last; ++i) {
    path.from.send(publish_of(path.topic, std::to_string(i), qos::exactly_once, i));
    expect_pubrec(test, path.from, i);
  }
  for (std::uint16_t i = 1; i <= last; ++i) release(path.from, i);
  path.to->expect_publish("2");
}

void qos1_may_overtake_an_unreleased_message(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  if (test.able().receive_maximum == std::uint16_t{1}) {
    return test.skip("the broker takes one message at a time");
  }
  path.from.publish_unreleased(publish_of(path.topic, "2", qos::exactly_once, 9));
  path.from.send(publish_of(path.topic, "1", qos::at_least_once, 10));
  expect_puback(test, path.from, 10);
  release(path.from, 9);
  path.to->expect_publish("1");
}

// The same identifier at the same time: each client has its own.
void identifiers_are_of_one_client(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  client& other = test.connected("other");
  path.from.publish_unreleased(publish_of(path.topic, "1", qos::exactly_once, 9));
  other.send(publish_of(path.topic, "2", qos::exactly_once, 9));
  expect_pubrec(test, other, 9);
  release(path.from, 9);
  release(other, 9);
  path.to->receive("1");
  path.to->expect_publish("2");
}

void pubrel_for_unknown_identifier(context& test) {
  client& a = test.connected("publisher");
  a.send(mqtt::pubrel{.packet_identifier = 9});
  a.expect<mqtt::pubcomp>("PUBCOMP for packet 9", {},
                          [](const auto& came) { return came.packet_identifier == 9; });
  expect_only_pingresp(test, a);
  prove_delivery(test, a);
}

void unknown_pubrel_is_told(context& test) {
  client& a = test.connected("publisher");
  a.send(mqtt::pubrel{.packet_identifier = 9});
  a.expect<mqtt::pubcomp>("PUBCOMP 0x92 (Packet identifier not found)", {}, [](const auto& came) {
    return came.reason_code == reason_code::packet_identifier_not_found;
  });
  prove_delivery(test, a);
}

// PUBREL for a message that is complete.
void repeated_pubrel_is_answered(context& test) {
  client& a = test.connected("publisher");
  a.publish(publish_of(test.topic("t"), "x", qos::exactly_once, 9));
  a.send(mqtt::pubrel{.packet_identifier = 9});
  a.expect<mqtt::pubcomp>("another PUBCOMP for packet 9", {},
                          [](const auto& came) { return came.packet_identifier == 9; });
  prove_delivery(test, a);
}

void expiry_does_not_break_the_exchange_off(context& test) {
  client& a = test.connected("publisher");
  a.publish_unreleased(with(publish_of(test.topic("t"), "x", qos::exactly_once, 9),
                            {mqtt::message_expiry_interval(1)}));
  test.pause(2s, "until the message has expired");
  release(a, 9);
  prove_delivery(test, a);
}

void add_answer_cases(suite& to) {
  to.add(
      {.id = "MQTT-4.3.3-8/delivered",
       .title = "A QoS 2 message is answered with PUBREC and delivered",
       .covers = {v5("MQTT-4.3.3-8"), v5("MQTT-3.3.4-1"), v3("MQTT-4.3.3-2"), v3("MQTT-3.3.4-1")},
       .needs = {need::qos2},
       .defects = {"omit-pubrec", "answer-qos2-with-puback", "lose-qos2-delivery"},
       .body = message_is_answered_with_pubrec});
  to.add({.id = "MQTT-3.3.4-1/pubrec-once",
          .title = "A QoS 2 message without subscribers is answered with one PUBREC",
          .covers = {v5("MQTT-3.3.4-1"), v5("PR5-3.4.2.1-a"), v3("MQTT-3.3.4-1")},
          .needs = {need::qos2},
          .defects = {"omit-pubrec", "answer-qos2-with-puback"},
          .body = message_without_subscriber_is_answered});
  to.add({.id = "MQTT-4.3.3-11/pubcomp",
          .title = "PUBREL is answered with PUBCOMP",
          .covers = {v5("MQTT-4.3.3-11"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"omit-pubcomp", "answer-pubrel-with-puback"},
          .body = pubrel_is_answered_with_pubcomp});
  to.add({.id = "MQTT-4.3.3-11/pubcomp-once",
          .title = "PUBREL is answered with PUBCOMP and nothing else",
          .covers = {v5("MQTT-4.3.3-11"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"omit-pubcomp", "answer-pubrel-with-puback"},
          .body = pubcomp_comes_once});
  to.add({.id = "MQTT-2.2.1-5/pubrec",
          .title = "PUBREC has the Packet Identifier of its PUBLISH, from 1 to 65535",
          .covers = {v5("MQTT-2.2.1-5"), v3("MQTT-2.3.1-6")},
          .needs = {need::qos2},
          .defects = {"send-pubrec-with-wrong-identifier"},
          .body = pubrec_repeats_identifiers});
  to.add({.id = "MQTT-2.2.1-5/pubcomp",
          .title = "PUBCOMP has the Packet Identifier of its PUBREL, from 1 to 65535",
          .covers = {v5("MQTT-2.2.1-5"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"send-pubcomp-with-wrong-identifier"},
          .body = pubcomp_repeats_identifiers});
}

void add_reuse_cases(suite& to) {
  to.add({.id = "MQTT-4.3.3-12/identifier-again",
          .title = "After PUBCOMP the Packet Identifier belongs to a new message",
          .covers = {v5("MQTT-4.3.3-12"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"keep-identifier-after-pubrel"},
          .body = identifier_is_free_after_pubcomp});
  to.add({.id = "MQTT-4.3.3-12/dup",
          .title = "After PUBCOMP a message with the same identifier is new even with DUP 1",
          .covers = {v5("MQTT-4.3.3-12"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"drop-qos2-message-with-dup", "keep-identifier-after-pubrel"},
          .body = dup_makes_no_repetition});
  to.add({.id = "MQTT-4.3.3-12/first-with-dup",
          .title = "A QoS 2 message with DUP 1 that the broker never saw is delivered",
          .covers = {v5("MQTT-4.3.3-12"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"drop-qos2-message-with-dup"},
          .body = first_message_may_have_dup});
  to.add({.id = "PR5-4.3.2-a/qos2-overlapping",
          .title = "QoS 2 messages need not wait for each other's PUBCOMP",
          .covers = {v5("PR5-4.3.2-a"), v3("PR3-4.3.2-a")},
          .needs = {need::qos2},
          .defects = {"close-at-second-unacknowledged-publish"},
          .body = exchanges_may_overlap});
  to.add({.id = "PR5-4.3.2-a/qos1-between",
          .title = "A QoS 1 message is acknowledged while one of QoS 2 waits for PUBREL",
          .covers = {v5("PR5-4.3.2-a"), v5("MQTT-4.3.2-4"), v3("PR3-4.3.2-a"), v3("MQTT-4.3.2-2")},
          .needs = {need::qos2},
          .defects = {"omit-puback", "send-puback-with-wrong-identifier"},
          .body = qos1_may_overtake_an_unreleased_message});
  to.add({.id = "MQTT-4.3.3-12/other-client",
          .title = "Two clients may use the same Packet Identifier at the same time",
          .covers = {v5("MQTT-4.3.3-12"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"share-identifiers-between-clients"},
          .body = identifiers_are_of_one_client});
}

}  // namespace

void add_pubrec_cases(suite& to) {
  add_answer_cases(to);
  add_reuse_cases(to);
  to.add({.id = "MQTT-4.3.3-11/unknown",
          .title = "PUBREL with an unknown Packet Identifier is answered with PUBCOMP",
          .covers = {v5("MQTT-4.3.3-11"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"ignore-unknown-pubrel", "close-at-unknown-pubrel"},
          .body = pubrel_for_unknown_identifier});
  to.add({.id = "PR5-3.6.2.1-a/pubcomp-code",
          .title = "PUBCOMP says 0x92 where PUBREL named an unknown Packet Identifier",
          .covers = {v5("PR5-3.6.2.1-a"), v5("MQTT-3.7.2-1")},
          .needs = {need::qos2},
          .defects = {"answer-unknown-pubrel-with-success"},
          .level = requirement_level::should,
          .body = unknown_pubrel_is_told});
  to.add({.id = "MQTT-4.3.3-11/again",
          .title = "A repeated PUBREL is answered again",
          .covers = {v5("MQTT-4.3.3-11"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"ignore-unknown-pubrel", "close-at-unknown-pubrel"},
          .body = repeated_pubrel_is_answered});
  to.add({.id = "MQTT-4.3.3-13/expired",
          .title = "The exchange of a QoS 2 message ends as usual after the message has expired",
          .covers = {v5("MQTT-4.3.3-13")},
          .needs = {need::qos2},
          .defects = {"break-off-qos2-message-with-expiry"},
          .body = expiry_does_not_break_the_exchange_off});
}

}  // namespace gauntlet::conformance
