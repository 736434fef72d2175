// Messages beside the subscriptions that they come for. MQTT 5.0 §3.3.4, §3.8.4, 3.1.1 §3.8.4
//
// A server may add subscriptions to a session by itself (§4.5), and messages may be under way when
// one is deleted: no message can be said to have come for none.

#include <algorithm>

#include "conformance/invariants/rule_checks.hpp"
#include "conformance/invariants/themes.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_id;

// A message in a session of which all is known.
const arrived_message* known(const observed_packet& came) {
  const arrived_message* const message = came.message;
  return message != nullptr && came.on.is_known() && !message->topic_name.empty() ? message
                                                                                  : nullptr;
}

finding matches_a_subscription(const observed_packet& came) {
  const arrived_message* const message = known(came);
  if (message == nullptr) return finding::not_concerned();
  return finding::demand(!message->causes.empty(),
                         "no filter of the client's matches the Topic Name " + message->topic_name);
}

finding qos_was_granted(const observed_packet& came) {
  const arrived_message* const message = known(came);
  if (message == nullptr || message->causes.empty()) return finding::not_concerned();
  mqtt::qos highest = mqtt::qos::at_most_once;
  for (const subscription_record* const each : message->causes) {
    highest = std::max(highest, each->granted);
  }
  return finding::demand(message->packet.qos <= highest,
                         "QoS " + std::to_string(static_cast<int>(message->packet.qos)) +
                             " where QoS " + std::to_string(static_cast<int>(highest)) +
                             " was granted");
}

finding qos_was_published(const observed_packet& came) {
  const arrived_message* const message = known(came);
  if (message == nullptr || message->origin == nullptr) return finding::not_concerned();
  return finding::demand(message->packet.qos <= message->origin->packet.qos,
                         "QoS " + std::to_string(static_cast<int>(message->packet.qos)) +
                             " of a message published with QoS " +
                             std::to_string(static_cast<int>(message->origin->packet.qos)));
}

// Whether a subscription with this identifier was asked for at all, and whether it matches.
finding identifiers_are_of_the_client(const observed_packet& came) {
  const arrived_message* const message = known(came);
  if (message == nullptr) return finding::not_concerned();
  const auto identifiers =
      message->packet.properties.find_all<property_id::subscription_identifier>();
  if (identifiers.empty()) return finding::not_concerned();
  for (const std::uint32_t identifier : identifiers) {
    const bool given = std::ranges::any_of(
        message->causes, [&](const auto* each) { return each->identifier == identifier; });
    if (!given) {
      return finding::broken("Subscription Identifier " + std::to_string(identifier) +
                             ", which the client gave to no filter that matches");
    }
  }
  return finding::holds();
}

finding not_to_its_publisher(const observed_packet& came) {
  const arrived_message* const message = known(came);
  if (message == nullptr || message->origin == nullptr || message->causes.empty()) {
    return finding::not_concerned();
  }
  // Whether No Local is for retained messages at a subscribe as well, brokers see differently.
  if (message->packet.retain) return finding::not_concerned();
  const auto is_not_local = [](const auto* each) { return each->options.no_local; };
  // Whether a message that was stored before counts as its publisher's own is not laid down.
  if (message->packet.retain && message->origin->packet.retain) return finding::not_concerned();
  const std::string& own = came.on.connect->client_id;
  if (own.empty() || !std::ranges::all_of(message->causes, is_not_local)) {
    return finding::not_concerned();
  }
  return finding::demand(message->origin->client_id != own,
                         "the client's own message although its subscription has No Local 1");
}

}  // namespace

void add_subscription_invariants(std::vector<invariant>& to) {
  to.push_back({.id = "invariant/topic-matches-subscription",
                .title = "Messages come for a filter of the client's, unless the broker has added "
                         "subscriptions",
                .covers = {v5("MQTT-3.3.2-3"), v3("MQTT-3.3.2-3")},
                .defects = {"send-other-topic-name", "deliver-to-everybody"},
                .basis = invariant_basis::story,
                .level = requirement_level::should,
                .check = matches_a_subscription});
  to.push_back({.id = "invariant/qos-granted",
                .title = "Messages come with no higher QoS than their subscriptions were granted",
                .covers = {v5("MQTT-3.8.4-8"), v3("MQTT-3.8.4-6")},
                .defects = {"exceed-granted-qos", "exceed-granted-qos-with-retained"},
                .basis = invariant_basis::story,
                .check = qos_was_granted});
  to.push_back({.id = "invariant/qos-published",
                .title = "Messages come with no higher QoS than they were published with",
                .covers = {v5("MQTT-3.8.4-8"), v3("MQTT-3.8.4-6")},
                .defects = {"raise-qos-to-granted"},
                .basis = invariant_basis::story,
                .check = qos_was_published});
  to.push_back({.id = "invariant/subscription-identifier-given",
                .title = "Subscription Identifiers in PUBLISH are those of matching subscriptions",
                .covers = {v5("PE-3.3.4-d"), v5("PR5-3.3.4-b")},
                .defects = {"send-unknown-subscription-identifier",
                            "send-identifiers-of-other-clients", "send-identifiers-of-all-members"},
                .basis = invariant_basis::story,
                .check = identifiers_are_of_the_client});
  to.push_back({.id = "invariant/no-local",
                .title = "A message does not come to its publisher for subscriptions with No Local",
                .covers = {v5("MQTT-3.8.3-3")},
                .defects = {"ignore-no-local"},
                .basis = invariant_basis::story,
                .check = not_to_its_publisher});
}

}  // namespace gauntlet::conformance
