// Reason Codes: those that the standard lets a server put into a packet. MQTT 5.0 §2.4

#include "conformance/invariants/rule_checks.hpp"
#include "conformance/invariants/themes.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::packet_type;

void add_codes(std::vector<invariant>& to, packet_type type, std::vector<statement_name> covers,
               std::vector<caught_defect> defects) {
  const std::string name(mqtt::packet_type_name(type));
  to.push_back({.id = "invariant/codes-of-" + in_words_of_ids(name),
                .title = name + " holds only Reason Codes that a server may put into it",
                .covers = std::move(covers),
                .defects = std::move(defects),
                .check = keeps_in(type, mqtt::rules::code_allowed)});
}

finding connack_code(const observed_packet& came) {
  const mqtt::rule& rule =
      came.is_v5() ? mqtt::rules::code_allowed : mqtt::rules::return_code_defined;
  return keeps_in(packet_type::connack, rule)(came);
}

// Table 2-6 allows 0x8C in DISCONNECT, Table 3-10 does not list it: no rule to convict by.
finding disconnect_code(const observed_packet& came) {
  const bool doubtful =
      came.is(packet_type::disconnect) && came.bytes.size() > 2 &&
      came.bytes[2] == static_cast<std::uint8_t>(mqtt::reason_code::bad_authentication_method);
  if (doubtful) return finding::not_concerned();
  return keeps_in(packet_type::disconnect, mqtt::rules::code_allowed)(came);
}

}  // namespace

void add_reason_code_invariants(std::vector<invariant>& to) {
  to.push_back({.id = "invariant/codes-of-connack",
                .title = "CONNACK holds a code that the standard defines for it",
                .covers = {v5("MQTT-3.2.2-8"), v3("MQTT-3.2.2-6")},
                .defects = {"send-undefined-connack-code"},
                .check = connack_code});
  add_codes(to, packet_type::puback, {v5("MQTT-3.4.2-1")}, {"send-undefined-puback-code"});
  add_codes(to, packet_type::pubrec, {v5("MQTT-3.5.2-1")}, {"send-undefined-pubrec-code"});
  add_codes(to, packet_type::pubrel, {v5("MQTT-3.6.2-1")}, {"send-undefined-pubrel-code"});
  add_codes(to, packet_type::pubcomp, {v5("MQTT-3.7.2-1")}, {"send-undefined-pubcomp-code"});
  add_codes(to, packet_type::suback, {v5("MQTT-3.9.3-2"), v5("MQTT-3.8.4-7"), v3("MQTT-3.9.3-2")},
            {"send-undefined-suback-code"});
  add_codes(to, packet_type::unsuback, {v5("MQTT-3.11.3-2")}, {"send-undefined-unsuback-code"});
  to.push_back({.id = "invariant/codes-of-disconnect",
                .title = "DISCONNECT holds only Reason Codes that a server may put into it",
                .covers = {v5("MQTT-3.14.2-1")},
                .defects = {"send-undefined-disconnect-code"},
                .check = disconnect_code});
  add_codes(to, packet_type::auth, {v5("MQTT-3.15.2-1")}, {});
}

}  // namespace gauntlet::conformance
