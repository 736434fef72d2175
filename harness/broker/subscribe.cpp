#include "harness/broker/subscribe.hpp"

#include <algorithm>
#include <vector>

#include "harness/broker/access_control.hpp"
#include "harness/broker/disconnect.hpp"
#include "harness/broker/persistence.hpp"
#include "harness/broker/problem_information.hpp"
#include "harness/broker/publish_inbound.hpp"
#include "harness/broker/redistribution.hpp"
#include "harness/broker/retained.hpp"
#include "harness/broker/sys_topics.hpp"
#include "harness/broker/wrong_subscribing.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;
using mqtt::protocol_version;
using mqtt::reason_code;

bool is_shared(broker_state& broker, const connection& from, std::string_view filter) {
  if (broker.defects.strikes(defect::treat_shared_subscription_as_plain)) return false;
  return from.version == protocol_version::v5 && mqtt::is_shared_subscription(filter);
}

bool is_unavailable_wildcard(broker_state& broker, std::string_view filter) {
  return !broker.options.capabilities.wildcard_subscription_available &&
         mqtt::has_wildcard(filter) &&
         !broker.defects.strikes(defect::accept_wildcard_when_not_available);
}

// What a filter breaks that makes the whole SUBSCRIBE a Protocol Error; success if nothing.
reason_code check_request(broker_state& broker, const connection& from,
                          const mqtt::subscription& wanted) {
  const capabilities& can = broker.options.capabilities;
  const bool valid = mqtt::validate_topic_filter(wanted.topic_filter, from.version).has_value();
  // 5.0 has a code for SUBACK to say so; 3.1.1 closes (3.1.1 §4.8).
  if (!valid) {
    const bool in_suback = from.version == protocol_version::v5 ||
                           grants_invalid_filter(broker, from, wanted.topic_filter);
    return in_suback ? reason_code::success : reason_code::topic_filter_invalid;
  }
  // 3.1.1 rejects the one request in SUBACK [MQTT-3.8.3-2 of 3.1.1].
  if (is_unavailable_wildcard(broker, wanted.topic_filter)) {
    return from.version == protocol_version::v5 ? reason_code::wildcard_subscriptions_not_supported
                                                : reason_code::success;
  }
  if (!is_shared(broker, from, wanted.topic_filter)) return reason_code::success;
  if (!can.shared_subscription_available &&
      !broker.defects.strikes(defect::accept_shared_when_not_available)) {
    return reason_code::shared_subscriptions_not_supported;
  }
  // No Local makes no sense for a group [MQTT-3.8.3-4].
  return wanted.options.no_local ? reason_code::protocol_error : reason_code::success;
}

reason_code check_packet(broker_state& broker, const connection& from,
                         const mqtt::subscribe& packet) {
  if (packet.properties.contains(property_id::subscription_identifier) &&
      !broker.options.capabilities.subscription_identifier_available &&
      !broker.defects.strikes(defect::accept_identifier_when_not_available)) {
    return reason_code::subscription_identifiers_not_supported;
  }
  for (const mqtt::subscription& wanted : packet.subscriptions) {
    const reason_code reason = check_request(broker, from, wanted);
    if (reason != reason_code::success) return reason;
  }
  return reason_code::success;
}

reason_code granted(mqtt::qos qos) { return static_cast<reason_code>(qos); }

// A subscription made, whose retained messages are to be sent after SUBACK.
struct made_subscription {
  std::string_view filter;
  subscription copy;
  bool existed;
};

// One filter of a SUBSCRIBE; answers its code for SUBACK.
reason_code subscribe_one(broker_state& broker, connection& from, const mqtt::subscription& wanted,
                          std::uint32_t identifier, std::vector<made_subscription>& made) {
  session& subscriber = *from.bound;
  const bool v5 = from.version == protocol_version::v5;
  if (!mqtt::validate_topic_filter(wanted.topic_filter, from.version).has_value()) {
    return grants_invalid_filter(broker, from, wanted.topic_filter)
               ? granted(wanted.options.maximum_qos)
               : reason_code::topic_filter_invalid;
  }
  if (is_unavailable_wildcard(broker, wanted.topic_filter)) return reason_code::unspecified_error;
  if (subscriber.subscriptions.size() >= broker.options.limits.subscriptions_per_session_max &&
      !subscriber.subscriptions.contains(wanted.topic_filter)) {
    return v5 ? reason_code::quota_exceeded : reason_code::unspecified_error;
  }
  const bool shared = is_shared(broker, from, wanted.topic_filter);
  const subscription_access access = may_subscribe(subscriber, wanted.topic_filter, shared);
  if (access == subscription_access::none) {
    return v5 ? reason_code::not_authorized : reason_code::unspecified_error;
  }
  mqtt::subscription_options options = wanted.options;
  const auto highest = static_cast<mqtt::qos>(broker.options.capabilities.maximum_qos);
  options.maximum_qos = std::min(options.maximum_qos, highest);
  if (broker.defects.any()) {
    if (const auto code = subscribe_wrongly(broker, subscriber, wanted, made.empty())) return *code;
    identifier = repeat_subscribe_wrongly(broker, subscriber, wanted.topic_filter, identifier);
  }
  const subscribed result =
      broker.subscriptions.subscribe(subscriber, wanted.topic_filter, shared, options, identifier);
  result.made->allowed_in_part = access == subscription_access::part;
  persist_subscription(broker, subscriber, wanted.topic_filter, *result.made);
  ++broker.statistics.subscriptions_made;
  made.push_back({wanted.topic_filter, *result.made, result.existed});
  broker.log(log_level::debug, "subscribe client={} filter={} qos={}", subscriber.client_id,
             wanted.topic_filter, static_cast<unsigned>(options.maximum_qos));
  return granted(options.maximum_qos);
}

// 3.1.1 has no code for it.
bool uses_identifier_in_use(const connection& from, std::uint16_t packet_identifier) {
  return from.version == protocol_version::v5 && is_identifier_in_use(from, packet_identifier);
}

// The number of the shared subscription that the filter stands for; 0 if it is none.
std::uint32_t group_of(const session& subscriber, std::string_view filter) {
  const auto found = subscriber.subscriptions.find(filter);
  if (found == subscriber.subscriptions.end() || found->second.group == nullptr) return 0;
  return found->second.group->number;
}

reason_code unsubscribe_one(broker_state& broker, connection& from, std::string_view filter,
                            bool is_first) {
  if (!mqtt::validate_topic_filter(filter, from.version).has_value()) {
    return reason_code::topic_filter_invalid;
  }
  session& subscriber = *from.bound;
  if (broker.defects.any()) {
    if (const auto code = unsubscribe_wrongly(broker, subscriber, filter, is_first)) return *code;
  }
  const std::uint32_t group = group_of(subscriber, filter);
  const bool existed = broker.subscriptions.unsubscribe(subscriber, filter);
  if (existed) forget_subscription(broker, subscriber, filter);
  if (group != 0) redistribute_at_unsubscribe(broker, subscriber, group);
  broker.log(log_level::debug, "unsubscribe client={} filter={}", from.bound->client_id, filter);
  return existed ? reason_code::success : reason_code::no_subscription_existed;
}

}  // namespace

void handle_subscribe(broker_state& broker, connection& from, const mqtt::subscribe& packet) {
  if (const auto reason = check_packet(broker, from, packet); reason != reason_code::success) {
    refuse(broker, from, reason, "SUBSCRIBE asks for what is not permitted");
    return;
  }
  const std::uint32_t identifier =
      packet.properties.find<property_id::subscription_identifier>().value_or(0);
  mqtt::suback answer;
  answer.packet_identifier = packet.packet_identifier;
  std::vector<made_subscription> made;
  const bool in_use = uses_identifier_in_use(from, packet.packet_identifier);
  for (const mqtt::subscription& wanted : packet.subscriptions) {
    answer.reason_codes.push_back(in_use ? reason_code::packet_identifier_in_use
                                         : subscribe_one(broker, from, wanted, identifier, made));
  }
  const bool is_answered = !broker.defects.any() || alter_suback(broker, from, answer);
  const problem refused = problem_of(
      packet.subscriptions,
      [](const mqtt::subscription& each) -> const std::string& { return each.topic_filter; },
      answer.reason_codes);
  if (is_answered && !send_explained(broker, from, answer, refused)) {
    refuse(broker, from, reason_code::packet_too_large, "SUBACK too large for the client");
    return;
  }
  for (const made_subscription& each : made) {
    send_retained(broker, *from.bound, each.filter, each.copy, each.existed);
    subscribe_to_sys_topics(broker, *from.bound, each.filter, each.copy, each.existed);
  }
}

void handle_unsubscribe(broker_state& broker, connection& from, const mqtt::unsubscribe& packet) {
  mqtt::unsuback answer;
  answer.packet_identifier = packet.packet_identifier;
  const bool in_use = uses_identifier_in_use(from, packet.packet_identifier);
  bool any_deleted = false;
  for (const std::string& filter : packet.topic_filters) {
    const bool is_first = &filter == &packet.topic_filters.front();
    const reason_code reason = in_use ? reason_code::packet_identifier_in_use
                                      : unsubscribe_one(broker, from, filter, is_first);
    any_deleted = any_deleted || reason == reason_code::success;
    if (from.version == protocol_version::v5) {
      answer.reason_codes.push_back(reason);
    } else if (mqtt::is_error(reason)) {  // UNSUBACK of 3.1.1 has no codes (3.1.1 §4.8)
      refuse(broker, from, reason, "UNSUBSCRIBE with an invalid Topic Filter");
      return;
    }
  }
  if (!any_deleted && broker.defects.strikes(defect::omit_unsuback_without_subscription)) return;
  const bool is_answered = !broker.defects.any() || alter_unsuback(broker, from, answer);
  const problem refused = problem_of(
      packet.topic_filters, [](const std::string& each) -> const std::string& { return each; },
      answer.reason_codes);
  if (is_answered && !send_explained(broker, from, answer, refused)) {
    refuse(broker, from, reason_code::packet_too_large, "UNSUBACK too large for the client");
  }
}

}  // namespace gauntlet::broker
