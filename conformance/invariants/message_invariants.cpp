// Messages beside what was published: forwarded unchanged, once, in order, with the right RETAIN.
// A message is found again by topic and payload, if the test published these once.
// MQTT 5.0 §3.3.1.3, §3.3.2.3, §4.3, §4.6, 3.1.1 §3.3.1.3, §4.3, §4.6

#include <algorithm>

#include "conformance/invariants/rule_checks.hpp"
#include "conformance/invariants/themes.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_id;

// A message that a client of the test has published, in a session of which all is known.
const arrived_message* published(const observed_packet& came) {
  const arrived_message* const message = came.message;
  return message != nullptr && message->origin != nullptr && came.on.is_known() ? message : nullptr;
}

// Live ones: neither stored as retained, nor possibly sent for several subscriptions.
const arrived_message* delivered_once(const observed_packet& came) {
  const arrived_message* const message = published(came);
  if (message == nullptr || message->packet.retain || message->origin->packet.retain)
    return nullptr;
  return message->has_one_cause(came.on.version) ? message : nullptr;
}

// Between two clients of 5.0.
template <property_id Id>
finding forwarded_unchanged(const observed_packet& came) {
  const arrived_message* const message = published(came);
  if (message == nullptr || message->origin->version != mqtt::protocol_version::v5) {
    return finding::not_concerned();
  }
  const auto sent = message->origin->packet.properties.find<Id>();
  const auto got = message->packet.properties.find<Id>();
  if (!sent && !got) return finding::not_concerned();
  bool equal = sent.has_value() == got.has_value();
  if constexpr (std::is_same_v<mqtt::property_read_t<Id>, byte_view>) {
    equal = equal && std::ranges::equal(*sent, *got);
  } else {
    equal = equal && *sent == *got;
  }
  return finding::demand(equal, std::string(mqtt::info_of(Id).name) + " is not as published");
}

// What the publisher put in; a broker may add its own.
finding user_properties_complete(const observed_packet& came) {
  const arrived_message* const message = published(came);
  if (message == nullptr) return finding::not_concerned();
  const auto sent = message->origin->packet.properties.find_all<property_id::user_property>();
  auto got = message->packet.properties.find_all<property_id::user_property>();
  if (sent.empty()) return finding::not_concerned();
  for (const auto& each : sent) {
    const auto found = std::ranges::find(got, each);
    if (found == got.end()) {
      return finding::broken("User Property " + std::string(each.name) + " is missing");
    }
    got.erase(found);
  }
  return finding::holds();
}

finding user_properties_in_order(const observed_packet& came) {
  const arrived_message* const message = published(came);
  if (message == nullptr) return finding::not_concerned();
  const auto sent = message->origin->packet.properties.find_all<property_id::user_property>();
  const auto got = message->packet.properties.find_all<property_id::user_property>();
  if (sent.size() < 2 || got.size() < sent.size()) return finding::not_concerned();
  auto next = sent.begin();
  for (const auto& each : got) {
    if (next != sent.end() && each == *next) ++next;
  }
  return finding::demand(next == sent.end(), "User Properties are not in the publisher's order");
}

finding expiry_counted_down(const observed_packet& came) {
  const arrived_message* const message = published(came);
  if (message == nullptr) return finding::not_concerned();
  const auto sent = message->origin->packet.properties.find<property_id::message_expiry_interval>();
  const auto got = message->packet.properties.find<property_id::message_expiry_interval>();
  if (!sent) return finding::not_concerned();
  return finding::demand(got && *got <= *sent,
                         got ? "Message Expiry Interval is longer than it was published with"
                             : "Message Expiry Interval is missing");
}

finding qos0_once(const observed_packet& came) {
  const arrived_message* const message = delivered_once(came);
  if (message == nullptr || message->origin->packet.qos != mqtt::qos::at_most_once) {
    return finding::not_concerned();
  }
  return finding::demand(message->earlier == 0, "a QoS 0 message comes a second time");
}

finding qos2_once(const observed_packet& came) {
  const arrived_message* const message = delivered_once(came);
  if (message == nullptr || message->packet.qos != mqtt::qos::exactly_once || message->packet.dup ||
      message->repeats) {
    return finding::not_concerned();
  }
  return finding::demand(message->earlier == 0, "a QoS 2 message comes a second time as a new one");
}

finding in_order(const observed_packet& came) {
  const arrived_message* const message = delivered_once(came);
  if (message == nullptr || message->earlier != 0 || message->packet.dup || message->repeats ||
      message->packet.qos != message->origin->packet.qos) {
    return finding::not_concerned();
  }
  const auto& latest = came.on.session->latest;
  const auto found = latest.find(line_of(*message->origin, message->packet.qos));
  if (found == latest.end()) return finding::not_concerned();
  return finding::demand(*message->place + 1 > found->second,
                         "comes after a message that was published later");
}

finding resent_in_order(const observed_packet& came) {
  const arrived_message* const message = published(came);
  const bool again = message != nullptr && message->repeats && message->packet.dup &&
                     message->in_flight->connection != came.on.serial;
  if (!again) return finding::not_concerned();
  const auto& latest = came.on.resent;
  const auto found = latest.find(line_of(*message->origin, message->packet.qos));
  if (found == latest.end()) return finding::not_concerned();
  return finding::demand(*message->place + 1 > found->second,
                         "is sent again after a message that was first sent later");
}

// What is sent to subscriptions that stood when it was published. MQTT-3.3.1-12, -13
finding retain_as_asked_for(const observed_packet& came) {
  const arrived_message* const message = published(came);
  if (message == nullptr || message->causes.empty()) return finding::not_concerned();
  const auto stood = [&](const subscription_record* each) {
    return each->answered_at != 0 && each->answered_at < message->origin->sent_at;
  };
  const auto keeps = [](const subscription_record* each) {
    return each->options.retain_as_published;
  };
  if (!std::ranges::all_of(message->causes, stood)) return finding::not_concerned();
  const bool all = std::ranges::all_of(message->causes, keeps);
  if (!all && std::ranges::any_of(message->causes, keeps)) return finding::not_concerned();
  const bool wanted = all && message->origin->packet.retain;
  return finding::demand(message->packet.retain == wanted,
                         std::string("RETAIN ") + (wanted ? "0" : "1") +
                             " towards a subscription that stood when it was published");
}

void add_forwarding(std::vector<invariant>& to) {
  const auto add = [&](property_id id, statement_name statement, std::vector<caught_defect> defects,
                       finding (*check)(const observed_packet&)) {
    const std::string name(mqtt::info_of(id).name);
    to.push_back({.id = "invariant/forwarded-" + in_words_of_ids(name),
                  .title = name + " is forwarded as published",
                  .covers = {std::move(statement)},
                  .defects = std::move(defects),
                  .basis = invariant_basis::story,
                  .check = check});
  };
  add(property_id::payload_format_indicator, v5("MQTT-3.3.2-4"),
      {"drop-payload-format-indicator", "change-payload-format-indicator"},
      forwarded_unchanged<property_id::payload_format_indicator>);
  add(property_id::content_type, v5("MQTT-3.3.2-20"),
      {"drop-content-type", "put-content-type-in-lower-case"},
      forwarded_unchanged<property_id::content_type>);
  add(property_id::response_topic, v5("MQTT-3.3.2-15"),
      {"drop-response-topic", "put-response-topic-in-lower-case"},
      forwarded_unchanged<property_id::response_topic>);
  add(property_id::correlation_data, v5("MQTT-3.3.2-16"),
      {"drop-correlation-data", "cut-correlation-data-at-zero-byte"},
      forwarded_unchanged<property_id::correlation_data>);
  add(property_id::user_property, v5("MQTT-3.3.2-17"),
      {"drop-user-properties", "drop-user-property-with-empty-value",
       "merge-user-properties-of-same-name"},
      user_properties_complete);
  add(property_id::message_expiry_interval, v5("MQTT-3.3.2-6"), {"drop-message-expiry-interval"},
      expiry_counted_down);
  to.push_back({.id = "invariant/user-property-order",
                .title = "User Properties are forwarded in the publisher's order",
                .covers = {v5("MQTT-3.3.2-18")},
                .defects = {"reverse-user-properties"},
                .basis = invariant_basis::story,
                .check = user_properties_in_order});
}

}  // namespace

void add_message_invariants(std::vector<invariant>& to) {
  add_forwarding(to);
  to.push_back({.id = "invariant/qos0-once",
                .title = "A QoS 0 message comes no more than once for one subscription",
                .covers = {v5("MQTT-4.3.1-1"), v3("PR3-4.3.1-a")},
                .defects = {"deliver-qos0-twice"},
                .basis = invariant_basis::story,
                .check = qos0_once});
  to.push_back({.id = "invariant/qos2-once",
                .title = "A QoS 2 message comes once for one subscription",
                .covers = {v5("MQTT-4.3.3-10"), v3("MQTT-4.3.3-2")},
                .defects = {"deliver-qos2-twice", "deliver-repeated-qos2-message"},
                .basis = invariant_basis::story,
                .check = qos2_once});
  to.push_back(
      {.id = "invariant/message-order",
       .title = "Messages of one publisher, topic and QoS come in their order",
       .covers = {v5("MQTT-4.6.0-5"), v5("MQTT-4.6.0-6"), v3("MQTT-4.6.0-5"), v3("MQTT-4.6.0-6")},
       .defects = {"reorder-deliveries"},
       .basis = invariant_basis::story,
       .check = in_order});
  to.push_back({.id = "invariant/resent-order",
                .title = "Messages are sent again in the order in which they were sent first",
                .covers = {v3("MQTT-4.6.0-1"), v3("MQTT-4.6.0-6")},
                .defects = {"redeliver-in-reverse-order"},
                .basis = invariant_basis::story,
                .check = resent_in_order});
  to.push_back({.id = "invariant/retain-flag",
                .title = "Messages for standing subscriptions have RETAIN 0, or as published where "
                         "that was asked for",
                .covers = {v5("MQTT-3.3.1-12"), v5("MQTT-3.3.1-13"), v3("MQTT-3.3.1-9")},
                .defects = {"forward-retain-flag",
                            "set-retain-flag",
                            {"ignore-retain-as-published", caught_defect::in::v5_only}},
                .basis = invariant_basis::story,
                .check = retain_as_asked_for});
}

}  // namespace gauntlet::conformance
