#include "harness/broker/wrong_delivery.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/broker/another_identifier.hpp"
#include "harness/broker/delivery_outbound.hpp"
#include "harness/broker/disconnect.hpp"
#include "harness/broker/output.hpp"
#include "harness/broker/persistence.hpp"
#include "harness/broker/publish_encoder.hpp"
#include "harness/broker/redistribution.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::packet_type;
using mqtt::reason_code;

template <class T>
void reverse(ring<T>& items) {
  for (std::size_t i = 0; i < items.size() / 2; ++i) {
    std::swap(items[i], items[items.size() - 1 - i]);
  }
}

template <class Condition>
void erase_in_flight(broker_state& broker, outbound_state& out, Condition&& condition) {
  for (std::size_t i = out.in_flight.size(); i > 0; --i) {
    if (!condition(out.in_flight[i - 1])) continue;
    forget_delivery(broker, out.in_flight[i - 1]);
    out.in_flight.erase(i - 1);
  }
}

// Ends the delivery, and leaves its unit of the send quota used.
void complete_without_quota(broker_state& broker, session& to, std::size_t index) {
  to.outbound.in_flight[index].uses_quota = false;
  complete_delivery(broker, to, index);
}

void acknowledge_for_other_clients(broker_state& broker, const session& own,
                                   std::uint16_t packet_identifier) {
  std::vector<std::pair<session*, std::size_t>> same;
  broker.sessions.visit([&](session& each) {
    const auto& in_flight = each.outbound.in_flight;
    for (std::size_t i = 0; i < in_flight.size() && &each != &own; ++i) {
      if (in_flight[i].packet_identifier == packet_identifier) same.emplace_back(&each, i);
    }
  });
  for (const auto& [other, index] : same) complete_delivery(broker, *other, index);
}

bool handle_unknown_puback_wrongly(broker_state& broker, session& to) {
  outbound_state& out = to.outbound;
  if (out.in_flight.empty()) return false;
  if (broker.defects.strikes(defect::take_unknown_puback_for_oldest)) {
    complete_delivery(broker, to, 0);
    return true;
  }
  delivery& oldest = out.in_flight[0];
  if (oldest.uses_quota && broker.defects.strikes(defect::return_quota_at_unknown_puback)) {
    oldest.uses_quota = false;
    --out.quota_used;
    pump(broker, to);
    return true;
  }
  return false;
}

bool handle_unknown_pubrec_wrongly(broker_state& broker, connection& from) {
  if (broker.defects.strikes(defect::ignore_unknown_pubrec)) return true;
  if (!broker.defects.strikes(defect::close_at_unknown_pubrec)) return false;
  refuse(broker, from, reason_code::protocol_error, "PUBREC for no message");
  return true;
}

bool handle_refusing_pubrec_wrongly(broker_state& broker, connection& from, std::size_t index,
                                    std::uint16_t packet_identifier) {
  if (broker.defects.strikes(defect::close_at_refusing_acknowledgement)) {
    refuse(broker, from, reason_code::protocol_error, "PUBREC with an error");
    return true;
  }
  if (broker.defects.strikes(defect::answer_refusing_pubrec_with_pubrel)) {
    from.bound->outbound.in_flight[index].state = delivery_state::awaiting_pubcomp;
    send_acknowledgement(broker, from, packet_type::pubrel, packet_identifier);
    return true;
  }
  if (!broker.defects.strikes(defect::keep_quota_after_refusing_pubrec)) return false;
  complete_without_quota(broker, *from.bound, index);
  return true;
}

}  // namespace

bool loses_delivery(broker_state& broker, const session& to, mqtt::qos qos) {
  defect_set& defects = broker.defects;
  switch (qos) {
    case mqtt::qos::at_most_once:
      return defects.strikes(defect::lose_qos0_delivery);
    case mqtt::qos::at_least_once:
      return defects.strikes(defect::lose_qos1_delivery) ||
             (to.attached == nullptr && defects.strikes(defect::lose_qos1_while_disconnected));
    case mqtt::qos::exactly_once:
      return defects.strikes(defect::lose_qos2_delivery) ||
             (to.attached == nullptr && defects.strikes(defect::lose_qos2_while_disconnected));
  }
  return false;
}

std::uint16_t choose_identifier_wrongly(broker_state& broker, const outbound_state& out,
                                        std::uint16_t right) {
  if (out.in_flight.empty() || !broker.defects.strikes(defect::send_identifier_in_use)) {
    return right;
  }
  return out.in_flight[0].packet_identifier;
}

bool handle_puback_wrongly(broker_state& broker, connection& from, std::uint16_t packet_identifier,
                           std::size_t index) {
  session& to = *from.bound;
  if (broker.defects.strikes(defect::take_puback_for_all_clients)) {
    acknowledge_for_other_clients(broker, to, packet_identifier);
  }
  if (index == to.outbound.in_flight.size()) return handle_unknown_puback_wrongly(broker, to);
  if (to.outbound.in_flight[index].state != delivery_state::awaiting_puback) {
    if (!broker.defects.strikes(defect::accept_puback_for_qos2)) return false;
    complete_delivery(broker, to, index);
    return true;
  }
  if (!broker.defects.strikes(defect::keep_quota_after_puback)) return false;
  complete_without_quota(broker, to, index);
  return true;
}

bool handle_pubrec_wrongly(broker_state& broker, connection& from, std::uint16_t packet_identifier,
                           std::size_t index, reason_code reason) {
  session& to = *from.bound;
  outbound_state& out = to.outbound;
  defect_set& defects = broker.defects;
  if (index == out.in_flight.size()) return handle_unknown_pubrec_wrongly(broker, from);
  delivery& answered = out.in_flight[index];
  if (answered.state == delivery_state::awaiting_puback) {
    if (!defects.strikes(defect::accept_pubrec_for_qos1)) return false;
    complete_delivery(broker, to, index);
    return true;
  }
  if (mqtt::is_error(reason)) {
    if (defects.strikes(defect::redistribute_refused_message)) {
      redistribute_refused(broker, to, packet_identifier);
    }
    return handle_refusing_pubrec_wrongly(broker, from, index, packet_identifier);
  }
  if (defects.strikes(defect::omit_pubrel)) return true;
  if (out.quota_used >= from.receive_maximum &&
      defects.strikes(defect::withhold_pubrel_without_quota)) {
    return true;
  }
  if (defects.strikes(defect::send_pubrel_with_wrong_identifier)) {
    send_acknowledgement(broker, from, packet_type::pubrel, another_identifier(packet_identifier));
    return true;
  }
  if (!answered.uses_quota || !defects.strikes(defect::return_quota_at_pubrec)) return false;
  answered.uses_quota = false;
  answered.state = delivery_state::awaiting_pubcomp;
  --out.quota_used;
  send_acknowledgement(broker, from, packet_type::pubrel, packet_identifier);
  pump(broker, to);
  return true;
}

bool handle_pubcomp_wrongly(broker_state& broker, connection& from, std::size_t index) {
  session& to = *from.bound;
  if (index == to.outbound.in_flight.size()) return false;
  if (to.outbound.in_flight[index].state != delivery_state::awaiting_pubcomp) {
    if (!broker.defects.strikes(defect::accept_pubcomp_before_pubrec)) return false;
    complete_delivery(broker, to, index);
    return true;
  }
  if (!broker.defects.strikes(defect::keep_quota_after_pubcomp)) return false;
  complete_without_quota(broker, to, index);
  return true;
}

bool handle_refusing_puback_wrongly(broker_state& broker, connection& from,
                                    std::uint16_t packet_identifier) {
  defect_set& defects = broker.defects;
  if (defects.strikes(defect::close_at_refusing_acknowledgement)) {
    refuse(broker, from, reason_code::protocol_error, "PUBACK with an error");
    return true;
  }
  if (defects.strikes(defect::redistribute_refused_message)) {
    redistribute_refused(broker, *from.bound, packet_identifier);
  }
  return defects.strikes(defect::resend_refused_message);
}

void alter_resumed_session(broker_state& broker, session& resumed) {
  defect_set& defects = broker.defects;
  outbound_state& out = resumed.outbound;
  if (defects.strikes(defect::drop_expired_message_in_flight)) {
    erase_in_flight(broker, out,
                    [&](const delivery& each) { return has_expired(*each.message, broker.now); });
  }
  if (defects.strikes(defect::lose_unfinished_qos2_message_of_member)) {
    erase_in_flight(broker, out, [](const delivery& each) {
      return each.group != 0 && each.qos == mqtt::qos::exactly_once;
    });
  }
  const bool pubrel_is_first =
      !out.in_flight.empty() && out.in_flight[0].state == delivery_state::awaiting_pubcomp;
  if (defects.strikes(pubrel_is_first ? defect::send_pubrel_in_reverse_order
                                      : defect::redeliver_in_reverse_order)) {
    reverse(out.in_flight);
  }
  for (std::size_t i = 0; i < out.in_flight.size(); ++i) {
    if (out.in_flight[i].state != delivery_state::awaiting_pubcomp &&
        defects.strikes(defect::redeliver_with_new_identifier)) {
      out.last_identifier = another_identifier(out.last_identifier);
      out.in_flight[i].packet_identifier = out.last_identifier;
    }
  }
  if (defects.strikes(defect::forget_queued_messages)) {
    out.queued.clear();
    out.queued_bytes = 0;
    out.queued_qos0 = 0;
  }
  if (defects.strikes(defect::reverse_queued_messages)) reverse(out.queued);
  if (defects.strikes(defect::forget_inbound_identifiers_at_resume)) resumed.inbound_qos2.clear();
  if (defects.strikes(defect::forget_subscription_identifiers_at_resume)) {
    for (auto& [filter, each] : resumed.subscriptions) each.identifier = 0;
  }
}

bool resume_pubrel_wrongly(broker_state& broker, delivery& unfinished) {
  if (broker.defects.strikes(defect::omit_pubrel_at_resume)) return true;
  if (!broker.defects.strikes(defect::redeliver_after_pubrec)) return false;
  unfinished.state = delivery_state::awaiting_pubrec;
  unfinished.to_resend = true;
  return true;
}

void redeliver_on_open_connection(broker_state& broker, session& to) {
  const auto& in_flight = to.outbound.in_flight;
  for (std::size_t i = 0; i < in_flight.size(); ++i) {
    const delivery& each = in_flight[i];
    if (each.state == delivery_state::awaiting_pubcomp) continue;
    const publish_header header{.qos = each.qos,
                                .retain = each.retain,
                                .dup = true,
                                .packet_identifier = each.packet_identifier};
    send_publish(broker, *to.attached, *each.message, header);
  }
}

}  // namespace gauntlet::broker
