// The forms of acknowledgements: those that the broker has to understand, and how its own look.
// MQTT 5.0 §2.1.3, §3.4 to §3.7

#include <string>

#include "conformance/cases/qos/qos_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::raw_fields;

enum class form { with_code, with_empty_properties, with_all_properties };

byte_buffer in_form(awaited which, std::uint16_t identifier, form of) {
  if (of == form::with_code) return acknowledgement(which, identifier, 0x00);
  raw_fields properties;
  if (of == form::with_all_properties) {
    properties.property(mqtt::user_property("a", "1"))
        .property(mqtt::reason_string("taken"))
        .property(mqtt::user_property("a", "2"));
  }
  return acknowledgement(which, identifier, 0x00, properties);
}

// Only one message may be unacknowledged, so the next one shows that the acknowledgement counted.
void puback_is_understood(context& test, form of) {
  message_path path = open_path(test, qos::at_least_once, {mqtt::receive_maximum(1)});
  path.publish_each({"1", "2"}, qos::at_least_once);
  const auto first = path.to->take("1");
  path.to->send_bytes(in_form(awaited::puback, first.packet_identifier, of));
  path.to->expect_publish("2");
}

void pubrec_is_understood(context& test, form of) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("x", qos::exactly_once);
  const auto came = path.to->take("x");
  path.to->send_bytes(in_form(awaited::pubrec, came.packet_identifier, of));
  expect_pubrel(*path.to, came.packet_identifier);
}

void pubrel_is_understood(context& test, form of) {
  client& a = test.connected("publisher");
  a.publish_unreleased(publish_of(test.topic("t"), "x", qos::exactly_once, 9));
  a.send_bytes(in_form(awaited::pubrel, 9, of));
  expect_pubcomp(a, 9);
  prove_delivery(test, a);
}

void pubcomp_is_understood(context& test, form of) {
  message_path path = open_path(test, qos::exactly_once, {mqtt::receive_maximum(1)});
  path.publish_each({"1", "2"}, qos::exactly_once);
  const auto first = path.to->take_up_to_pubrel("1");
  path.to->send_bytes(in_form(awaited::pubcomp, first.packet_identifier, of));
  path.to->expect_publish("2");
}

// Each packet that the broker sends in these exchanges is decoded by the letter of the standard.
void exchanges_of_publisher(context& test) {
  client& a = test.connected("publisher");
  a.send(publish_of(test.topic("t"), "x", qos::at_least_once, 8));
  expect_puback(test, a, 8);
  a.send(publish_of(test.topic("t"), "x", qos::exactly_once, 9));
  expect_pubrec(test, a, 9);
  release(a, 9);
  prove_delivery(test, a);
}

void exchange_of_subscriber(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("x", qos::exactly_once);
  const auto came = path.to->take("x");
  path.to->send(mqtt::pubrec{.packet_identifier = came.packet_identifier});
  expect_pubrel(*path.to, came.packet_identifier);
}

void publish_of_broker(context& test) {
  message_path path = open_path(test, qos::at_most_once);
  path.publish("x", qos::at_most_once);
  path.to->expect_publish("x");
}

// The next packet to an unknown identifier has a Reason Code, and it is one of the two there are.
void code_of_pubrel(context& test) {
  client& a = test.connected("subscriber");
  a.send(mqtt::pubrec{.packet_identifier = 9});
  const script::arrival what = a.next(test.answer_limit());
  if (std::holds_alternative<script::arrived_malformed>(what)) {
    return deviate(test, a, "PUBREL with a Reason Code that it may have",
                   script::to_text(what, test.version()));
  }
  if (script::packet_of<mqtt::pubrel>(what) == nullptr) {
    return test.leave_undecided("the broker sends no PUBREL for an unknown Packet Identifier");
  }
  prove_delivery(test, a);
}

struct understood {
  awaited which;
  const char* name;
  void (*body)(context&, form);
};

constexpr understood all_understood[] = {
    {awaited::puback, "PUBACK", puback_is_understood},
    {awaited::pubrec, "PUBREC", pubrec_is_understood},
    {awaited::pubrel, "PUBREL", pubrel_is_understood},
    {awaited::pubcomp, "PUBCOMP", pubcomp_is_understood},
};

struct sent_form {
  const char* id;
  const char* title;
  std::vector<statement_name> covers;
  const char* defect;
  void (*body)(context&);
};

void add_sent_forms(suite& to) {
  const std::vector<statement_name> flags = {v5("MQTT-2.1.3-1"), v3("MQTT-2.2.2-1")};
  const std::vector<statement_name> pubrel_flags = {v5("MQTT-3.6.1-1"), v3("MQTT-3.6.1-1")};
  const std::vector<statement_name> properties = {v5("PE-2.2.2.2-n")};
  for (const sent_form& each : {
           sent_form{"MQTT-2.1.3-1/puback-from-broker", "PUBACK has its flags", flags,
                     "send-reserved-flags-in-puback", exchanges_of_publisher},
           sent_form{"MQTT-2.1.3-1/pubrec-from-broker", "PUBREC has its flags", flags,
                     "send-reserved-flags-in-pubrec", exchanges_of_publisher},
           sent_form{"MQTT-2.1.3-1/pubcomp-from-broker", "PUBCOMP has its flags", flags,
                     "send-reserved-flags-in-pubcomp", exchanges_of_publisher},
           sent_form{"MQTT-3.6.1-1/from-broker", "PUBREL has the flags 0010", pubrel_flags,
                     "send-reserved-flags-in-pubrel", exchange_of_subscriber},
           sent_form{"MQTT-3.3.1-4/from-broker",
                     "No PUBLISH has QoS 3",
                     {v5("MQTT-3.3.1-4"), v3("MQTT-3.3.1-4")},
                     "send-qos-3",
                     publish_of_broker},
           sent_form{"PR3-3.4.1-a/puback-from-broker",
                     "PUBACK has nothing behind its last field",
                     {v5("PE-2.1.4-b"), v3("PR3-3.4.1-a")},
                     "send-surplus-in-puback",
                     exchanges_of_publisher},
           sent_form{"PE-2.2.2.2-n/puback", "PUBACK has only properties that it may have",
                     properties, "send-strange-property-in-puback", exchanges_of_publisher},
           sent_form{"PE-2.2.2.2-n/pubrec", "PUBREC has only properties that it may have",
                     properties, "send-strange-property-in-pubrec", exchanges_of_publisher},
           sent_form{"PE-2.2.2.2-n/pubcomp", "PUBCOMP has only properties that it may have",
                     properties, "send-strange-property-in-pubcomp", exchanges_of_publisher},
           sent_form{"PE-2.2.2.2-n/pubrel", "PUBREL has only properties that it may have",
                     properties, "send-strange-property-in-pubrel", exchange_of_subscriber},
           sent_form{"PE-2.2.2.2-n/publish", "PUBLISH has only properties that it may have",
                     properties, "send-strange-property-in-publish", publish_of_broker},
           sent_form{"MQTT-3.4.2-1/from-broker",
                     "PUBACK has a Reason Code of PUBACK",
                     {v5("MQTT-3.4.2-1")},
                     "send-undefined-puback-code",
                     exchanges_of_publisher},
           sent_form{"MQTT-3.5.2-1/from-broker",
                     "PUBREC has a Reason Code of PUBREC",
                     {v5("MQTT-3.5.2-1")},
                     "send-undefined-pubrec-code",
                     exchanges_of_publisher},
           sent_form{"MQTT-3.7.2-1/from-broker",
                     "PUBCOMP has a Reason Code of PUBCOMP",
                     {v5("MQTT-3.7.2-1")},
                     "send-undefined-pubcomp-code",
                     exchanges_of_publisher},
           sent_form{"MQTT-3.6.2-1/from-broker",
                     "PUBREL has a Reason Code of PUBREL",
                     {v5("MQTT-3.6.2-1")},
                     "send-undefined-pubrel-code",
                     exchange_of_subscriber},
           sent_form{"MQTT-3.6.2-1/unknown",
                     "PUBREL to an unknown packet has a code of PUBREL",
                     {v5("MQTT-3.6.2-1")},
                     "send-undefined-pubrel-code",
                     code_of_pubrel},
       }) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = each.covers,
            .needs = {need::qos2},
            .defects = {each.defect},
            .body = each.body});
  }
}

}  // namespace

void add_acknowledgement_form_cases(suite& to) {
  for (const understood& each : all_understood) {
    std::string word = each.name;
    for (char& letter : word) letter = static_cast<char>(letter | 0x20);
    to.add({.id = "PR5-3.4.2.1-b/" + word + "-with-code",
            .title = std::string(each.name) + " with a Reason Code and no properties is understood",
            .covers = {v5("PR5-3.4.2.1-b")},
            .needs = {need::qos2},
            .defects = {"ignore-acknowledgement-without-properties"},
            .body = [body = each.body](context& test) { body(test, form::with_code); }});
  }
  add_sent_forms(to);
}

}  // namespace gauntlet::conformance
