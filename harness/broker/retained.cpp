#include "harness/broker/retained.hpp"

#include <algorithm>
#include <vector>

#include "harness/broker/access_control.hpp"
#include "harness/broker/delivery_outbound.hpp"
#include "harness/broker/persistence.hpp"
#include "harness/broker/wrong_matching.hpp"

namespace gauntlet::broker {
namespace {

// Whether a defect keeps the message from becoming the retained one.
bool is_not_retained(broker_state& broker, const message_view& message) {
  defect_set& defects = broker.defects;
  if (defects.strikes(defect::forget_retained_message)) return true;
  if (message.qos == mqtt::qos::at_most_once &&
      defects.strikes(defect::ignore_retained_message_of_qos0)) {
    return true;
  }
  return broker.retained.contains(message.topic) &&
         defects.strikes(defect::keep_older_retained_message);
}

// What is stored: the message, unless a defect alters it.
message_ref to_store(broker_state& broker, lazy_message& message) {
  if (!broker.defects.any()) return message.share();
  message_view stored = message.view();
  if (broker.defects.strikes(defect::store_retained_at_qos0)) {
    stored.qos = mqtt::qos::at_most_once;
  }
  if (broker.defects.strikes(defect::store_retained_without_properties)) stored.properties = {};
  return message_ref(stored);
}

void remove_retained(broker_state& broker, std::string_view topic) {
  const message_ref gone = broker.retained.remove(topic);
  if (gone) forget_retained(broker, gone);
}

delivery_terms terms_for(broker_state& broker, const message_view& message,
                         const subscription& subscribed) {
  defect_set& defects = broker.defects;
  delivery_terms terms;
  terms.qos = defects.strikes(defect::exceed_granted_qos_with_retained)
                  ? message.qos
                  : std::min(message.qos, subscribed.options.maximum_qos);
  // RETAIN is 1 because a subscribe made us send it, whatever Retain As Published says (§3.3.1.3).
  terms.retain = !defects.strikes(defect::send_retained_without_flag);
  if (subscribed.identifier != 0 && !defects.strikes(defect::omit_identifier_of_retained)) {
    terms.subscription_identifiers = {&subscribed.identifier, 1};
  }
  return terms;
}

}  // namespace

// What Retain Handling says (§3.3.1.3); 3.1.1 always has 0 [MQTT-3.8.4-3 of 3.1.1].
bool asks_for_retained(broker_state& broker, const subscription& subscribed, bool existed) {
  defect_set& defects = broker.defects;
  // Never for a shared subscription (§4.8.2).
  if (subscribed.group != nullptr) {
    return defects.strikes(defect::send_retained_to_shared_subscription);
  }
  switch (subscribed.options.retain_handling) {
    case mqtt::retain_handling::send_at_subscribe:
      return !existed || !defects.strikes(defect::omit_retained_at_repeated_subscribe);
    case mqtt::retain_handling::send_if_new:
      if (existed) return defects.strikes(defect::ignore_retain_handling);
      return !defects.strikes(defect::omit_retained_with_retain_handling_1);
    case mqtt::retain_handling::do_not_send:
      return defects.strikes(defect::ignore_retain_handling);
  }
  return false;
}

void retain(broker_state& broker, lazy_message& message, const session* publisher) {
  const message_view& view = message.view();
  if (view.payload.empty() && !broker.defects.strikes(defect::store_empty_retained_message)) {
    if (!broker.defects.strikes(defect::keep_retained_on_empty_payload)) {
      remove_retained(broker, view.topic);
    }
    return;
  }
  if (broker.defects.any() && is_not_retained(broker, view)) return;
  const limits& limits = broker.options.limits;
  retained_message kept{to_store(broker, message),
                        publisher ? publisher->client_id : std::string{}};
  const auto done = broker.retained.store(std::move(kept), limits.retained_messages_max,
                                          limits.retained_bytes_max);
  if (done) {
    persist_retained(broker, *done.kept, done.replaced);
  } else {
    broker.log(log_level::warning, "retained-full topic={} messages={} bytes={}", view.topic,
               broker.retained.size(), broker.retained.size_bytes());
  }
}

void send_retained(broker_state& broker, session& to, std::string_view filter,
                   const subscription& subscribed, bool existed) {
  if (!asks_for_retained(broker, subscribed, existed)) return;
  if (mqtt::has_wildcard(filter) && broker.defects.strikes(defect::omit_retained_for_wildcard)) {
    return;
  }
  const bool keep_expired = broker.defects.strikes(defect::keep_expired_retained_message);
  std::vector<message_ref> used_up;
  bool any_sent = false;
  const auto send = [&](const retained_message& kept) {
    if (!may_receive(subscribed, kept.message->topic)) return;
    if (subscribed.options.no_local && kept.publisher == to.client_id &&
        !broker.defects.strikes(defect::ignore_no_local)) {
      return;
    }
    if (any_sent && broker.defects.strikes(defect::send_first_retained_only)) return;
    any_sent = true;
    lazy_message message(kept.message);
    deliver(broker, to, message, terms_for(broker, message.view(), subscribed));
    if (broker.defects.strikes(defect::delete_retained_after_delivery)) {
      used_up.push_back(kept.message);
    }
  };
  const std::string_view matched =
      subscribed.group != nullptr ? std::string_view(subscribed.group->filter) : filter;
  if (matches_wrongly(broker.defects)) {
    broker.retained.visit([&](const retained_message& kept) {
      if (has_expired(*kept.message, broker.now) && !keep_expired) return;
      if (matches_wrongly(broker.defects, matched, kept.message->topic, false)) send(kept);
    });
  } else {
    broker.retained.match(matched, broker.now, keep_expired, send,
                          [&](const message_ref& expired) { forget_retained(broker, expired); });
  }
  for (const message_ref& gone : used_up) remove_retained(broker, gone->topic);
}

void mistake_for_retained(broker_state& broker, lazy_message& message, const session* publisher) {
  if (broker.defects.strikes(defect::store_message_without_retain)) {
    retain(broker, message, publisher);
  }
  if (broker.defects.strikes(defect::delete_retained_at_message_without_retain)) {
    remove_retained(broker, message.view().topic);
  }
}

void delete_retained_of(broker_state& broker, const session& publisher) {
  std::vector<message_ref> gone;
  broker.retained.match(
      "#", broker.now, true,
      [&](const retained_message& kept) {
        if (kept.publisher == publisher.client_id) gone.push_back(kept.message);
      },
      [](const message_ref&) {});
  for (const message_ref& each : gone) remove_retained(broker, each->topic);
}

}  // namespace gauntlet::broker
