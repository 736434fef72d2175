// Acknowledgements of what the client sent: each answers one packet of the right type and QoS.
// MQTT 5.0 §2.2.1, §3.8.4, §4.3, 3.1.1 §2.3.1, §3.8.4, §4.3

#include "conformance/invariants/rule_checks.hpp"
#include "conformance/invariants/themes.hpp"

namespace gauntlet::conformance {
namespace {

template <class T>
finding answers(const observed_packet& came, const std::map<std::uint16_t, int>& waiting,
                std::string_view what) {
  const auto* const answer = came.as<T>();
  if (answer == nullptr || !came.on.is_known()) return finding::not_concerned();
  const bool waits = waiting.contains(answer->packet_identifier);
  // In a resumed session a broker may repeat what may have been lost with the connection before.
  if (!waits && came.on.connack->session_present) return finding::not_concerned();
  return finding::demand(waits, "no " + std::string(what) + " with Packet Identifier " +
                                    std::to_string(answer->packet_identifier) +
                                    " waits for an answer");
}

finding puback_answers(const observed_packet& came) {
  return answers<mqtt::puback>(came, came.on.awaits_puback, "PUBLISH of QoS 1");
}
finding pubrec_answers(const observed_packet& came) {
  return answers<mqtt::pubrec>(came, came.on.awaits_pubrec, "PUBLISH of QoS 2");
}
finding pubcomp_answers(const observed_packet& came) {
  return answers<mqtt::pubcomp>(came, came.on.awaits_pubcomp, "PUBREL");
}

const mqtt::subscribe* request_of(const observed_packet& came) {
  const auto* const answer = came.as<mqtt::suback>();
  if (answer == nullptr) return nullptr;
  const auto found = came.on.awaits_suback.find(answer->packet_identifier);
  return found == came.on.awaits_suback.end() ? nullptr : &found->second;
}

finding suback_answers(const observed_packet& came) {
  if (came.as<mqtt::suback>() == nullptr) return finding::not_concerned();
  return finding::demand(request_of(came) != nullptr, "no SUBSCRIBE waits for this SUBACK");
}

finding unsuback_answers(const observed_packet& came) {
  const auto* const answer = came.as<mqtt::unsuback>();
  if (answer == nullptr) return finding::not_concerned();
  return finding::demand(came.on.awaits_unsuback.contains(answer->packet_identifier),
                         "no UNSUBSCRIBE waits for this UNSUBACK");
}

std::string codes_for_filters(std::size_t codes, std::size_t filters) {
  return std::to_string(codes) + " codes for " + std::to_string(filters) + " Topic Filters";
}

finding suback_counts(const observed_packet& came) {
  if (came.is(mqtt::packet_type::suback) && breaks(came, mqtt::rules::one_code)) {
    return finding::broken(mqtt::describe(*came.error));
  }
  const mqtt::subscribe* const request = request_of(came);
  if (request == nullptr) return finding::not_concerned();
  const std::size_t codes = came.as<mqtt::suback>()->reason_codes.size();
  return finding::demand(codes == request->subscriptions.size(),
                         codes_for_filters(codes, request->subscriptions.size()));
}

finding suback_grants_no_more(const observed_packet& came) {
  const mqtt::subscribe* const request = request_of(came);
  if (request == nullptr) return finding::not_concerned();
  const auto& codes = came.as<mqtt::suback>()->reason_codes;
  if (codes.size() != request->subscriptions.size()) return finding::not_concerned();
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const auto asked = static_cast<std::uint8_t>(request->subscriptions[i].options.maximum_qos);
    if (!mqtt::is_error(codes[i]) && static_cast<std::uint8_t>(codes[i]) > asked) {
      return finding::broken("grants QoS " + std::to_string(static_cast<int>(codes[i])) +
                             " where QoS " + std::to_string(asked) + " was asked for");
    }
  }
  return finding::holds();
}

finding unsuback_counts(const observed_packet& came) {
  if (came.is(mqtt::packet_type::unsuback) && breaks(came, mqtt::rules::one_code)) {
    return finding::broken(mqtt::describe(*came.error));
  }
  const auto* const answer = came.as<mqtt::unsuback>();
  if (answer == nullptr) return finding::not_concerned();
  const auto request = came.on.awaits_unsuback.find(answer->packet_identifier);
  if (request == came.on.awaits_unsuback.end()) return finding::not_concerned();
  const std::size_t filters = request->second.topic_filters.size();
  return finding::demand(answer->reason_codes.size() == filters,
                         codes_for_filters(answer->reason_codes.size(), filters));
}

void add_publish_answers(std::vector<invariant>& to) {
  to.push_back(
      {.id = "invariant/puback-for-publish",
       .title = "Each PUBACK answers a PUBLISH of QoS 1 with its Packet Identifier",
       .covers = {v5("MQTT-2.2.1-5"), v5("MQTT-3.3.4-1"), v3("MQTT-2.3.1-6"), v3("MQTT-3.3.4-1")},
       .defects = {"send-puback-with-wrong-identifier", "send-puback-twice", "acknowledge-qos0",
                   "answer-qos2-with-puback", "answer-pubrel-with-puback"},
       .basis = invariant_basis::story,
       .check = puback_answers});
  to.push_back(
      {.id = "invariant/pubrec-for-publish",
       .title = "Each PUBREC answers a PUBLISH of QoS 2 with its Packet Identifier",
       .covers = {v5("MQTT-2.2.1-5"), v5("MQTT-4.3.3-8"), v3("MQTT-2.3.1-6"), v3("MQTT-4.3.3-2")},
       .defects = {"send-pubrec-with-wrong-identifier", "answer-qos1-with-pubrec"},
       .basis = invariant_basis::story,
       .check = pubrec_answers});
  to.push_back({.id = "invariant/pubcomp-for-pubrel",
                .title = "Each PUBCOMP answers a PUBREL with its Packet Identifier",
                .covers = {v5("MQTT-2.2.1-5"), v5("MQTT-4.3.3-11"), v3("MQTT-4.3.3-2")},
                .defects = {"send-pubcomp-with-wrong-identifier"},
                .basis = invariant_basis::story,
                .check = pubcomp_answers});
}

}  // namespace

void add_acknowledgement_invariants(std::vector<invariant>& to) {
  add_publish_answers(to);
  to.push_back({.id = "invariant/suback-for-subscribe",
                .title = "Each SUBACK answers a SUBSCRIBE with its Packet Identifier, once",
                .covers = {v5("MQTT-2.2.1-6"), v5("MQTT-3.8.4-2"), v5("MQTT-3.8.4-5"),
                           v3("MQTT-2.3.1-7"), v3("MQTT-3.8.4-2"), v3("MQTT-3.8.4-4")},
                .defects = {"send-suback-with-wrong-identifier", "send-suback-for-each-filter"},
                .basis = invariant_basis::story,
                .check = suback_answers});
  to.push_back({.id = "invariant/suback-code-count",
                .title = "SUBACK holds one code for each Topic Filter",
                .covers = {v5("MQTT-3.8.4-6"), v3("MQTT-3.8.4-5")},
                .defects = {"send-too-few-suback-codes",
                            "send-too-many-suback-codes",
                            "send-suback-for-each-filter",
                            {"omit-property-length-of-suback", caught_defect::in::v5_only}},
                .basis = invariant_basis::story,
                .check = suback_counts});
  to.push_back({.id = "invariant/granted-qos",
                .title = "SUBACK grants no higher QoS than was asked for",
                .covers = {v5("MQTT-3.8.4-7"), v3("MQTT-3.8.4-5")},
                .defects = {"grant-higher-qos-than-requested", "reverse-suback-codes"},
                .basis = invariant_basis::story,
                .check = suback_grants_no_more});
  to.push_back(
      {.id = "invariant/unsuback-for-unsubscribe",
       .title = "Each UNSUBACK answers an UNSUBSCRIBE with its Packet Identifier, once",
       .covers = {v5("MQTT-2.2.1-6"), v5("MQTT-3.10.4-5"), v3("MQTT-2.3.1-7"), v3("MQTT-3.10.4-4")},
       .defects = {"send-unsuback-with-wrong-identifier", "send-unsuback-for-each-filter"},
       .basis = invariant_basis::story,
       .check = unsuback_answers});
  to.push_back({.id = "invariant/unsuback-code-count",
                .title = "UNSUBACK holds one code for each Topic Filter",
                .covers = {v5("MQTT-3.11.3-2")},
                .defects = {"send-too-few-unsuback-codes", "omit-property-length-of-unsuback"},
                .basis = invariant_basis::story,
                .check = unsuback_counts});
}

}  // namespace gauntlet::conformance
