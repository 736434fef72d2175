// Acknowledgements of a client that are wrong in themselves. MQTT 5.0 §2.1.3, §2.2.2, §3.4 to §3.7

#include <string>

#include "conformance/cases/qos/qos_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::raw_fields;
using mqtt::reason_code;

constexpr std::uint8_t undefined_code = 0x55;

struct acknowledgement_packet {
  awaited which;
  const char* name;     ///< in titles
  const char* word;     ///< in ids and defects
  const char* code;     ///< the statement about its Reason Code
  const char* twice;    ///< about a repeated Reason String
  const char* strange;  ///< about properties of other packets
};

constexpr acknowledgement_packet packets[] = {
    {awaited::puback, "PUBACK", "puback", "MQTT-3.4.2-1", "PE-3.4.2.2.2-a", "PE-2.2.2.2-d"},
    {awaited::pubrec, "PUBREC", "pubrec", "MQTT-3.5.2-1", "PE-3.5.2.2.2-a", "PE-2.2.2.2-e"},
    {awaited::pubrel, "PUBREL", "pubrel", "MQTT-3.6.2-1", "PE-3.6.2.2.2-a", "PE-2.2.2.2-f"},
    {awaited::pubcomp, "PUBCOMP", "pubcomp", "MQTT-3.7.2-1", "PE-3.7.2.2.2-a", "PE-2.2.2.2-g"},
};

need needed_for(awaited which) { return which == awaited::puback ? need::qos1 : need::qos2; }

acknowledgement_maker with_properties(awaited which, const mqtt::property_list& properties) {
  raw_fields fields;
  for (const mqtt::property& each : properties) fields.property(each);
  return [which, fields](std::uint16_t identifier) {
    return acknowledgement(which, identifier, 0x00, fields);
  };
}

void undefined_code_is_refused(context& test, awaited which) {
  const auto with_code = [which](std::uint8_t code) {
    return [which, code](std::uint16_t id) { return acknowledgement(which, id, code); };
  };
  expect_acknowledgement_refused(test, which, with_code(0x00), with_code(undefined_code),
                                 {{reason_code::protocol_error, reason_code::malformed_packet}});
}

void reason_string_twice_is_refused(context& test, awaited which) {
  expect_acknowledgement_refused(
      test, which, with_properties(which, {mqtt::reason_string("r")}),
      with_properties(which, {mqtt::reason_string("r"), mqtt::reason_string("r")}),
      {{reason_code::protocol_error, reason_code::malformed_packet}});
}

void strange_property_is_refused(context& test, awaited which) {
  expect_acknowledgement_refused(test, which,
                                 with_properties(which, {mqtt::user_property("a", "b")}),
                                 with_properties(which, {mqtt::topic_alias(1)}),
                                 {{reason_code::malformed_packet, reason_code::protocol_error}});
}

void wrong_flags_are_refused(context& test, awaited which, std::uint8_t first_byte) {
  const auto right = [which](std::uint16_t id) { return acknowledgement(which, id); };
  expect_acknowledgement_refused(test, which, right,
                                 [&](std::uint16_t id) {
                                   byte_buffer packet = right(id);
                                   packet[0] = first_byte;
                                   return packet;
                                 },
                                 {{reason_code::malformed_packet, reason_code::protocol_error}});
}

// Remaining Length 1: not even the Packet Identifier is whole.
void truncated_packet_is_refused(context& test, awaited which) {
  const auto right = [which](std::uint16_t id) { return acknowledgement(which, id); };
  expect_acknowledgement_refused(test, which, right,
                                 [&](std::uint16_t id) {
                                   return byte_buffer{right(id)[0], 0x01, 0x00};
                                 },
                                 {{reason_code::malformed_packet, reason_code::protocol_error}});
}

// Either the connection ends, or the identifier is unknown like any other.
template <class Answer>
void identifier_zero_is_noticed(context& test, awaited which) {
  client& a = test.connected("client");
  a.send_bytes(acknowledgement(which, 0));
  const script::arrival what = a.next(test.answer_limit());
  if (script::packet_of<Answer>(what) == nullptr) {
    a.set_aside(what);
    if (std::holds_alternative<script::arrived_nothing>(what)) {
      return deviate(test, a, "an answer or the end of the connection", "nothing");
    }
    a.expect_close();
  }
  test.expect_served();
  prove_delivery(test, test.connected("publisher"));
}

void add_flag_cases(suite& to) {
  for (const acknowledgement_packet& each : packets) {
    if (each.which == awaited::pubrel) continue;
    const auto first_byte = static_cast<std::uint8_t>(acknowledgement(each.which, 1)[0] | 0x02U);
    to.add({.id = "MQTT-2.1.3-1/" + std::string(each.word) + "-of-exchange",
            .title = std::string(each.name) + " with reserved flags ends the connection",
            .covers = {v5("MQTT-2.1.3-1"), v3("MQTT-2.2.2-2")},
            .needs = {needed_for(each.which)},
            .defects = {std::string_view(each.word) == "puback" ? "accept-reserved-flags-of-puback"
                        : std::string_view(each.word) == "pubrec"
                            ? "accept-reserved-flags-of-pubrec"
                            : "accept-reserved-flags-of-pubcomp"},
            .body = [which = each.which, first_byte](context& test) {
              wrong_flags_are_refused(test, which, first_byte);
            }});
  }
  struct pubrel_flags {
    const char* id;
    std::uint8_t first_byte;
  };
  for (const pubrel_flags& each :
       {pubrel_flags{"0000", 0x60}, pubrel_flags{"0011", 0x63}, pubrel_flags{"1010", 0x6A}}) {
    to.add({.id = "MQTT-3.6.1-1/flags-" + std::string(each.id),
            .title = "PUBREL with the flags " + std::string(each.id) + " ends the connection",
            .covers = {v5("MQTT-3.6.1-1"), v3("MQTT-3.6.1-1")},
            .needs = {need::qos2},
            .defects = {"accept-reserved-flags-of-pubrel"},
            .body = [first_byte = each.first_byte](context& test) {
              wrong_flags_are_refused(test, awaited::pubrel, first_byte);
            }});
  }
}

// The names of defects have to be literals.
struct defects_of_packet {
  const char* code;
  const char* twice;
  const char* strange;
};

constexpr defects_of_packet defects[] = {
    {"accept-reason-code-of-puback", "accept-reason-string-twice-in-puback",
     "accept-strange-property-in-puback"},
    {"accept-reason-code-of-pubrec", "accept-reason-string-twice-in-pubrec",
     "accept-strange-property-in-pubrec"},
    {"accept-reason-code-of-pubrel", "accept-reason-string-twice-in-pubrel",
     "accept-strange-property-in-pubrel"},
    {"accept-reason-code-of-pubcomp", "accept-reason-string-twice-in-pubcomp",
     "accept-strange-property-in-pubcomp"},
};

}  // namespace

void add_acknowledgement_error_cases(suite& to) {
  for (std::size_t i = 0; i < std::size(packets); ++i) {
    const acknowledgement_packet& each = packets[i];
    const std::string word = each.word;
    const std::string name = each.name;
    const awaited which = each.which;
    to.add({.id = std::string(each.code) + "/undefined-code",
            .title = name + " with a Reason Code that does not exist ends the connection",
            .covers = {v5(each.code), v5("PE-3.4.2.1-a")},
            .needs = {needed_for(which)},
            .defects = {defects[i].code},
            .level = requirement_level::should,
            .body = [which](context& test) { undefined_code_is_refused(test, which); }});
    to.add({.id = std::string(each.twice) + "/" + word,
            .title = name + " with two Reason Strings ends the connection",
            .covers = {v5(each.twice)},
            .needs = {needed_for(which)},
            .defects = {defects[i].twice},
            .body = [which](context& test) { reason_string_twice_is_refused(test, which); }});
    to.add({.id = std::string(each.strange) + "/" + word,
            .title = name + " with a property of other packets ends the connection",
            .covers = {v5(each.strange)},
            .needs = {needed_for(which)},
            .defects = {defects[i].strange},
            .body = [which](context& test) { strange_property_is_refused(test, which); }});
    to.add({.id = "PR3-3.4.1-a/truncated-" + word,
            .title = name + " without a whole Packet Identifier ends the connection",
            .covers = {v5("PE-2.1.4-a"), v3("PR3-3.4.1-a")},
            .needs = {needed_for(which)},
            .defects = {"accept-truncated-acknowledgement"},
            .body = [which](context& test) { truncated_packet_is_refused(test, which); }});
  }
  add_flag_cases(to);
  to.add({.id = "PE-2.2.1-a/pubrel",
          .title = "PUBREL with Packet Identifier 0 is answered or ends the connection",
          .covers = {v5("PE-2.2.1-a"), v3("MQTT-2.3.1-6")},
          .needs = {need::qos2},
          .defects = {"accept-packet-identifier-0-in-acknowledgement"},
          .level = requirement_level::should,
          .body = [](context& test) {
            identifier_zero_is_noticed<mqtt::pubcomp>(test, awaited::pubrel);
          }});
  to.add({.id = "PE-2.2.1-a/pubrec",
          .title = "PUBREC with Packet Identifier 0 is answered or ends the connection",
          .covers = {v5("PE-2.2.1-a")},
          .needs = {need::qos2},
          .defects = {"accept-packet-identifier-0-in-acknowledgement"},
          .level = requirement_level::should,
          .body = [](context& test) {
            identifier_zero_is_noticed<mqtt::pubrel>(test, awaited::pubrec);
          }});
}

}  // namespace gauntlet::conformance
