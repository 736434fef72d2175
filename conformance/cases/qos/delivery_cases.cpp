// The broker delivers at QoS 1 and 2: flags, identifiers, PUBREL, once at QoS 2. MQTT 5.0 §2.2.1,
// §4.3

#include <set>

#include "conformance/cases/qos/qos_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void first_delivery(context& test, qos level) {
  message_path path = open_path(test, level);
  path.publish("x", level);
  path.to->expect_publish(
      "x", [level](const auto& came) { return came.qos == level && !came.dup; },
      "the QoS that was granted and DUP 0");
}

void identifiers_are_not_zero(context& test, qos level) {
  message_path path = open_path(test, level);
  path.publish("x", level);
  path.to->expect<mqtt::publish>("PUBLISH with a Packet Identifier that is not 0", {},
                                 [](const auto& came) { return came.packet_identifier != 0; });
}

void identifiers_are_distinct(context& test, qos level) {
  message_path path = open_path(test, level);
  path.publish_each({"1", "2", "3", "4", "5"}, level);
  std::set<std::uint16_t> used;
  for (const mqtt::publish& each : take_sent_ahead(test, *path.to)) {
    if (used.insert(each.packet_identifier).second) continue;
    deviate(test, *path.to, "Packet Identifiers that are not in use", "one twice");
  }
}

// PUBREL was sent, PUBCOMP not: the identifier is still in use.
void identifier_is_in_use_until_pubcomp(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("1", qos::exactly_once);
  const auto first = path.to->take_up_to_pubrel("1");
  path.publish("2", qos::exactly_once);
  const auto second = path.to->take("2");
  if (second.packet_identifier == first.packet_identifier) {
    deviate(test, *path.to, "another Packet Identifier before PUBCOMP", "the same");
  }
}

void pubrec_is_answered_with_pubrel(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("x", qos::exactly_once);
  const auto came = path.to->take("x");
  path.to->send(mqtt::pubrec{.packet_identifier = came.packet_identifier});
  expect_pubrel(*path.to, came.packet_identifier);
}

void several_pubrec_are_answered(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish_each({"1", "2", "3"}, qos::exactly_once);
  const auto sent = take_sent_ahead(test, *path.to);
  for (const mqtt::publish& each : sent) {
    path.to->send(mqtt::pubrec{.packet_identifier = each.packet_identifier});
  }
  for (const mqtt::publish& each : sent) {
    const std::uint16_t identifier = each.packet_identifier;
    path.to->expect<mqtt::pubrel>("PUBREL for each PUBREC", [identifier](const auto& came) {
      return came.packet_identifier == identifier;
    });
  }
}

void qos2_message_comes_once(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish_each({"1", "2", "3"}, qos::exactly_once);
  for (const char* payload : {"1", "2", "3"}) {
    const auto came = path.to->expect<mqtt::publish>(
        "each message once", {},
        [payload](const auto& next) { return as_text(next.payload) == payload; });
    path.to->acknowledge(came);
  }
  path.to->expect_no_publish();
}

void exchange_ends_with_pubcomp(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("x", qos::exactly_once);
  path.to->receive("x");
  expect_only_pingresp(test, *path.to);
  path.publish("y", qos::exactly_once);
  path.to->expect<mqtt::publish>("PUBLISH with payload \"y\" and none before it", {},
                                 [](const auto& came) { return as_text(came.payload) == "y"; });
}

// Client and broker choose the same Packet Identifier for messages towards each other.
void directions_are_independent(context& test, qos level) {
  message_path path = open_path(test, level);
  path.publish("down", level);
  const auto down = path.to->take("down");
  path.to->send(publish_of(test.topic("up"), "up", level, down.packet_identifier));
  if (level == qos::at_least_once) {
    expect_puback(test, *path.to, down.packet_identifier);
  } else {
    expect_pubrec(test, *path.to, down.packet_identifier);
    release(*path.to, down.packet_identifier);
  }
  path.to->acknowledge(down);
  expect_only_pingresp(test, *path.to);
}

// The broker's PUBREL and the client's, for the same identifier, cross.
void both_directions_at_pubrel(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("down", qos::exactly_once);
  const auto down = path.to->take("down");
  const std::uint16_t identifier = down.packet_identifier;
  path.to->send(publish_of(test.topic("up"), "up", qos::exactly_once, identifier));
  expect_pubrec(test, *path.to, identifier);
  path.to->send(mqtt::pubrec{.packet_identifier = identifier});
  expect_pubrel(*path.to, identifier);
  release(*path.to, identifier);
  path.to->send(mqtt::pubcomp{.packet_identifier = identifier});
  expect_only_pingresp(test, *path.to);
}

void add_cases_of_level(suite& to, qos level, const char* word, need needed) {
  const std::string of(word);
  const bool is_qos2 = level == qos::exactly_once;
  to.add({.id = "MQTT-2.2.1-4/not-zero-" + of,
          .title = "Deliveries with acknowledgement have a Packet Identifier that is not 0: " + of,
          .covers = {v5("MQTT-2.2.1-4"), v3("MQTT-2.3.1-1"), v3("MQTT-2.3.1-4")},
          .needs = {needed},
          .defects = {"send-identifier-zero"},
          .body = [level](context& test) { identifiers_are_not_zero(test, level); }});
  to.add({.id = (is_qos2 ? "MQTT-4.3.3-1/distinct-" : "MQTT-4.3.2-1/distinct-") + of,
          .title = "Unacknowledged deliveries have different Packet Identifiers: " + of,
          .covers = {v5("MQTT-2.2.1-4"), v5(is_qos2 ? "MQTT-4.3.3-1" : "MQTT-4.3.2-1"),
                     v3("MQTT-2.3.1-4"), v3(is_qos2 ? "MQTT-4.3.3-1" : "MQTT-4.3.2-1")},
          .needs = {needed},
          .defects = {"send-identifier-in-use"},
          .body = [level](context& test) { identifiers_are_distinct(test, level); }});
  to.add({.id = (is_qos2 ? "MQTT-4.3.3-2/first-" : "MQTT-4.3.2-2/first-") + of,
          .title = "The first delivery of a message has DUP 0 and its QoS: " + of,
          .covers = {v5(is_qos2 ? "MQTT-4.3.3-2" : "MQTT-4.3.2-2"), v5("MQTT-3.3.1-3"),
                     v3(is_qos2 ? "MQTT-4.3.3-1" : "MQTT-4.3.2-1"), v3("MQTT-3.3.1-3")},
          .needs = {needed},
          .defects = {"set-dup-at-first-delivery", "deliver-at-qos0"},
          .body = [level](context& test) { first_delivery(test, level); }});
  to.add({.id = "PR5-2.2.1-a/" + of,
          .title = "Broker and client may use the same Packet Identifier at once: " + of,
          .covers = {v5("PR5-2.2.1-a"), v3("PR3-2.3.1-a")},
          .needs = {needed},
          .defects = {"share-identifiers-between-directions"},
          .body = [level](context& test) { directions_are_independent(test, level); }});
}

}  // namespace

void add_delivery_cases(suite& to) {
  add_cases_of_level(to, qos::at_least_once, "qos1", need::qos1);
  add_cases_of_level(to, qos::exactly_once, "qos2", need::qos2);
  to.add(
      {.id = "MQTT-4.3.3-1/until-pubcomp",
       .title = "A Packet Identifier is not used anew before PUBCOMP",
       .covers = {v5("MQTT-4.3.3-1"), v5("MQTT-2.2.1-4"), v3("MQTT-4.3.3-1"), v3("MQTT-2.3.1-4")},
       .needs = {need::qos2},
       .defects = {"send-identifier-in-use"},
       .body = identifier_is_in_use_until_pubcomp});
  to.add(
      {.id = "MQTT-4.3.3-4/pubrel",
       .title = "PUBREC is answered with PUBREL for the same packet",
       .covers = {v5("MQTT-4.3.3-4"), v5("MQTT-2.2.1-5"), v3("MQTT-4.3.3-1"), v3("MQTT-2.3.1-6")},
       .needs = {need::qos2},
       .defects = {"omit-pubrel", "send-pubrel-with-wrong-identifier"},
       .body = pubrec_is_answered_with_pubrel});
  to.add({.id = "MQTT-4.3.3-4/several",
          .title = "Each of several PUBREC is answered with its PUBREL",
          .covers = {v5("MQTT-4.3.3-4"), v3("MQTT-4.3.3-1")},
          .needs = {need::qos2},
          .defects = {"omit-pubrel", "send-pubrel-with-wrong-identifier"},
          .body = several_pubrec_are_answered});
  to.add({.id = "MQTT-4.3.3-10/delivered-once",
          .title = "A QoS 2 message is delivered to a subscriber once",
          .covers = {v5("MQTT-4.3.3-10"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"deliver-qos2-twice"},
          .body = qos2_message_comes_once});
  to.add({.id = "MQTT-4.3.3-6/after-pubcomp",
          .title = "After PUBCOMP nothing more comes of a QoS 2 message",
          .covers = {v5("MQTT-4.3.3-6"), v3("MQTT-4.3.3-1")},
          .needs = {need::qos2},
          .defects = {"deliver-qos2-twice"},
          .body = exchange_ends_with_pubcomp});
  to.add({.id = "PR5-2.2.1-a/crossing-pubrel",
          .title = "Exchanges of QoS 2 in both directions with one identifier both finish",
          .covers = {v5("PR5-2.2.1-a"), v3("PR3-2.3.1-a")},
          .needs = {need::qos2},
          .defects = {"share-identifiers-between-directions"},
          .body = both_directions_at_pubrel});
}

}  // namespace gauntlet::conformance
