// QoS 0: once or not at all, never acknowledged. MQTT 5.0 §3.3.1, §4.3.1

#include <set>

#include "conformance/cases/qos/qos_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void is_not_acknowledged(context& test) {
  message_path path = open_path(test, qos::at_most_once);
  path.from.send(publish_of(path.topic, "x"));
  path.to->take("x");
  expect_only_pingresp(test, path.from);
}

void arrives(context& test) {
  message_path path = open_path(test, qos::at_most_once);
  path.from.send(publish_of(path.topic, "x"));
  path.to->expect_publish("x");
}

void arrives_once(context& test) {
  message_path path = open_path(test, qos::at_most_once);
  for (const char* payload : {"1", "2", "3"}) path.from.send(publish_of(path.topic, payload));
  std::set<byte_buffer> seen;
  for (const mqtt::publish& each : take_sent_ahead(test, *path.to)) {
    if (seen.insert(each.payload).second) continue;
    deviate(test, *path.to, "each QoS 0 message once", "one of them twice");
  }
}

void is_sent_without_dup(context& test) {
  message_path path = open_path(test, qos::at_most_once);
  path.from.send(publish_of(path.topic, "x"));
  path.to->expect_publish(
      "x", [](const auto& came) { return came.qos == qos::at_most_once && !came.dup; },
      "QoS 0 and DUP 0");
}

void is_sent_without_identifier(context& test) {
  message_path path = open_path(test, qos::at_most_once);
  path.from.send(publish_of(path.topic, "x"));
  path.to->expect<mqtt::publish>("PUBLISH with QoS 0 and nothing but \"x\" behind its header", {},
                                 [](const auto& came) { return as_text(came.payload) == "x"; });
}

void is_not_sent_again(context& test) {
  message_path path = open_path(test, qos::at_most_once);
  path.from.send(publish_of(path.topic, "x"));
  path.to->take("x");
  path.resume();
  path.from.send(publish_of(path.topic, "y"));
  path.to->expect<mqtt::publish>("PUBLISH with payload \"y\" and none before it", {},
                                 [](const auto& came) { return as_text(came.payload) == "y"; });
  path.to->expect_no_publish();
}

// The first byte is that of PUBLISH with DUP 1 and QoS 0.
void dup_is_refused(context& test) {
  const auto with_flags = [&test](std::uint8_t first_byte) {
    return [&test, first_byte](client& c) {
      const auto packet =
          mqtt::raw_packet::of(publish_of(test.topic("t"), "x"), test.version()).bytes();
      byte_buffer bytes = packet;
      bytes[0] = first_byte;
      c.send_bytes(bytes);
    };
  };
  expect_refused(
      test, {.control = with_flags(0x30),
             .commit = with_flags(0x38),
             .manner = {{mqtt::reason_code::malformed_packet, mqtt::reason_code::protocol_error}}});
}

}  // namespace

void add_qos0_cases(suite& to) {
  to.add({.id = "MQTT-3.3.4-1/qos0",
          .title = "A QoS 0 message is not acknowledged",
          .covers = {v5("MQTT-3.3.4-1"), v3("MQTT-3.3.4-1"), v3("PR3-4.3.1-a")},
          .defects = {"acknowledge-qos0"},
          .body = is_not_acknowledged});
  to.add({.id = "MQTT-4.5.0-1/qos0",
          .title = "A QoS 0 message reaches a subscriber who is connected",
          .covers = {v5("MQTT-4.5.0-1"), v3("MQTT-4.5.0-1")},
          .defects = {"lose-qos0-delivery"},
          .body = arrives});
  to.add({.id = "MQTT-4.3.1-1/once",
          .title = "A QoS 0 message arrives no more than once",
          .covers = {v5("MQTT-4.3.1-1"), v3("PR3-4.3.1-a")},
          .defects = {"deliver-qos0-twice"},
          .body = arrives_once});
  to.add(
      {.id = "MQTT-4.3.1-1/dup",
       .title = "A QoS 0 message is delivered with QoS 0 and DUP 0",
       .covers = {v5("MQTT-4.3.1-1"), v5("MQTT-3.3.1-2"), v3("MQTT-4.3.1-1"), v3("MQTT-3.3.1-2")},
       .defects = {"set-dup-at-qos0"},
       .body = is_sent_without_dup});
  to.add({.id = "MQTT-2.2.1-2/delivery",
          .title = "A QoS 0 message is delivered without Packet Identifier",
          .covers = {v5("MQTT-2.2.1-2"), v3("MQTT-2.3.1-5")},
          .defects = {"send-identifier-at-qos0"},
          .body = is_sent_without_identifier});
  to.add({.id = "MQTT-4.3.1-1/resumed-session",
          .title = "A QoS 0 message is not sent again over a resumed session",
          .covers = {v5("MQTT-4.3.1-1"), v3("PR3-4.3.1-a")},
          .defects = {"deliver-qos0-twice"},
          .body = is_not_sent_again});
  to.add({.id = "MQTT-3.3.1-2/refused",
          .title = "A QoS 0 message with DUP 1 ends the connection",
          .covers = {v5("MQTT-3.3.1-2"), v3("MQTT-3.3.1-2")},
          .defects = {"accept-dup-at-qos0"},
          .level = requirement_level::should,
          .body = dup_is_refused});
}

}  // namespace gauntlet::conformance
