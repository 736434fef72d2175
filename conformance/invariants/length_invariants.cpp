// Lengths: of packets, of properties, and of packets that have only one. MQTT 5.0 §2.1.4, 3.1.1
// §2.2.3

#include "conformance/invariants/rule_checks.hpp"
#include "conformance/invariants/themes.hpp"
#include "harness/mqtt/fixed_header.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::packet_type;

mqtt::remaining_length_field length_of(const observed_packet& came) {
  return mqtt::read_remaining_length(came.bytes.subspan(1));
}

// Packets that 3.1.1 gives one length.
auto remaining_length_is(packet_type type, std::uint32_t size) {
  return [type, size](const observed_packet& came) {
    if (!came.is(type)) return finding::not_concerned();
    const auto length = length_of(came);
    return finding::demand(length.value == size,
                           "Remaining Length " + std::to_string(length.value));
  };
}

finding length_ends(const observed_packet& came) {
  using state = mqtt::remaining_length_field::state;
  return finding::demand(length_of(came).found != state::too_long,
                         "the Remaining Length goes on after four bytes");
}

finding length_is_minimal(const observed_packet& came) {
  return finding::demand(length_of(came).shortest, "the Remaining Length takes needless bytes");
}

finding fields_fill(const observed_packet& came) {
  if (breaks(came, mqtt::rules::fields_fit) || breaks(came, mqtt::rules::fields_fill) ||
      breaks(came, mqtt::rules::size_matches)) {
    return finding::broken(mqtt::describe(*came.error));
  }
  return came.packet != nullptr ? finding::holds() : finding::not_concerned();
}

finding properties_fill(const observed_packet& came) {
  if (breaks(came, mqtt::rules::properties_fit) || breaks(came, mqtt::rules::property_fits)) {
    return finding::broken(mqtt::describe(*came.error));
  }
  return properties_of(came) != nullptr ? finding::holds() : finding::not_concerned();
}

void add_fixed_sizes(std::vector<invariant>& to) {
  to.push_back({.id = "invariant/size-of-connack-in-3.1.1",
                .title = "CONNACK has Remaining Length 2 in 3.1.1",
                .covers = {v3("PR3-7.1.1-a")},
                .defects = {"send-properties-in-connack-of-3-1-1", "send-truncated-connack"},
                .check = remaining_length_is(packet_type::connack, 2)});
  to.push_back({.id = "invariant/size-of-puback-in-3.1.1",
                .title = "PUBACK has Remaining Length 2 in 3.1.1",
                .covers = {v3("PR3-3.4.1-a")},
                .defects = {"send-surplus-in-puback"},
                .check = remaining_length_is(packet_type::puback, 2)});
  to.push_back({.id = "invariant/size-of-pubrec-in-3.1.1",
                .title = "PUBREC has Remaining Length 2 in 3.1.1",
                .covers = {v3("PR3-3.4.1-a")},
                .check = remaining_length_is(packet_type::pubrec, 2)});
  to.push_back({.id = "invariant/size-of-pubrel-in-3.1.1",
                .title = "PUBREL has Remaining Length 2 in 3.1.1",
                .covers = {v3("PR3-3.4.1-a")},
                .check = remaining_length_is(packet_type::pubrel, 2)});
  to.push_back({.id = "invariant/size-of-pubcomp-in-3.1.1",
                .title = "PUBCOMP has Remaining Length 2 in 3.1.1",
                .covers = {v3("PR3-3.4.1-a")},
                .check = remaining_length_is(packet_type::pubcomp, 2)});
  to.push_back({.id = "invariant/size-of-unsuback-in-3.1.1",
                .title = "UNSUBACK has Remaining Length 2 in 3.1.1",
                .covers = {v3("PR3-7.1.1-a")},
                .defects = {"send-codes-in-unsuback-of-3-1-1"},
                .check = remaining_length_is(packet_type::unsuback, 2)});
  to.push_back({.id = "invariant/size-of-pingresp",
                .title = "PINGRESP has Remaining Length 0",
                .covers = {v5("PE-2.1.4-b"), v3("PR3-7.1.1-a")},
                .defects = {"send-surplus-in-pingresp"},
                .check = remaining_length_is(packet_type::pingresp, 0)});
}

}  // namespace

void add_length_invariants(std::vector<invariant>& to) {
  to.push_back({.id = "invariant/remaining-length-ends",
                .title = "The Remaining Length has no more than four bytes",
                .covers = {v5("PE-2.1.4-b"), v3("PR3-2.2.3-a")},
                .check = length_ends});
  to.push_back({.id = "invariant/remaining-length-minimal",
                .title = "The Remaining Length takes the fewest bytes possible",
                .covers = {v5("MQTT-1.5.5-1")},
                .defects = {"send-long-remaining-length"},
                .check = length_is_minimal});
  to.push_back(
      {.id = "invariant/property-length-minimal",
       .title = "Property Length and Subscription Identifier take the fewest bytes possible",
       .covers = {v5("MQTT-1.5.5-1")},
       .defects = {"send-long-property-length"},
       .check = keeps(mqtt::rules::shortest_length, {}, properties_of)});
  to.push_back(
      {.id = "invariant/fields-fill-packet",
       .title = "The fields of a packet fill its Remaining Length exactly",
       .covers = {v5("PE-2.1.4-b"), v3("PR3-7.1.1-a")},
       .defects = {"send-truncated-connack", "send-surplus-in-pingresp", "send-surplus-in-puback"},
       .check = fields_fill});
  to.push_back(
      {.id = "invariant/properties-fill-length",
       .title = "The properties of a packet fill its Property Length, which is never left out",
       .covers = {v5("MQTT-2.2.2-1"), v5("PE-2.1.4-b")},
       .defects = {"omit-property-length-of-publish"},
       .check = properties_fill});
  add_fixed_sizes(to);
}

}  // namespace gauntlet::conformance
