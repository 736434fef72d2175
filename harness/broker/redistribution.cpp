#include "harness/broker/redistribution.hpp"

#include <algorithm>
#include <utility>

#include "harness/broker/delivery_outbound.hpp"
#include "harness/broker/persistence.hpp"

namespace gauntlet::broker {
namespace {

// A new delivery, on the terms of its new receiver [MQTT-4.8.2-3].
void hand_over(broker_state& broker, const delivery& from, const subscription& to) {
  lazy_message message(from.message);
  const message_view& view = message.view();
  const std::span<const std::uint32_t> identifiers(&to.identifier, to.identifier != 0 ? 1U : 0U);
  deliver(broker, *to.subscriber, message,
          {.qos = std::min(view.qos, to.options.maximum_qos),
           .retain = view.retain && to.options.retain_as_published,
           .subscription_identifiers = identifiers,
           .group = from.group});
}

// Takes from the queue what `receiver_of(delivery)` has a plan for; the rest keeps its order.
template <class ReceiverOf>
void hand_over_queue(broker_state& broker, session& from, ReceiverOf&& receiver_of) {
  outbound_state& out = from.outbound;
  for (std::size_t left = out.queued.size(); left > 0; --left) {
    delivery next = out.queued.pop_front();
    const std::optional<const subscription*> plan = receiver_of(next);
    if (!plan) {
      out.queued.push_back(std::move(next));
      continue;
    }
    out.queued_bytes -= next.message.size_bytes();
    if (next.qos == mqtt::qos::at_most_once) --out.queued_qos0;
    if (*plan != nullptr) hand_over(broker, next, **plan);
    forget_delivery(broker, next);
  }
}

}  // namespace

void redistribute_at_session_end(broker_state& broker, session& gone) {
  const auto give_away = [&](const delivery& each) {
    if (each.group == 0) return;
    const subscription* const to = broker.subscriptions.next_member(each.group);
    if (to != nullptr) hand_over(broker, each, *to);
  };
  if (broker.defects.strikes(defect::omit_redistribution)) return;
  outbound_state& out = gone.outbound;
  for (std::size_t i = 0; i < out.in_flight.size(); ++i) {
    if (out.in_flight[i].qos == mqtt::qos::at_least_once ||
        broker.defects.strikes(defect::redistribute_unfinished_qos2_message)) {
      give_away(out.in_flight[i]);
    }
  }
  for (std::size_t i = 0; i < out.queued.size(); ++i) give_away(out.queued[i]);
}

void redistribute_refused(broker_state& broker, session& by, std::uint16_t packet_identifier) {
  const ring<delivery>& in_flight = by.outbound.in_flight;
  for (std::size_t i = 0; i < in_flight.size(); ++i) {
    if (in_flight[i].packet_identifier != packet_identifier || in_flight[i].group == 0) continue;
    const subscription* const to = broker.subscriptions.next_member(in_flight[i].group);
    if (to != nullptr && to->subscriber != &by) hand_over(broker, in_flight[i], *to);
    return;
  }
}

void redistribute_at_disconnect(broker_state& broker, session& left) {
  const ring<delivery>& queued = left.outbound.queued;
  std::size_t first = 0;
  while (first < queued.size() && queued[first].group == 0) ++first;
  if (first == queued.size()) return;
  hand_over_queue(broker, left, [&](const delivery& each) -> std::optional<const subscription*> {
    if (each.group == 0) return std::nullopt;
    const subscription* const to = broker.subscriptions.next_member(each.group);
    if (to == nullptr || to->subscriber->attached == nullptr) return std::nullopt;
    return to;
  });
}

void redistribute_at_unsubscribe(broker_state& broker, session& left, std::uint32_t group) {
  hand_over_queue(broker, left, [&](const delivery& each) -> std::optional<const subscription*> {
    if (each.group != group) return std::nullopt;
    return broker.subscriptions.next_member(group);
  });
}

}  // namespace gauntlet::broker
