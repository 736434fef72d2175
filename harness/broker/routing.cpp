#include "harness/broker/routing.hpp"

#include <algorithm>

#include "harness/broker/access_control.hpp"
#include "harness/broker/delivery_outbound.hpp"
#include "harness/broker/retained.hpp"
#include "harness/broker/wrong_matching.hpp"
#include "harness/broker/wrong_routing.hpp"

namespace gauntlet::broker {
namespace {

routing_target& fresh_target(routing_scratch& scratch, session& receiver) {
  if (scratch.used == scratch.targets.size()) scratch.targets.emplace_back();
  routing_target& fresh = scratch.targets[scratch.used++];
  fresh.receiver = &receiver;
  fresh.qos = mqtt::qos::at_most_once;
  fresh.retain_as_published = false;
  fresh.group = 0;
  fresh.identifiers.clear();
  return fresh;
}

// Through a shared subscription the session gets a copy of its own [MQTT-3.3.4-5]; through plain
// ones that overlap a single copy.
routing_target& target_for(routing_scratch& scratch, const subscription& matching) {
  session& receiver = *matching.subscriber;
  if (matching.group != nullptr) {
    routing_target& own = fresh_target(scratch, receiver);
    own.group = matching.group->number;
    return own;
  }
  if (receiver.match_serial == scratch.match_serial) return scratch.targets[receiver.match_index];
  receiver.match_serial = scratch.match_serial;
  receiver.match_index = static_cast<std::uint32_t>(scratch.used);
  return fresh_target(scratch, receiver);
}

// A session whose subscriptions overlap gets the highest QoS of all and the identifiers of all
// [MQTT-3.3.4-2, MQTT-3.3.4-4].
void add_target(routing_scratch& scratch, const subscription& matching) {
  routing_target& target = target_for(scratch, matching);
  target.qos = std::max(target.qos, matching.options.maximum_qos);
  target.retain_as_published |= matching.options.retain_as_published;
  if (matching.identifier != 0) target.identifiers.push_back(matching.identifier);
}

delivery_terms terms_for(broker_state& broker, const message_view& message,
                         const routing_target& target) {
  delivery_terms terms;
  // The lower of the QoS published with and the QoS granted [MQTT-3.8.4-8].
  terms.qos = std::min(message.qos, target.qos);
  // To an established subscription the flag goes only if it asked for it [MQTT-3.3.1-12, -13].
  terms.retain = message.retain && target.retain_as_published;
  terms.subscription_identifiers = target.identifiers;
  terms.group = target.group;
  if (broker.defects.any()) alter_terms(broker.defects, message, target, terms);
  return terms;
}

template <class Receive>
void match_as_defects_have_it(broker_state& broker, std::string_view topic, Receive&& receive) {
  if (!matches_wrongly(broker.defects)) {
    broker.subscriptions.match(topic, receive);
    return;
  }
  broker.subscriptions.match_one_by_one(
      [&](std::string_view filter, bool is_shared) {
        return matches_wrongly(broker.defects, filter, topic, is_shared);
      },
      receive);
}

void log_publish(const broker_state& broker, const message_view& message,
                 const session* publisher) {
  broker.log(log_level::debug, "publish client={} topic={} qos={} retain={} size={} receivers={}",
             publisher != nullptr ? std::string_view(publisher->client_id) : std::string_view(),
             message.topic, static_cast<unsigned>(message.qos), message.retain ? 1 : 0,
             message.payload.size(), broker.routing_scratch.used);
}

}  // namespace

std::size_t publish_message(broker_state& broker, lazy_message& message, const session* publisher) {
  if (message.view().retain) {
    retain(broker, message, publisher);
    if (message.view().payload.empty() &&
        broker.defects.strikes(defect::withhold_empty_retained_message)) {
      return 0;
    }
  } else if (broker.defects.any()) {
    mistake_for_retained(broker, message, publisher);
  }
  return route_message(broker, message, publisher);
}

std::size_t route_message(broker_state& broker, lazy_message& message, const session* publisher) {
  routing_scratch& scratch = broker.routing_scratch;
  scratch.used = 0;
  message.shared_serial = ++scratch.match_serial;
  const auto receive = [&](const subscription& matching) {
    if (!may_receive(matching, message.view().topic)) return;
    // Not back to its publisher if the subscription says so [MQTT-3.8.3-3].
    if (matching.options.no_local && matching.subscriber == publisher &&
        !broker.defects.strikes(defect::ignore_no_local)) {
      return;
    }
    if (broker.defects.any() && withholds(broker, matching, publisher)) return;
    add_target(scratch, matching);
  };
  const std::string_view topic = message.view().topic;
  if (broker.defects.any()) {
    match_as_defects_have_it(broker, topic, receive);
    alter_targets(broker, message.view());
  } else {
    broker.subscriptions.match(topic, receive);
  }
  if (broker.logs(log_level::debug)) log_publish(broker, message.view(), publisher);
  for (std::size_t i = 0; i < scratch.used; ++i) {
    const routing_target& target = scratch.targets[i];
    deliver(broker, *target.receiver, message, terms_for(broker, message.view(), target));
  }
  return scratch.used;
}

}  // namespace gauntlet::broker
