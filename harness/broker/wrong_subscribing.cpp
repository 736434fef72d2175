#include "harness/broker/wrong_subscribing.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "harness/broker/another_identifier.hpp"
#include "harness/broker/output.hpp"
#include "harness/broker/persistence.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::reason_code;

void drop_queue(broker_state& broker, session& of) {
  outbound_state& out = of.outbound;
  for (std::size_t i = 0; i < out.queued.size(); ++i) forget_delivery(broker, out.queued[i]);
  out.queued.clear();
  out.queued_bytes = 0;
  out.queued_qos0 = 0;
}

void drop_in_flight(broker_state& broker, session& of) {
  outbound_state& out = of.outbound;
  for (std::size_t i = 0; i < out.in_flight.size(); ++i) forget_delivery(broker, out.in_flight[i]);
  out.in_flight.clear();
  out.quota_used = 0;
  out.to_resend = 0;
}

void unsubscribe(broker_state& broker, session& subscriber, const std::string& filter) {
  if (!broker.subscriptions.unsubscribe(subscriber, filter)) return;
  forget_subscription(broker, subscriber, filter);
}

void unsubscribe_matching(broker_state& broker, session& subscriber, std::string_view filter) {
  std::vector<std::string> matching;
  for (const auto& [own, subscribed] : subscriber.subscriptions) {
    if (own != filter && mqtt::matches(filter, own)) matching.push_back(own);
  }
  for (const std::string& each : matching) unsubscribe(broker, subscriber, each);
}

void unsubscribe_others(broker_state& broker, const session& subscriber, std::string_view filter) {
  broker.sessions.visit([&](session& each) {
    if (&each != &subscriber) unsubscribe(broker, each, std::string(filter));
  });
}

// One answer for each code.
template <class Answer>
void send_in_parts(broker_state& broker, connection& to, const Answer& answer) {
  for (const reason_code code : answer.reason_codes) {
    Answer part;
    part.packet_identifier = answer.packet_identifier;
    part.reason_codes = {code};
    send_packet(broker, to, part);
  }
}

}  // namespace

bool grants_invalid_filter(broker_state& broker, const connection& from, std::string_view filter) {
  using enum mqtt::topic_rule;
  const auto valid = mqtt::validate_topic_filter(filter, from.version);
  if (valid.has_value()) return false;
  switch (valid.error().rule) {
    case not_empty:
      return broker.defects.strikes(defect::accept_empty_topic_filter);
    case multi_level_fills_level:
    case multi_level_last:
      return broker.defects.strikes(defect::accept_misplaced_multi_level_wildcard);
    case single_level_fills_level:
      return broker.defects.strikes(defect::accept_misplaced_single_level_wildcard);
    case share_name_not_empty:
    case share_name_no_wildcard:
    case share_name_then_filter:
      return broker.defects.strikes(defect::accept_invalid_share_name);
    default:
      return false;
  }
}

std::optional<reason_code> subscribe_wrongly(broker_state& broker, session& subscriber,
                                             const mqtt::subscription& wanted, bool is_first) {
  defect_set& defects = broker.defects;
  const mqtt::qos asked = wanted.options.maximum_qos;
  const auto granted = static_cast<reason_code>(asked);
  if (static_cast<std::uint8_t>(asked) > broker.options.capabilities.maximum_qos &&
      defects.strikes(defect::refuse_subscribe_above_maximum_qos)) {
    return reason_code::unspecified_error;
  }
  if (defects.strikes(defect::forget_subscription)) return granted;
  if (!is_first && defects.strikes(defect::subscribe_first_filter_only)) return granted;
  if (subscriber.subscriptions.contains(wanted.topic_filter) &&
      defects.strikes(defect::keep_older_subscription)) {
    return granted;
  }
  return std::nullopt;
}

std::uint32_t repeat_subscribe_wrongly(broker_state& broker, session& subscriber,
                                       std::string_view filter, std::uint32_t identifier) {
  const auto older = subscriber.subscriptions.find(filter);
  if (older == subscriber.subscriptions.end()) return identifier;
  if (broker.defects.strikes(defect::deliver_twice_after_repeated_subscribe)) {
    broker.defect_memory.subscribed_twice.insert(subscriber.client_id);
  }
  if (broker.defects.strikes(defect::lose_messages_at_repeated_subscribe)) {
    drop_queue(broker, subscriber);
  }
  const bool keeps = broker.defects.strikes(defect::keep_older_identifier);
  return keeps ? older->second.identifier : identifier;
}

bool alter_suback(broker_state& broker, connection& to, mqtt::suback& answer) {
  defect_set& defects = broker.defects;
  auto& codes = answer.reason_codes;
  if (defects.strikes(defect::omit_suback)) return false;
  if (defects.strikes(defect::reverse_suback_codes)) std::ranges::reverse(codes);
  if (std::ranges::any_of(codes, mqtt::is_error) &&
      defects.strikes(defect::refuse_all_filters_for_one)) {
    std::ranges::fill(codes, reason_code::unspecified_error);
  }
  for (reason_code& code : codes) {
    if (code < reason_code::granted_qos_2 &&
        defects.strikes(defect::grant_higher_qos_than_requested)) {
      code = reason_code::granted_qos_2;
    }
    if (defects.strikes(defect::answer_subscribe_with_failure)) {
      code = reason_code::unspecified_error;
    }
  }
  if (defects.strikes(defect::send_suback_with_wrong_identifier)) {
    answer.packet_identifier = another_identifier(answer.packet_identifier);
  }
  if (codes.size() > 1 && defects.strikes(defect::send_suback_for_each_filter)) {
    send_in_parts(broker, to, answer);
    return false;
  }
  return true;
}

bool alter_unsuback(broker_state& broker, connection& to, mqtt::unsuback& answer) {
  defect_set& defects = broker.defects;
  auto& codes = answer.reason_codes;
  if (defects.strikes(defect::omit_unsuback)) return false;
  if (defects.strikes(defect::reverse_unsuback_codes)) std::ranges::reverse(codes);
  if (defects.strikes(defect::send_unsuback_with_wrong_identifier)) {
    answer.packet_identifier = another_identifier(answer.packet_identifier);
  }
  if (!defects.strikes(defect::send_unsuback_for_each_filter)) return true;
  if (to.version == mqtt::protocol_version::v5) {
    send_in_parts(broker, to, answer);
    return false;
  }
  send_packet(broker, to, answer);  // UNSUBACK of 3.1.1 has no codes to count
  return true;
}

std::optional<reason_code> unsubscribe_wrongly(broker_state& broker, session& subscriber,
                                               std::string_view filter, bool is_first) {
  defect_set& defects = broker.defects;
  if (defects.strikes(defect::ignore_unsubscribe)) return reason_code::success;
  if (!is_first && defects.strikes(defect::unsubscribe_first_filter_only)) {
    return reason_code::success;
  }
  if (defects.strikes(defect::unsubscribe_matching_filters)) {
    unsubscribe_matching(broker, subscriber, filter);
  }
  const bool is_shared = mqtt::is_shared_subscription(filter);
  if (defects.strikes(defect::unsubscribe_all_clients) ||
      (is_shared && defects.strikes(defect::end_shared_subscription_with_member))) {
    unsubscribe_others(broker, subscriber, filter);
  }
  if (defects.strikes(defect::drop_deliveries_at_unsubscribe)) drop_in_flight(broker, subscriber);
  return std::nullopt;
}

}  // namespace gauntlet::broker
