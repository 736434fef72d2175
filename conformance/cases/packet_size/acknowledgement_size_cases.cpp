// Reason String and User Properties give way to the client's Maximum Packet Size. MQTT 5.0 §3.4.2.2
// to §3.7.2.2

#include "conformance/cases/packet_size/packet_size_cases.hpp"
#include "conformance/cases/packet_size/sized_publish.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

// As small as this broker's CONNACK lets it be.
std::uint32_t smallest_limit(context& test) {
  client& ordinary = test.open("ordinary");
  mqtt::connect packet{.client_id = test.client_id("ordinary")};
  const mqtt::connack answer = ordinary.connect(packet);
  return static_cast<std::uint32_t>(std::max<std::size_t>(20, size_in_v5(answer)));
}

// A packet that some brokers have something to say about.
mqtt::packet unusual(context& test, awaited answer) {
  // Topics that begin with "$" are the broker's own.
  const std::string topic = "$gauntlet/" + test.topic("t");
  switch (answer) {
    case awaited::puback:
      return publish_of(topic, "x", qos::at_least_once, 9);
    case awaited::pubrec:
      return publish_of(topic, "x", qos::exactly_once, 9);
    case awaited::pubrel:
      return mqtt::pubrec{.packet_identifier = 9};
    case awaited::pubcomp:
      return mqtt::pubrel{.packet_identifier = 9};
  }
  return mqtt::pingreq{};
}

constexpr mqtt::packet_type type_of_answer(awaited which) {
  switch (which) {
    case awaited::puback:
      return mqtt::packet_type::puback;
    case awaited::pubrec:
      return mqtt::packet_type::pubrec;
    case awaited::pubrel:
      return mqtt::packet_type::pubrel;
    default:
      return mqtt::packet_type::pubcomp;
  }
}

void answer_fits(context& test, awaited which) {
  const std::uint32_t limit = smallest_limit(test);
  client& a = test.connected("limited", {.properties = {mqtt::maximum_packet_size(limit)}});
  a.send(unusual(test, which));
  const script::arrival what = a.next(test.answer_limit());
  const auto* const came = std::get_if<script::arrived_packet>(&what);
  if (came == nullptr || mqtt::type_of(came->packet) != type_of_answer(which)) {
    if (came != nullptr || script::is_close(what) || which == awaited::pubrel) {
      return test.leave_undecided("the broker does not answer so");
    }
    return deviate(test, a, "an answer within the Maximum Packet Size",
                   script::to_text(what, test.version()));
  }
  if (came->bytes.size() > limit) {
    return deviate(test, a, "an answer of at most " + std::to_string(limit) + " bytes",
                   std::to_string(came->bytes.size()) + " bytes");
  }
  prove_delivery(test, test.connected("publisher"));
}

struct limited_packet {
  awaited which;
  const char* name;
  const char* reason_string;
  const char* user_properties;
};

constexpr limited_packet packets[] = {
    {awaited::puback, "PUBACK", "MQTT-3.4.2-2", "MQTT-3.4.2-3"},
    {awaited::pubrec, "PUBREC", "MQTT-3.5.2-2", "MQTT-3.5.2-3"},
    {awaited::pubrel, "PUBREL", "MQTT-3.6.2-2", "MQTT-3.6.2-3"},
    {awaited::pubcomp, "PUBCOMP", "MQTT-3.7.2-2", "MQTT-3.7.2-3"},
};

}  // namespace

void add_acknowledgement_size_cases(suite& to) {
  for (const limited_packet& each : packets) {
    const auto body = [which = each.which](context& test) { answer_fits(test, which); };
    to.add({.id = std::string(each.reason_string) + "/fits",
            .title = std::string(each.name) +
                     " has no Reason String that exceeds the client's Maximum Packet Size",
            .covers = {v5(each.reason_string)},
            .needs = {need::qos2},
            .defects = {"exceed-maximum-packet-size-with-reason-string"},
            .body = body});
    to.add({.id = std::string(each.user_properties) + "/fits",
            .title = std::string(each.name) +
                     " has no User Properties that exceed the client's Maximum Packet Size",
            .covers = {v5(each.user_properties)},
            .needs = {need::qos2},
            .defects = {"exceed-maximum-packet-size-with-user-properties"},
            .body = body});
  }
}

}  // namespace gauntlet::conformance
