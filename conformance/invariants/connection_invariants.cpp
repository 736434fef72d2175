// The connection as a whole: what may come after DISCONNECT, answers to PINGREQ, limits that
// CONNECT announced. MQTT 5.0 §3.12 to §3.14, §3.1.2.11

#include "conformance/invariants/rule_checks.hpp"
#include "conformance/invariants/themes.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::packet_type;
using mqtt::property_id;

finding nothing_after_disconnect(const observed_packet& came) {
  if (came.on.disconnect_came) return finding::broken("comes after the broker's DISCONNECT");
  return came.is(packet_type::disconnect) ? finding::holds() : finding::not_concerned();
}

finding answers_a_ping(const observed_packet& came) {
  if (came.as<mqtt::pingresp>() == nullptr) return finding::not_concerned();
  return finding::demand(came.on.pings > 0, "PINGRESP for no PINGREQ");
}

// MQTT 5.0 §3.1.2.11.7
finding explains_only_where_asked(const observed_packet& came) {
  const bool silenced = came.on.announced<property_id::request_problem_information>(1) == 0;
  const bool free = came.is(packet_type::publish) || came.is(packet_type::connack) ||
                    came.is(packet_type::disconnect);
  const mqtt::property_list* const properties = properties_of(came);
  if (!silenced || free || properties == nullptr) return finding::not_concerned();
  return finding::demand(!properties->contains(property_id::reason_string) &&
                             !properties->contains(property_id::user_property),
                         "explains although Request Problem Information is 0");
}

void add_size(std::vector<invariant>& to, packet_type type, std::vector<statement_name> covers,
              std::vector<caught_defect> defects) {
  const std::string name(mqtt::packet_type_name(type));
  covers.push_back(v5("MQTT-3.1.2-24"));
  to.push_back({.id = "invariant/size-of-" + in_words_of_ids(name),
                .title = name + " is not larger than the client's Maximum Packet Size",
                .covers = std::move(covers),
                .defects = std::move(defects),
                .check = [type](const observed_packet& came) {
                  const std::uint32_t most = came.on.announced<property_id::maximum_packet_size>(0);
                  if (most == 0 || !came.is(type)) return finding::not_concerned();
                  return finding::demand(came.bytes.size() <= most,
                                         std::to_string(came.bytes.size()) +
                                             " bytes for a client " + "that takes " +
                                             std::to_string(most));
                }});
}

void add_sizes(std::vector<invariant>& to) {
  const char* const any = "exceed-maximum-packet-size";
  const char* const text = "exceed-maximum-packet-size-with-reason-string";
  const char* const user = "exceed-maximum-packet-size-with-user-properties";
  add_size(to, packet_type::connack, {v5("MQTT-3.2.2-19"), v5("MQTT-3.2.2-20")}, {text, user});
  add_size(to, packet_type::publish, {v5("PE-3.1.2.11.4-c")}, {any});
  add_size(to, packet_type::puback, {v5("MQTT-3.4.2-2"), v5("MQTT-3.4.2-3")}, {text, user});
  add_size(to, packet_type::pubrec, {v5("MQTT-3.5.2-2"), v5("MQTT-3.5.2-3")}, {text, user});
  add_size(to, packet_type::pubrel, {v5("MQTT-3.6.2-2"), v5("MQTT-3.6.2-3")}, {text, user});
  add_size(to, packet_type::pubcomp, {v5("MQTT-3.7.2-2"), v5("MQTT-3.7.2-3")}, {text, user});
  add_size(to, packet_type::suback, {v5("MQTT-3.9.2-1"), v5("MQTT-3.9.2-2")}, {text, user});
  add_size(to, packet_type::unsuback, {v5("MQTT-3.11.2-1"), v5("MQTT-3.11.2-2")}, {text, user});
  add_size(to, packet_type::disconnect, {v5("MQTT-3.14.2-3"), v5("MQTT-3.14.2-4")}, {text, user});
}

}  // namespace

void add_connection_invariants(std::vector<invariant>& to) {
  to.push_back({.id = "invariant/nothing-after-disconnect",
                .title = "Nothing comes after the broker's DISCONNECT",
                .covers = {v5("MQTT-3.14.4-1")},
                .defects = {"send-packet-after-disconnect", "keep-connection-after-disconnect"},
                .check = nothing_after_disconnect});
  to.push_back({.id = "invariant/pingresp-for-pingreq",
                .title = "Each PINGRESP answers a PINGREQ",
                .covers = {v5("MQTT-3.12.4-1"), v3("MQTT-3.12.4-1")},
                .defects = {"send-pingresp-twice"},
                .basis = invariant_basis::story,
                .check = answers_a_ping});
  to.push_back({.id = "invariant/problem-information",
                .title = "With Request Problem Information 0 only PUBLISH, CONNACK and DISCONNECT "
                         "have a Reason String or User Properties",
                .covers = {v5("MQTT-3.1.2-29"), v5("PE-3.1.2.11.7-c")},
                .defects = {"ignore-request-problem-information"},
                .check = explains_only_where_asked});
  add_sizes(to);
}

}  // namespace gauntlet::conformance
