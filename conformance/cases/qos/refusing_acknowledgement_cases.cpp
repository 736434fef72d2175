// Acknowledgements of a client with a Reason Code: what they end, and what they leave alone.
// MQTT 5.0 §3.4.2.1, §3.5.2.1, §4.4, §4.13.2

#include <fmt/format.h>

#include "conformance/cases/qos/qos_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

void send_refusal(client& by, qos level, std::uint16_t identifier, reason_code code) {
  if (level == qos::at_least_once) {
    by.send(mqtt::puback{.packet_identifier = identifier, .reason_code = code});
  } else {
    by.send(mqtt::pubrec{.packet_identifier = identifier, .reason_code = code});
  }
}

// The connection stays, no PUBREL comes, and other messages arrive.
void refusal_ends_one_message_alone(context& test, qos level, reason_code code) {
  message_path path = open_path(test, level);
  path.publish("refused", level);
  send_refusal(*path.to, level, path.to->take("refused").packet_identifier, code);
  expect_only_pingresp(test, *path.to);
  path.publish("next", level);
  path.to->expect_publish("next");
}

void refused_message_does_not_come_again(context& test, qos level) {
  message_path path = open_path(test, level);
  path.publish_each({"refused", "kept"}, level);
  send_refusal(*path.to, level, path.to->take("refused").packet_identifier,
               reason_code::unspecified_error);
  path.to->take("kept");
  path.to->ping();
  path.resume();
  path.to->expect<mqtt::publish>("PUBLISH with payload \"kept\", and not the one refused", {},
                                 [](const auto& came) { return as_text(came.payload) == "kept"; });
  expect_only_pingresp(test, *path.to);
}

void refusing_pubrec_gets_no_pubrel_later(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("refused", qos::exactly_once);
  send_refusal(*path.to, qos::exactly_once, path.to->take("refused").packet_identifier,
               reason_code::implementation_specific_error);
  path.to->ping();
  path.resume();
  expect_only_pingresp(test, *path.to);
  path.publish("next", qos::exactly_once);
  path.to->expect_publish("next");
}

void refusal_leaves_other_subscribers_alone(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  client& other = test.connected("other");
  other.subscribe(path.topic, qos::at_least_once);
  path.publish("x", qos::at_least_once);
  send_refusal(*path.to, qos::at_least_once, path.to->take("x").packet_identifier,
               reason_code::quota_exceeded);
  path.to->send(mqtt::pingreq{});
  path.to->expect<mqtt::pingresp>("PINGRESP to who refused a message");
  other.expect_publish("x");
}

void positive_pubrec_gets_pubrel(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("x", qos::exactly_once);
  const auto came = path.to->take("x");
  path.to->send(mqtt::pubrec{.packet_identifier = came.packet_identifier,
                             .reason_code = reason_code::no_matching_subscribers});
  expect_pubrel(*path.to, came.packet_identifier);
}

mqtt::connect login_of(const guarded_listener& guard) {
  const byte_view password = as_bytes(guard.user.password);
  return {.user_name = guard.user.user_name,
          .password = byte_buffer(password.begin(), password.end())};
}

// Acknowledged, with an error or as usual, or the end of the connection; anything but silence.
void denied_message_is_answered(context& test, qos level) {
  const guarded_listener& guard = *test.where().guarded;
  client& watcher = test.connected_at(guard.where, "watcher", login_of(guard));
  watcher.subscribe(test.topic("t"), level);
  client& a = test.connected_at(guard.where, "publisher", login_of(guard));
  a.publish(test.topic("t"), "control", level);
  watcher.receive("control");
  a.send(publish_of(guard.denied_topic, "denied", level, 9));
  script::arrival answer = a.next(test.answer_limit());
  const bool acknowledged = level == qos::at_least_once
                                ? script::packet_of<mqtt::puback>(answer) != nullptr
                                : script::packet_of<mqtt::pubrec>(answer) != nullptr;
  if (acknowledged || script::packet_of<mqtt::disconnect>(answer) != nullptr) return;
  if (script::is_close(answer)) return;
  deviate(test, a, "an acknowledgement or the end of the connection",
          script::to_text(answer, test.version()));
}

// The broker refuses a topic with PUBREC; the identifier is free then.
void identifier_is_free_after_refusing_pubrec(context& test) {
  const guarded_listener& guard = *test.where().guarded;
  const mqtt::connect login = login_of(guard);
  client& watcher = test.connected_at(guard.where, "watcher", login);
  watcher.subscribe(test.topic("t"), qos::exactly_once);
  client& a = test.connected_at(guard.where, "publisher", login);
  a.send(publish_of(guard.denied_topic, "denied", qos::exactly_once, 9));
  const script::arrival answer = a.next(test.answer_limit());
  const auto* const pubrec = script::packet_of<mqtt::pubrec>(answer);
  if (pubrec == nullptr || !mqtt::is_error(pubrec->reason_code)) {
    return test.leave_undecided("the broker does not refuse a message with PUBREC");
  }
  a.send(publish_of(test.topic("t"), "permitted", qos::exactly_once, 9));
  script::arrival next = a.next(test.answer_limit());
  if (script::is_close(next) || script::packet_of<mqtt::disconnect>(next) != nullptr) {
    return test.leave_undecided("the broker parts with clients that publish what they may not");
  }
  a.set_aside(std::move(next));
  expect_pubrec(test, a, 9);
  release(a, 9);
  watcher.expect_publish("permitted");
}

// An ill-formed payload that is declared as UTF-8, which brokers may refuse with 0x99.
void identifier_is_free_after_invalid_payload(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.from.send(with(publish_of(path.topic, "\xFF\xFE", qos::exactly_once, 9),
                      {mqtt::payload_format_indicator(1)}));
  const script::arrival answer = path.from.next(test.answer_limit());
  const auto* const pubrec = script::packet_of<mqtt::pubrec>(answer);
  if (pubrec == nullptr || !mqtt::is_error(pubrec->reason_code)) {
    return test.leave_undecided("the broker does not refuse a message with PUBREC");
  }
  path.from.send(publish_of(path.topic, "valid", qos::exactly_once, 9));
  expect_pubrec(test, path.from, 9);
  release(path.from, 9);
  path.to->expect_publish("valid");
}

constexpr reason_code refusals[] = {
    reason_code::unspecified_error,        reason_code::implementation_specific_error,
    reason_code::not_authorized,           reason_code::topic_name_invalid,
    reason_code::packet_identifier_in_use, reason_code::quota_exceeded,
    reason_code::payload_format_invalid};

void add_each_code(suite& to, qos level, const char* packet, need needed) {
  for (const reason_code code : refusals) {
    const auto name = mqtt::reason_code_name(code);
    to.add({.id = fmt::format("MQTT-4.4.0-2/{}-{:02x}", packet, static_cast<unsigned>(code)),
            .title = fmt::format("A client may refuse a message with {} 0x{:02X} ({})", packet,
                                 static_cast<unsigned>(code), name),
            .covers = {v5("MQTT-4.4.0-2"), v5("PR5-4.13.2-a")},
            .needs = {needed},
            .defects = {"close-at-refusing-acknowledgement"},
            .body = [level, code](context& test) {
              refusal_ends_one_message_alone(test, level, code);
            }});
  }
}

}  // namespace

void add_refusing_acknowledgement_cases(suite& to) {
  add_each_code(to, qos::at_least_once, "puback", need::qos1);
  add_each_code(to, qos::exactly_once, "pubrec", need::qos2);
  to.add({.id = "MQTT-4.3.3-4/refusing-pubrec",
          .title = "PUBREC with an error is not answered with PUBREL",
          .covers = {v5("MQTT-4.3.3-4"), v5("MQTT-4.4.0-2")},
          .needs = {need::qos2},
          .defects = {"answer-refusing-pubrec-with-pubrel"},
          .body = [](context& test) {
            refusal_ends_one_message_alone(test, qos::exactly_once, reason_code::unspecified_error);
          }});
  to.add({.id = "MQTT-4.4.0-2/puback-resumed",
          .title = "A message refused with PUBACK does not come again",
          .covers = {v5("MQTT-4.4.0-2")},
          .needs = {need::qos1},
          .defects = {"resend-refused-message"},
          .body = [](context& test) {
            refused_message_does_not_come_again(test, qos::at_least_once);
          }});
  to.add({.id = "MQTT-4.4.0-2/pubrec-resumed",
          .title = "A message refused with PUBREC does not come again",
          .covers = {v5("MQTT-4.4.0-2")},
          .needs = {need::qos2},
          .defects = {"answer-refusing-pubrec-with-pubrel"},
          .body = [](context& test) {
            refused_message_does_not_come_again(test, qos::exactly_once);
          }});
  to.add({.id = "MQTT-4.4.0-2/no-pubrel-resumed",
          .title = "No PUBREL comes over the session for a message refused with PUBREC",
          .covers = {v5("MQTT-4.4.0-2")},
          .needs = {need::qos2},
          .defects = {"answer-refusing-pubrec-with-pubrel"},
          .body = refusing_pubrec_gets_no_pubrel_later});
  to.add({.id = "PR5-4.13.2-a/other-subscriber",
          .title = "PUBACK with an error has no consequence for other subscribers",
          .covers = {v5("PR5-4.13.2-a")},
          .needs = {need::qos1},
          .defects = {"close-at-refusing-acknowledgement"},
          .body = refusal_leaves_other_subscribers_alone});
  to.add({.id = "MQTT-4.3.3-4/no-matching-subscribers",
          .title = "PUBREC 0x10 (No matching subscribers) is answered with PUBREL",
          .covers = {v5("MQTT-4.3.3-4")},
          .needs = {need::qos2},
          .defects = {"omit-pubrel"},
          .body = positive_pubrec_gets_pubrel});
  to.add({.id = "MQTT-3.3.5-2/qos1",
          .title = "A QoS 1 message that is not permitted is acknowledged or ends the connection",
          .covers = {v5("MQTT-3.3.4-1"), v3("MQTT-3.3.5-2")},
          .needs = {need::qos1, need::access_control},
          .defects = {"ignore-publish-not-permitted"},
          .body = [](context& test) { denied_message_is_answered(test, qos::at_least_once); }});
  to.add({.id = "MQTT-3.3.5-2/qos2",
          .title = "A QoS 2 message that is not permitted is acknowledged or ends the connection",
          .covers = {v5("MQTT-3.3.4-1"), v3("MQTT-3.3.5-2")},
          .needs = {need::qos2, need::access_control},
          .defects = {"ignore-publish-not-permitted"},
          .body = [](context& test) { denied_message_is_answered(test, qos::exactly_once); }});
  to.add({.id = "MQTT-4.3.3-9/denied-topic",
          .title = "After a PUBREC that denies a topic the Packet Identifier is free",
          .covers = {v5("MQTT-4.3.3-9")},
          .needs = {need::qos2, need::access_control},
          .defects = {"keep-identifier-after-refusing-pubrec"},
          .body = identifier_is_free_after_refusing_pubrec});
  to.add({.id = "MQTT-4.3.3-9/invalid-payload",
          .title = "After a PUBREC that refuses a payload the Packet Identifier is free",
          .covers = {v5("MQTT-4.3.3-9")},
          .needs = {need::qos2},
          .defects = {"keep-identifier-after-refusing-pubrec"},
          .body = identifier_is_free_after_invalid_payload});
}

}  // namespace gauntlet::conformance
