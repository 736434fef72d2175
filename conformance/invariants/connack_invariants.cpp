// CONNACK beside the CONNECT that it answers. MQTT 5.0 §3.2, 3.1.1 §3.2

#include "conformance/invariants/rule_checks.hpp"
#include "conformance/invariants/themes.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::packet_type;
using mqtt::property_id;

// CONNACK of a CONNECT that kept the rules.
const mqtt::connack* answer_of(const observed_packet& came) {
  return came.on.connect && !came.on.connack ? came.as<mqtt::connack>() : nullptr;
}

finding refused_without_session(const observed_packet& came) {
  if (breaks(came, mqtt::rules::no_session_if_refused)) {
    return finding::broken("Session Present 1 in a CONNACK that refuses");
  }
  const auto* const answer = came.as<mqtt::connack>();
  const bool refuses = answer != nullptr && mqtt::is_error(answer->reason_code);
  return refuses ? finding::holds() : finding::not_concerned();
}

finding clean_without_session(const observed_packet& came) {
  const auto* const answer = answer_of(came);
  if (answer == nullptr || mqtt::is_error(answer->reason_code) || !came.on.connect->clean_start) {
    return finding::not_concerned();
  }
  return finding::demand(!answer->session_present,
                         came.is_v5() ? "Session Present 1 although Clean Start was 1"
                                      : "Session Present 1 although CleanSession was 1");
}

finding tells_assigned_identifier(const observed_packet& came) {
  const auto* const answer = answer_of(came);
  if (answer == nullptr || mqtt::is_error(answer->reason_code) ||
      !came.on.connect->client_id.empty()) {
    return finding::not_concerned();
  }
  const auto told = answer->properties.find<property_id::assigned_client_identifier>();
  return finding::demand(told && !told->empty(),
                         "no Assigned Client Identifier for a client without one");
}

finding response_information_was_asked_for(const observed_packet& came) {
  const auto* const answer = answer_of(came);
  if (answer == nullptr || came.on.announced<property_id::request_response_information>(0) != 0) {
    return finding::not_concerned();
  }
  return finding::demand(!answer->properties.contains(property_id::response_information),
                         "Response Information although the client did not ask for it");
}

finding comes_first(const observed_packet& came) {
  if (came.on.packet_came) return finding::not_concerned();
  return finding::demand(came.is(packet_type::connack) || came.is(packet_type::auth),
                         "comes before CONNACK");
}

finding no_disconnect_before(const observed_packet& came) {
  if (!came.is(packet_type::disconnect) || came.on.malformed_came) return finding::not_concerned();
  return finding::demand(came.on.accepted(), "DISCONNECT before a CONNACK that accepts the client");
}

finding comes_once(const observed_packet& came) {
  if (!came.is(packet_type::connack)) return finding::not_concerned();
  return finding::demand(!came.on.connack, "a second CONNACK");
}

finding ends_a_refused_connection(const observed_packet& came) {
  const bool refused = came.on.connack && !came.on.accepted();
  // Of the refusal itself: it is the last packet, unless another follows.
  if (!refused) {
    const auto* const answer = answer_of(came);
    const bool refuses = answer != nullptr && mqtt::is_error(answer->reason_code);
    return refuses ? finding::holds() : finding::not_concerned();
  }
  return finding::broken("comes after a CONNACK that refuses the client");
}

void add_contents(std::vector<invariant>& to) {
  to.push_back({.id = "invariant/acknowledge-flags",
                .title = "Bits 7 to 1 of the Connect Acknowledge Flags are 0",
                .covers = {v5("MQTT-3.2.2-1"), v3("PR3-3.2.2.1-a")},
                .defects = {"send-reserved-acknowledge-flags"},
                .check = keeps_in(packet_type::connack, mqtt::rules::acknowledge_flags_reserved)});
  to.push_back({.id = "invariant/no-session-present-with-refusal",
                .title = "A CONNACK that refuses has Session Present 0",
                .covers = {v5("MQTT-3.2.2-6"), v3("MQTT-3.2.2-4")},
                .defects = {"send-session-present-with-error"},
                .check = refused_without_session});
  to.push_back(
      {.id = "invariant/no-session-present-with-clean-start",
       .title = "CONNACK has Session Present 0 if CONNECT had Clean Start (CleanSession) 1",
       .covers = {v5("MQTT-3.2.2-2"), v3("MQTT-3.2.2-1")},
       .defects = {"keep-session-at-clean-start", "claim-session-present"},
       .check = clean_without_session});
  to.push_back({.id = "invariant/assigned-client-identifier",
                .title = "CONNACK tells a client without Client Identifier which one it got",
                .covers = {v5("MQTT-3.2.2-16"), v5("MQTT-3.1.3-7")},
                .defects = {"omit-assigned-client-identifier"},
                .check = tells_assigned_identifier});
  to.push_back({.id = "invariant/unrequested-response-information",
                .title = "CONNACK has Response Information only if CONNECT asked for it",
                .covers = {v5("MQTT-3.1.2-28")},
                .defects = {"send-unrequested-response-information"},
                .check = response_information_was_asked_for});
}

}  // namespace

void add_connack_invariants(std::vector<invariant>& to) {
  add_contents(to);
  to.push_back({.id = "invariant/connack-first",
                .title = "The first packet on a connection is CONNACK, or AUTH in 5.0",
                .covers = {v5("MQTT-3.2.0-1"), v3("MQTT-3.2.0-1")},
                .defects = {"send-publish-before-connack"},
                .check = comes_first});
  to.push_back({.id = "invariant/no-disconnect-before-connack",
                .title = "DISCONNECT comes only after a CONNACK that accepts the client",
                .covers = {v5("MQTT-3.14.0-1")},
                .defects = {"send-disconnect-before-connack"},
                .check = no_disconnect_before});
  to.push_back({.id = "invariant/connack-once",
                .title = "No more than one CONNACK comes on a connection",
                .covers = {v5("MQTT-3.2.0-2")},
                .defects = {"send-connack-twice"},
                .check = comes_once});
  to.push_back(
      {.id = "invariant/nothing-after-refusal",
       .title = "Nothing comes after a CONNACK that refuses the client",
       .covers = {v5("MQTT-3.2.2-7"), v5("MQTT-3.1.4-6"), v3("MQTT-3.2.2-5"), v3("MQTT-3.1.4-5")},
       .defects = {"process-packets-of-refused-client"},
       .check = ends_a_refused_connection});
}

}  // namespace gauntlet::conformance
