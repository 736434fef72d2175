// A subscriber gives a wrong answer, or another client the right one: the message stays
// unacknowledged and comes again over the session. Whether a broker ends the connection of who
// answers wrongly is its own business here. MQTT 5.0 §4.3.2, §4.3.3

#include <functional>

#include "conformance/cases/qos/qos_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

// The wrong answer was dealt with: PINGREQ is answered, or the connection is over.
void settle(context& test, client& c) {
  c.send(mqtt::pingreq{});
  while (!test.over()) {
    const script::arrival what = c.next(test.answer_limit());
    const bool is_packet = std::holds_alternative<script::arrived_packet>(what);
    if (script::packet_of<mqtt::pingresp>(what) != nullptr || !is_packet) return;
  }
}

template <class Answer>
void is_no_answer(context& test, qos level, int off_by) {
  message_path path = open_path(test, level);
  path.publish("x", level);
  const auto came = path.to->take("x");
  Answer wrong;
  wrong.packet_identifier = static_cast<std::uint16_t>(came.packet_identifier + off_by);
  path.to->send(wrong);
  settle(test, *path.to);
  path.resume().expect_publish("x");
}

void puback_of_another_client(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.publish("x", qos::at_least_once);
  const auto came = path.to->take("x");
  client& other = test.connected("other");
  other.send(mqtt::puback{.packet_identifier = came.packet_identifier});
  settle(test, other);
  path.resume().expect_publish("x");
}

// Both subscribers have a message with the same identifier; one acknowledges.
void puback_of_another_subscriber(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  client& other = test.connected("other");
  other.subscribe(path.topic, qos::at_least_once);
  path.publish("x", qos::at_least_once);
  path.to->take("x");
  other.receive("x");
  other.ping();
  path.resume().expect_publish("x");
}

void puback_in_place_of_pubcomp(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("x", qos::exactly_once);
  const auto came = path.to->take_up_to_pubrel("x");
  path.to->send(mqtt::puback{.packet_identifier = came.packet_identifier});
  settle(test, *path.to);
  expect_pubrel(path.resume(), came.packet_identifier);
}

void pubcomp_of_another_packet(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("x", qos::exactly_once);
  const auto came = path.to->take_up_to_pubrel("x");
  path.to->send(
      mqtt::pubcomp{.packet_identifier = static_cast<std::uint16_t>(came.packet_identifier + 1)});
  settle(test, *path.to);
  expect_pubrel(path.resume(), came.packet_identifier);
}

void unknown_pubrec_is_answered(context& test) {
  client& a = test.connected("subscriber");
  a.send(mqtt::pubrec{.packet_identifier = 9});
  a.expect<mqtt::pubrel>("PUBREL 0x92 (Packet identifier not found)", {}, [](const auto& came) {
    return came.reason_code == mqtt::reason_code::packet_identifier_not_found;
  });
  expect_only_pingresp(test, a);
  prove_delivery(test, a);
}

struct wrong_answer {
  const char* id;
  const char* title;
  qos level;
  const char* defect;
  void (*body)(context&);
};

constexpr wrong_answer wrong_answers[] = {
    {"puback-of-other-packet", "PUBACK for another packet does not end a QoS 1 message",
     qos::at_least_once, "take-unknown-puback-for-oldest",
     [](context& test) { is_no_answer<mqtt::puback>(test, qos::at_least_once, 1); }},
    {"puback-of-no-packet", "PUBACK for a packet that was never sent does not end a QoS 1 message",
     qos::at_least_once, "take-unknown-puback-for-oldest",
     [](context& test) { is_no_answer<mqtt::puback>(test, qos::at_least_once, 1000); }},
    {"puback-of-other-client", "PUBACK of another client does not end a QoS 1 message",
     qos::at_least_once, "take-puback-for-all-clients", puback_of_another_client},
    {"puback-of-other-subscriber", "PUBACK of one subscriber does not end the delivery to another",
     qos::at_least_once, "take-puback-for-all-clients", puback_of_another_subscriber},
    {"pubrec", "PUBREC does not end a QoS 1 message", qos::at_least_once, "accept-pubrec-for-qos1",
     [](context& test) { is_no_answer<mqtt::pubrec>(test, qos::at_least_once, 0); }},
    {"pubcomp", "PUBCOMP does not end a QoS 1 message", qos::at_least_once,
     "accept-pubcomp-before-pubrec",
     [](context& test) { is_no_answer<mqtt::pubcomp>(test, qos::at_least_once, 0); }},
    {"puback", "PUBACK does not end a QoS 2 message", qos::exactly_once, "accept-puback-for-qos2",
     [](context& test) { is_no_answer<mqtt::puback>(test, qos::exactly_once, 0); }},
    {"pubcomp-before-pubrec", "PUBCOMP before PUBREC does not end a QoS 2 message",
     qos::exactly_once, "accept-pubcomp-before-pubrec",
     [](context& test) { is_no_answer<mqtt::pubcomp>(test, qos::exactly_once, 0); }},
    {"puback-of-other-packet", "PUBACK for another packet does not end a QoS 2 message",
     qos::exactly_once, "take-unknown-puback-for-oldest",
     [](context& test) { is_no_answer<mqtt::puback>(test, qos::exactly_once, 1); }},
    {"puback-for-pubrel", "PUBACK does not take the place of PUBCOMP", qos::exactly_once,
     "accept-puback-for-qos2", puback_in_place_of_pubcomp},
    {"pubcomp-of-other-packet", "PUBCOMP for another packet does not end a QoS 2 message",
     qos::exactly_once, "omit-pubrel-at-resume", pubcomp_of_another_packet},
};

}  // namespace

void add_wrong_answer_cases(suite& to) {
  for (const wrong_answer& each : wrong_answers) {
    const bool is_qos2 = each.level == qos::exactly_once;
    const bool is_pubrel =
        each.body == puback_in_place_of_pubcomp || each.body == pubcomp_of_another_packet;
    const char* const in_v5 =
        is_pubrel ? "MQTT-4.3.3-5" : (is_qos2 ? "MQTT-4.3.3-3" : "MQTT-4.3.2-3");
    to.add({.id = std::string(in_v5) + "/" + each.id,
            .title = each.title,
            .covers = {v5(in_v5), v3(is_qos2 ? "MQTT-4.3.3-1" : "MQTT-4.3.2-1")},
            .needs = {is_qos2 ? need::qos2 : need::qos1},
            .defects = {each.defect},
            .body = each.body});
  }
  to.add({.id = "PR5-3.6.2.1-a/pubrel-code",
          .title = "PUBREC with an unknown Packet Identifier is answered with PUBREL 0x92",
          .covers = {v5("PR5-3.6.2.1-a"), v5("MQTT-3.6.2-1")},
          .needs = {need::qos2},
          .defects = {"ignore-unknown-pubrec", "close-at-unknown-pubrec"},
          .level = requirement_level::should,
          .body = unknown_pubrec_is_answered});
}

}  // namespace gauntlet::conformance
