#include "harness/broker/delivery_outbound.hpp"

#include <algorithm>
#include <utility>

#include "harness/broker/access_control.hpp"
#include "harness/broker/disconnect.hpp"
#include "harness/broker/output.hpp"
#include "harness/broker/persistence.hpp"
#include "harness/broker/problem_information.hpp"
#include "harness/broker/publish_encoder.hpp"
#include "harness/broker/wrong_delivery.hpp"

namespace gauntlet::broker {
namespace {

identifier_list keep(std::span<const std::uint32_t> identifiers) {
  if (identifiers.empty()) return nullptr;
  return std::make_unique<const std::vector<std::uint32_t>>(identifiers.begin(), identifiers.end());
}

std::span<const std::uint32_t> view(const identifier_list& identifiers) {
  return identifiers ? std::span<const std::uint32_t>(*identifiers)
                     : std::span<const std::uint32_t>{};
}

std::size_t window_of(broker_state& broker, const session& of) {
  if (broker.defects.strikes(defect::exceed_receive_maximum)) return 65'534;
  return std::min(of.attached->receive_maximum, broker.options.limits.inflight_max);
}

// Identifiers go round from 1 to 65,535. Those in use lie, in order, between that of the oldest
// message in flight and the latest given; so the next one is free unless it is the oldest's
// [MQTT-2.2.1-4]. Answers 0 if it is not.
std::uint16_t next_identifier(outbound_state& out) {
  const auto next = static_cast<std::uint16_t>(out.last_identifier % 65'535U + 1U);
  if (!out.in_flight.empty() && out.in_flight.front().packet_identifier == next) return 0;
  return next;
}

bool window_is_open(broker_state& broker, session& to) {
  outbound_state& out = to.outbound;
  return out.to_resend == 0 && out.quota_used < window_of(broker, to) && next_identifier(out) != 0;
}

// The first PUBLISH of a QoS 1 or 2 delivery, for which the window must be open. Answers false if
// it is too large for the client, and so over at once. `durable_number` is that of a record in the
// store, if any.
bool send_first(broker_state& broker, session& to, lazy_message& message,
                const delivery_terms& terms, std::uint64_t durable_number = 0) {
  outbound_state& out = to.outbound;
  std::uint16_t identifier = next_identifier(out);
  if (broker.defects.any()) identifier = choose_identifier_wrongly(broker, out, identifier);
  const publish_header header{.qos = terms.qos,
                              .retain = terms.retain,
                              .packet_identifier = identifier,
                              .subscription_identifiers = terms.subscription_identifiers};
  if (!send_publish(broker, *to.attached, message.view(), header, message.shared_serial) &&
      !broker.defects.strikes(defect::stall_at_message_too_large)) {
    return false;
  }
  out.last_identifier = identifier;
  ++out.quota_used;
  delivery sent;
  sent.message = message.share();
  sent.durable_number = durable_number;
  sent.identifiers = keep(terms.subscription_identifiers);
  sent.group = terms.group;
  sent.packet_identifier = identifier;
  sent.qos = terms.qos;
  sent.retain = terms.retain;
  sent.state = terms.qos == mqtt::qos::at_least_once ? delivery_state::awaiting_puback
                                                     : delivery_state::awaiting_pubrec;
  sent.uses_quota = true;
  persist_delivery(broker, to, sent);
  out.in_flight.push_back(std::move(sent));
  return true;
}

void send_qos0(broker_state& broker, session& to, const message_view& message,
               const delivery_terms& terms, std::uint64_t shared_serial) {
  const publish_header header{.retain = terms.retain,
                              .subscription_identifiers = terms.subscription_identifiers};
  send_publish(broker, *to.attached, message, header, shared_serial);
}

bool has_room(const broker_state& broker, const outbound_state& out, const message_ref& added) {
  const limits& limits = broker.options.limits;
  return out.queued.size() < limits.queued_messages_max &&
         out.queued_bytes + added.size_bytes() <= limits.queued_bytes_max;
}

// Takes the first of the queue out, not to be sent.
void drop_first(broker_state& broker, outbound_state& out) {
  delivery dropped = out.queued.pop_front();
  ++broker.statistics.messages_dropped;
  out.queued_bytes -= dropped.message.size_bytes();
  if (dropped.qos == mqtt::qos::at_most_once) --out.queued_qos0;
  forget_delivery(broker, dropped);
}

// Messages that have expired make room; only the oldest are looked at, as each message that comes
// to a full queue leads here.
void drop_expired(broker_state& broker, outbound_state& out) {
  while (!out.queued.empty() && has_expired(*out.queued.front().message, broker.now) &&
         !broker.defects.strikes(defect::keep_expired_message)) {
    drop_first(broker, out);
  }
}

void enqueue(broker_state& broker, session& to, lazy_message& message,
             const delivery_terms& terms) {
  outbound_state& out = to.outbound;
  const message_ref& stored = message.share();
  if (!has_room(broker, out, stored)) drop_expired(broker, out);
  if (!has_room(broker, out, stored)) {
    ++broker.statistics.messages_dropped;
    if (std::exchange(out.drop_logged, true)) return;
    broker.log(log_level::warning, "queue-full client={} messages={} bytes={}", to.client_id,
               out.queued.size(), out.queued_bytes);
    return;
  }
  delivery waiting;
  waiting.message = stored;
  waiting.identifiers = keep(terms.subscription_identifiers);
  waiting.group = terms.group;
  waiting.qos = terms.qos;
  waiting.retain = terms.retain;
  out.queued_bytes += stored.size_bytes();
  if (terms.qos == mqtt::qos::at_most_once) ++out.queued_qos0;
  persist_delivery(broker, to, waiting);
  out.queued.push_back(std::move(waiting));
}

// Keeps the order: nothing overtakes a message of the same QoS that waits already.
void send_or_enqueue(broker_state& broker, session& to, lazy_message& message,
                     const delivery_terms& terms) {
  outbound_state& out = to.outbound;
  if (terms.qos == mqtt::qos::at_most_once) {
    if (to.attached == nullptr) return;  // only QoS 1 and 2 are part of the session (§4.1)
    if (out.queued_qos0 == 0 && !output_is_full(broker, *to.attached)) {
      send_qos0(broker, to, message.view(), terms, message.shared_serial);
      return;
    }
  } else if (to.attached != nullptr && out.queued.size() == out.queued_qos0 &&
             !output_is_full(broker, *to.attached) && window_is_open(broker, to)) {
    send_first(broker, to, message, terms);
    return;
  }
  enqueue(broker, to, message, terms);
}

// The defect reorder-deliveries: true if the message is kept back until the next of its topic.
bool hold_back(broker_state& broker, session& to, lazy_message& message,
               const delivery_terms& terms) {
  constexpr duration held_at_most = std::chrono::seconds(2);
  if (!broker.defects.strikes(defect::reorder_deliveries) || to.outbound.held) return false;
  auto held = std::make_unique<held_delivery>(&to);
  held->what.message = message.share();
  held->what.identifiers = keep(terms.subscription_identifiers);
  held->what.qos = terms.qos;
  held->what.retain = terms.retain;
  broker.deadlines.arm(held->release, deadline_kind::held_delivery, broker.now + held_at_most);
  to.outbound.held = std::move(held);
  return true;
}

// Sends PUBLISH with DUP, or PUBREL, for what the last connection left unfinished.
void resend(broker_state& broker, session& to) {
  outbound_state& out = to.outbound;
  for (std::size_t i = 0; out.to_resend > 0 && i < out.in_flight.size();) {
    delivery& unfinished = out.in_flight[i];
    if (!unfinished.to_resend) {
      ++i;
      continue;
    }
    if (out.quota_used >= window_of(broker, to)) return;
    unfinished.to_resend = false;
    --out.to_resend;
    const publish_header header{.qos = unfinished.qos,
                                .retain = unfinished.retain,
                                .dup = !broker.defects.strikes(defect::redeliver_without_dup),
                                .packet_identifier = unfinished.packet_identifier,
                                .subscription_identifiers = view(unfinished.identifiers)};
    if (send_publish(broker, *to.attached, *unfinished.message, header)) {
      unfinished.uses_quota = true;
      ++out.quota_used;
      ++i;
    } else {
      forget_delivery(broker, unfinished);
      out.in_flight.erase(i);
    }
  }
}

// The delivery in flight with this identifier, or its end.
std::size_t find_in_flight(const outbound_state& out, std::uint16_t packet_identifier) {
  std::size_t i = 0;
  while (i < out.in_flight.size() && out.in_flight[i].packet_identifier != packet_identifier) ++i;
  return i;
}

// The delivery as defects have it.
void deliver_wrongly(broker_state& broker, session& to, lazy_message& message,
                     const delivery_terms& terms) {
  if (loses_delivery(broker, to, terms.qos)) return;
  if (hold_back(broker, to, message, terms)) return;
  send_or_enqueue(broker, to, message, terms);
  if (terms.qos != mqtt::qos::at_least_once &&
      broker.defects.strikes(terms.qos == mqtt::qos::exactly_once ? defect::deliver_qos2_twice
                                                                  : defect::deliver_qos0_twice)) {
    send_or_enqueue(broker, to, message, terms);
  }
  if (to.outbound.held && to.outbound.held->what.message->topic == message.view().topic) {
    release_held_delivery(broker, to);
  }
}

}  // namespace

void deliver(broker_state& broker, session& to, lazy_message& message,
             const delivery_terms& terms) {
  if (broker.defects.any()) {
    deliver_wrongly(broker, to, message, terms);
  } else {
    send_or_enqueue(broker, to, message, terms);
  }
}

void complete_delivery(broker_state& broker, session& to, std::size_t index) {
  outbound_state& out = to.outbound;
  if (out.in_flight[index].uses_quota) --out.quota_used;
  if (out.in_flight[index].to_resend) --out.to_resend;
  forget_delivery(broker, out.in_flight[index]);
  out.in_flight.erase(index);
  pump(broker, to);
}

void release_held_delivery(broker_state& broker, session& to) {
  const auto held = std::exchange(to.outbound.held, nullptr);
  lazy_message message(held->what.message);
  send_or_enqueue(broker, to, message,
                  {.qos = held->what.qos,
                   .retain = held->what.retain,
                   .subscription_identifiers = view(held->what.identifiers)});
}

void drop_qos0_deliveries(broker_state& broker, session& of) {
  outbound_state& out = of.outbound;
  if (out.queued_qos0 == 0) return;
  for (std::size_t left = out.queued.size(); left > 0; --left) {
    if (out.queued.front().qos == mqtt::qos::at_most_once) {
      drop_first(broker, out);
    } else {
      out.queued.push_back(out.queued.pop_front());
    }
  }
}

void pump(broker_state& broker, session& to) {
  outbound_state& out = to.outbound;
  if (to.attached == nullptr) return;
  if (out.to_resend > 0) resend(broker, to);
  while (!out.queued.empty() && !output_is_full(broker, *to.attached)) {
    const bool qos0 = out.queued.front().qos == mqtt::qos::at_most_once;
    if (!qos0 && !window_is_open(broker, to)) return;
    delivery next = out.queued.pop_front();
    out.queued_bytes -= next.message.size_bytes();
    if (qos0) --out.queued_qos0;
    // Delivery begins now, so now is when expiry counts [MQTT-3.3.2-5].
    if (has_expired(*next.message, broker.now) &&
        !broker.defects.strikes(defect::keep_expired_message)) {
      ++broker.statistics.messages_dropped;
      forget_delivery(broker, next);
      continue;
    }
    // It may have come while the session waited for a client that now has other rights.
    if (!may_receive(to, next.message->topic)) {
      ++broker.statistics.messages_dropped;
      forget_delivery(broker, next);
      continue;
    }
    const delivery_terms terms{.qos = next.qos,
                               .retain = next.retain,
                               .subscription_identifiers = view(next.identifiers),
                               .group = next.group};
    lazy_message message(next.message);
    if (qos0) {
      send_qos0(broker, to, message.view(), terms, 0);
    } else if (!send_first(broker, to, message, terms, next.durable_number)) {
      forget_delivery(broker, next);
    }
  }
  if (out.queued.empty()) out.drop_logged = false;
}

void resume_deliveries(broker_state& broker, session& to) {
  outbound_state& out = to.outbound;
  // The quota starts anew with each connection (§4.9).
  if (!broker.defects.strikes(defect::keep_quota_over_reconnect)) out.quota_used = 0;
  out.to_resend = 0;
  const bool omitted = !out.in_flight.empty() && broker.defects.strikes(defect::omit_redelivery);
  for (std::size_t i = 0; i < out.in_flight.size(); ++i) {
    delivery& unfinished = out.in_flight[i];
    unfinished.uses_quota = false;
    unfinished.to_resend = false;
    if (omitted) continue;
    if (unfinished.state == delivery_state::awaiting_pubcomp) {
      if (broker.defects.any() && resume_pubrel_wrongly(broker, unfinished)) {
        if (unfinished.to_resend) ++out.to_resend;
        continue;
      }
      // After PUBREC only PUBREL is sent again [MQTT-4.3.3-6]; it uses no quota.
      send_acknowledgement(broker, *to.attached, mqtt::packet_type::pubrel,
                           unfinished.packet_identifier);
    } else {
      unfinished.to_resend = true;
      ++out.to_resend;
    }
  }
  pump(broker, to);
}

void handle_puback(broker_state& broker, connection& from, std::uint16_t packet_identifier) {
  session& to = *from.bound;
  const std::size_t index = find_in_flight(to.outbound, packet_identifier);
  if (broker.defects.any() && handle_puback_wrongly(broker, from, packet_identifier, index)) return;
  if (index == to.outbound.in_flight.size()) return;
  if (to.outbound.in_flight[index].state != delivery_state::awaiting_puback) {
    refuse(broker, from, mqtt::reason_code::protocol_error, "PUBACK for a QoS 2 message");
    return;
  }
  complete_delivery(broker, to, index);
}

void handle_pubrec(broker_state& broker, connection& from, std::uint16_t packet_identifier,
                   mqtt::reason_code reason) {
  session& to = *from.bound;
  const std::size_t index = find_in_flight(to.outbound, packet_identifier);
  if (broker.defects.any() &&
      handle_pubrec_wrongly(broker, from, packet_identifier, index, reason)) {
    return;
  }
  if (index == to.outbound.in_flight.size()) {
    // No reason to close (§3.6.2.1).
    if (mqtt::is_error(reason)) return;
    send_negative_acknowledgement(broker, from, mqtt::packet_type::pubrel, packet_identifier,
                                  mqtt::reason_code::packet_identifier_not_found,
                                  {"no PUBLISH with this Packet Identifier is in flight", {}});
    return;
  }
  delivery& answered = to.outbound.in_flight[index];
  if (answered.state == delivery_state::awaiting_puback) {
    refuse(broker, from, mqtt::reason_code::protocol_error, "PUBREC for a QoS 1 message");
    return;
  }
  if (mqtt::is_error(reason)) {  // the message counts as delivered [MQTT-4.4.0-2]
    complete_delivery(broker, to, index);
    return;
  }
  if (answered.to_resend) --to.outbound.to_resend;
  answered.to_resend = false;
  answered.state = delivery_state::awaiting_pubcomp;
  persist_delivery(broker, to, answered);
  send_acknowledgement(broker, from, mqtt::packet_type::pubrel, packet_identifier);
}

void handle_pubcomp(broker_state& broker, connection& from, std::uint16_t packet_identifier) {
  session& to = *from.bound;
  const std::size_t index = find_in_flight(to.outbound, packet_identifier);
  if (broker.defects.any() && handle_pubcomp_wrongly(broker, from, index)) return;
  if (index == to.outbound.in_flight.size()) return;
  if (to.outbound.in_flight[index].state != delivery_state::awaiting_pubcomp) {
    refuse(broker, from, mqtt::reason_code::protocol_error, "PUBCOMP before PUBREC");
    return;
  }
  complete_delivery(broker, to, index);
}

}  // namespace gauntlet::broker
