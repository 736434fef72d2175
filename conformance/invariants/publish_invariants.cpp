// PUBLISH by itself, and its aliases and identifiers. MQTT 5.0 §3.3, 3.1.1 §3.3

#include "conformance/invariants/rule_checks.hpp"
#include "conformance/invariants/themes.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::packet_type;
using mqtt::property_id;

bool has_identifier(const observed_packet& came) {
  const auto* const packet = came.as<mqtt::publish>();
  return packet != nullptr && packet->qos != mqtt::qos::at_most_once;
}

bool is_qos0(const observed_packet& came) { return !has_identifier(came); }

finding identifier_not_zero(const observed_packet& came) {
  return keeps_in(packet_type::publish, mqtt::rules::identifier_not_zero, "Packet Identifier",
                  has_identifier)(came);
}

finding topic_not_empty(const observed_packet& came) {
  const mqtt::rule& rule =
      came.is_v5() ? mqtt::rules::topic_or_alias : mqtt::rules::topic_not_empty;
  return keeps_in(packet_type::publish, rule)(came);
}

// The alias of a PUBLISH, if CONNECT tells how many there may be.
std::optional<std::uint16_t> alias_of(const observed_packet& came) {
  const auto* const packet = came.as<mqtt::publish>();
  if (packet == nullptr || !came.on.connect) return std::nullopt;
  return packet->properties.find<property_id::topic_alias>();
}

finding alias_was_allowed(const observed_packet& came) {
  const std::uint32_t most = came.on.announced<property_id::topic_alias_maximum>(0);
  if (came.as<mqtt::publish>() == nullptr || !came.on.connect || most != 0) {
    return finding::not_concerned();
  }
  return finding::demand(!alias_of(came), "a Topic Alias for a client that permits none");
}

finding alias_within_maximum(const observed_packet& came) {
  const auto alias = alias_of(came);
  const std::uint32_t most = came.on.announced<property_id::topic_alias_maximum>(0);
  if (!alias || most == 0) return finding::not_concerned();
  return finding::demand(*alias <= most, "Topic Alias " + std::to_string(*alias) +
                                             " above the client's maximum of " +
                                             std::to_string(most));
}

finding alias_is_known(const observed_packet& came) {
  const auto alias = alias_of(came);
  const auto* const packet = came.as<mqtt::publish>();
  if (!alias || !packet->topic_name.empty()) return finding::not_concerned();
  return finding::demand(
      came.on.aliases_in.contains(*alias),
      "Topic Alias " + std::to_string(*alias) + " was not given a Topic Name on this connection");
}

finding within_receive_maximum(const observed_packet& came) {
  const auto* const packet = came.as<mqtt::publish>();
  const std::uint32_t most = came.on.announced<property_id::receive_maximum>(65'535);
  if (packet == nullptr || packet->qos == mqtt::qos::at_most_once) return finding::not_concerned();
  const auto& held = came.on.unacknowledged;
  const std::size_t count = held.size() + (held.contains(packet->packet_identifier) ? 0 : 1);
  return finding::demand(count <= most, std::to_string(count) +
                                            " messages wait for the client's acknowledgement, "
                                            "whose Receive Maximum is " +
                                            std::to_string(most));
}

// 3.1.1 has no properties: a Property Length of 0 would stand at the front of the payload.
finding no_properties_in_3_1_1(const observed_packet& came) {
  const arrived_message* const message = came.message;
  if (message == nullptr || message->origin != nullptr) {
    return message == nullptr ? finding::not_concerned() : finding::holds();
  }
  const byte_view payload = message->packet.payload;
  if (payload.empty() || payload[0] != 0) return finding::not_concerned();
  return finding::demand(!came.on.test.published.knows(message->topic_name, payload.subspan(1)),
                         "the payload as published, behind what looks like a Property Length");
}

void add_fields(std::vector<invariant>& to) {
  to.push_back({.id = "invariant/publish-qos",
                .title = "PUBLISH has QoS 0, 1 or 2",
                .covers = {v5("MQTT-3.3.1-4"), v3("MQTT-3.3.1-4")},
                .defects = {"send-qos-3"},
                .check = keeps_in(packet_type::publish, mqtt::rules::publish_qos_range)});
  to.push_back(
      {.id = "invariant/no-dup-at-qos0",
       .title = "PUBLISH of QoS 0 has DUP 0",
       .covers = {v5("MQTT-3.3.1-2"), v5("MQTT-4.3.1-1"), v3("MQTT-3.3.1-2"), v3("MQTT-4.3.1-1")},
       .defects = {"set-dup-at-qos0"},
       .check = keeps_in(packet_type::publish, mqtt::rules::dup_needs_qos, {}, is_qos0)});
  to.push_back({.id = "invariant/publish-identifier-not-0",
                .title = "PUBLISH of QoS 1 or 2 has a Packet Identifier other than 0",
                .covers = {v5("MQTT-2.2.1-4"), v3("MQTT-2.3.1-1")},
                .defects = {"send-identifier-zero"},
                .check = identifier_not_zero});
  to.push_back(
      {.id = "invariant/topic-name-without-wildcards",
       .title = "The Topic Name of a PUBLISH holds no wildcard characters",
       .covers = {v5("MQTT-3.3.2-2"), v3("MQTT-3.3.2-2")},
       .defects = {"send-wildcard-in-topic-name"},
       .check = keeps_in(packet_type::publish, mqtt::rules::topic_wildcard, "Topic Name")});
  to.push_back({.id = "invariant/topic-name-not-empty",
                .title = "PUBLISH has a Topic Name, or in 5.0 a Topic Alias",
                .covers = {v5("MQTT-4.7.3-1"), v3("MQTT-4.7.3-1")},
                .defects = {"send-empty-topic-name"},
                .check = topic_not_empty});
  to.push_back({.id = "invariant/no-properties-in-publish-of-3.1.1",
                .title = "PUBLISH has no Property Length in 3.1.1",
                .covers = {v3("PR3-7.1.1-a")},
                .defects = {"send-properties-in-publish-of-3-1-1"},
                .basis = invariant_basis::story,
                .check = no_properties_in_3_1_1});
}

void add_properties(std::vector<invariant>& to) {
  using namespace mqtt::rules;
  const auto in_publish = [](const mqtt::rule& rule, property_id id) {
    return keeps_in(packet_type::publish, rule, mqtt::info_of(id).name, has_property(id));
  };
  to.push_back({.id = "invariant/subscription-identifier-not-0",
                .title = "Subscription Identifiers in PUBLISH are not 0",
                .covers = {v5("PE-3.3.2.3.8-a")},
                .defects = {"send-subscription-identifier-0"},
                .check = in_publish(property_not_zero, property_id::subscription_identifier)});
  to.push_back({.id = "invariant/response-topic-without-wildcards",
                .title = "The Response Topic of a PUBLISH holds no wildcard characters",
                .covers = {v5("MQTT-3.3.2-14")},
                .check = in_publish(response_topic_wildcard, property_id::response_topic)});
  to.push_back({.id = "invariant/payload-format-indicator-value",
                .title = "The Payload Format Indicator of a PUBLISH is 0 or 1",
                .covers = {v5("PE-2.2.2.2-n")},
                .check = in_publish(property_zero_or_one, property_id::payload_format_indicator)});
  to.push_back({.id = "invariant/topic-alias-not-0",
                .title = "The Topic Alias of a PUBLISH is not 0",
                .covers = {v5("MQTT-3.3.2-8")},
                .defects = {"send-topic-alias-0"},
                .check = in_publish(alias_not_zero, property_id::topic_alias)});
}

}  // namespace

void add_publish_invariants(std::vector<invariant>& to) {
  add_fields(to);
  add_properties(to);
  to.push_back({.id = "invariant/no-unasked-topic-alias",
                .title = "PUBLISH has a Topic Alias only if the client permits some",
                .covers = {v5("MQTT-3.1.2-27")},
                .defects = {"send-unasked-topic-alias", "forward-topic-alias"},
                .check = alias_was_allowed});
  to.push_back({.id = "invariant/topic-alias-within-maximum",
                .title = "Topic Aliases are not above the client's Topic Alias Maximum",
                .covers = {v5("MQTT-3.1.2-26"), v5("MQTT-3.3.2-11")},
                .defects = {"exceed-topic-alias-maximum"},
                .check = alias_within_maximum});
  to.push_back({.id = "invariant/topic-alias-known",
                .title = "A Topic Alias without Topic Name was given one on this connection",
                .covers = {v5("MQTT-3.3.2-7")},
                .check = alias_is_known});
  to.push_back({.id = "invariant/receive-maximum",
                .title = "No more QoS 1 and 2 messages wait than the client's Receive Maximum",
                .covers = {v5("MQTT-3.3.4-9"), v5("MQTT-4.9.0-1"), v5("MQTT-4.9.0-2")},
                .defects = {"exceed-receive-maximum", "return-quota-at-pubrec"},
                .basis = invariant_basis::story,
                .check = within_receive_maximum});
}

}  // namespace gauntlet::conformance
