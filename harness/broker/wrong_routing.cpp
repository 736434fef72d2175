#include "harness/broker/wrong_routing.hpp"

#include <algorithm>

#include "harness/mqtt/topic.hpp"

namespace gauntlet::broker {
namespace {

// References to targets do not outlive this.
routing_target& add_target(routing_scratch& scratch, session& receiver) {
  if (scratch.used == scratch.targets.size()) scratch.targets.emplace_back();
  routing_target& added = scratch.targets[scratch.used++];
  added = routing_target{};
  added.receiver = &receiver;
  return added;
}

mqtt::qos lowest_qos(const session& of, std::string_view topic) {
  mqtt::qos lowest = mqtt::qos::exactly_once;
  for (const auto& [filter, subscribed] : of.subscriptions) {
    if (mqtt::matches(filter, topic)) lowest = std::min(lowest, subscribed.options.maximum_qos);
  }
  return lowest;
}

void alter_plain_target(broker_state& broker, std::size_t index, std::string_view topic) {
  defect_set& defects = broker.defects;
  routing_target& target = broker.routing_scratch.targets[index];
  auto& identifiers = target.identifiers;
  if (defects.strikes(defect::deliver_at_lowest_qos)) {
    target.qos = lowest_qos(*target.receiver, topic);
  }
  if (!identifiers.empty() && defects.strikes(defect::omit_subscription_identifier)) {
    identifiers.clear();
  }
  if (identifiers.size() > 1 && defects.strikes(defect::send_first_identifier_only)) {
    identifiers.resize(1);
  }
  if (identifiers.size() > 1 && defects.strikes(defect::merge_equal_identifiers)) {
    std::ranges::sort(identifiers);
    identifiers.erase(std::unique(identifiers.begin(), identifiers.end()), identifiers.end());
  }
  if (identifiers.size() > 1 && defects.strikes(defect::send_copies_without_identifier)) {
    identifiers.resize(1);
    const mqtt::qos qos = target.qos;
    add_target(broker.routing_scratch, *target.receiver).qos = qos;
  }
}

// The shared subscription through which a target was reached.
const shared_group* group_of(const routing_target& target) {
  for (const auto& [filter, each] : target.receiver->subscriptions) {
    if (each.group != nullptr && each.group->number == target.group) return each.group;
  }
  return nullptr;
}

// A target reached through a shared subscription.
void alter_shared_target(broker_state& broker, std::size_t index) {
  defect_set& defects = broker.defects;
  routing_scratch& scratch = broker.routing_scratch;
  const shared_group* const group = group_of(scratch.targets[index]);
  if (group == nullptr) return;
  auto& identifiers = scratch.targets[index].identifiers;
  if (!identifiers.empty() && defects.strikes(defect::omit_subscription_identifier)) {
    identifiers.clear();
  }
  for (const subscription* member : group->members) {
    if (member->subscriber == scratch.targets[index].receiver) continue;
    if (defects.strikes(defect::use_highest_qos_of_group)) {
      routing_target& target = scratch.targets[index];
      target.qos = std::max(target.qos, member->options.maximum_qos);
    }
    if (member->identifier != 0 && defects.strikes(defect::send_identifiers_of_all_members)) {
      scratch.targets[index].identifiers.push_back(member->identifier);
    }
    if (defects.strikes(defect::deliver_to_all_members)) {
      add_target(scratch, *member->subscriber).qos = member->options.maximum_qos;
    }
  }
}

void keep_one_shared_target(routing_scratch& scratch) {
  bool any = false;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < scratch.used; ++i) {
    if (scratch.targets[i].group != 0 && std::exchange(any, true)) continue;
    std::swap(scratch.targets[kept++], scratch.targets[i]);
  }
  scratch.used = kept;
}

void share_identifiers(routing_scratch& scratch) {
  std::vector<std::uint32_t> all;
  for (std::size_t i = 0; i < scratch.used; ++i) {
    const auto& own = scratch.targets[i].identifiers;
    all.insert(all.end(), own.begin(), own.end());
  }
  for (std::size_t i = 0; i < scratch.used; ++i) scratch.targets[i].identifiers = all;
}

void add_everybody(broker_state& broker) {
  routing_scratch& scratch = broker.routing_scratch;
  const std::size_t subscribed = scratch.used;
  broker.sessions.visit([&](session& each) {
    const auto* const begin = scratch.targets.data();
    const bool is_target =
        std::any_of(begin, begin + subscribed,
                    [&](const routing_target& target) { return target.receiver == &each; });
    if (!is_target && each.attached != nullptr) add_target(scratch, each);
  });
}

void repeat_for_repeated_subscribers(broker_state& broker) {
  routing_scratch& scratch = broker.routing_scratch;
  const std::size_t once = scratch.used;
  for (std::size_t i = 0; i < once; ++i) {
    session& receiver = *scratch.targets[i].receiver;
    if (!broker.defect_memory.subscribed_twice.contains(receiver.client_id)) continue;
    const mqtt::qos qos = scratch.targets[i].qos;
    add_target(scratch, receiver).qos = qos;
  }
}

}  // namespace

bool withholds(broker_state& broker, const subscription& matching, const session* publisher) {
  defect_set& defects = broker.defects;
  if (matching.group != nullptr && defects.strikes(defect::deliver_to_no_member)) return true;
  if (matching.subscriber == publisher) return defects.strikes(defect::withhold_from_publisher);
  if (matching.options.no_local && defects.strikes(defect::withhold_from_no_local_subscription)) {
    return true;
  }
  if (matching.group != nullptr) return false;
  const auto& all = matching.subscriber->subscriptions;
  return std::ranges::any_of(all, [](const auto& each) { return each.second.group != nullptr; }) &&
         defects.strikes(defect::withhold_plain_copy_from_member);
}

void alter_targets(broker_state& broker, const message_view& message) {
  defect_set& defects = broker.defects;
  routing_scratch& scratch = broker.routing_scratch;
  for (std::size_t i = 0, end = scratch.used; i < end; ++i) {
    if (scratch.targets[i].group == 0) {
      alter_plain_target(broker, i, message.topic);
    } else {
      alter_shared_target(broker, i);
    }
  }
  if (defects.strikes(defect::ignore_share_name)) keep_one_shared_target(scratch);
  if (scratch.used > 1 && defects.strikes(defect::deliver_to_first_subscriber_only)) {
    scratch.used = 1;
  }
  if (defects.strikes(defect::send_identifiers_of_other_clients)) share_identifiers(scratch);
  if (defects.strikes(defect::deliver_to_everybody)) add_everybody(broker);
  if (!broker.defect_memory.subscribed_twice.empty()) repeat_for_repeated_subscribers(broker);
}

void alter_terms(defect_set& defects, const message_view& message, const routing_target& target,
                 delivery_terms& terms) {
  if (defects.strikes(defect::exceed_granted_qos)) terms.qos = message.qos;
  if (defects.strikes(defect::raise_qos_to_granted)) terms.qos = target.qos;
  if (defects.strikes(defect::deliver_at_qos0)) terms.qos = mqtt::qos::at_most_once;
  if (terms.qos == mqtt::qos::exactly_once && defects.strikes(defect::deliver_qos2_at_qos1)) {
    terms.qos = mqtt::qos::at_least_once;
  }
  if (message.retain && !terms.retain && defects.strikes(defect::forward_retain_flag)) {
    terms.retain = true;
  }
  if (!message.retain && defects.strikes(defect::set_retain_flag)) terms.retain = true;
  if (target.retain_as_published && defects.strikes(defect::ignore_retain_as_published)) {
    terms.retain = false;
  }
}

}  // namespace gauntlet::broker
