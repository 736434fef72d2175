#include "harness/broker/subscription_table.hpp"

#include <algorithm>

#include "harness/base/assert.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::broker {

subscribed subscription_table::subscribe(session& subscriber, std::string_view filter, bool shared,
                                         const mqtt::subscription_options& options,
                                         std::uint32_t identifier) {
  const auto [entry, added] = subscriber.subscriptions.try_emplace(std::string(filter));
  subscription& made = entry->second;
  made.subscriber = &subscriber;
  made.options = options;
  made.identifier = identifier;
  if (added) link(made, filter, shared);
  return {&made, !added};
}

bool subscription_table::unsubscribe(session& subscriber, std::string_view filter) {
  const auto found = subscriber.subscriptions.find(filter);
  if (found == subscriber.subscriptions.end()) return false;
  unlink(found->second, filter);
  subscriber.subscriptions.erase(found);
  return true;
}

void subscription_table::unsubscribe_all(session& subscriber) {
  for (const auto& [filter, gone] : subscriber.subscriptions) unlink(gone, filter);
  subscriber.subscriptions.clear();
}

void subscription_table::link(subscription& added, std::string_view filter, bool shared) {
  ++size_;
  if (!shared) {
    tree_.find_or_add(filter).plain.push_back(&added);
    return;
  }
  const std::string_view inner = mqtt::parse_shared_subscription(filter)->filter;
  auto& groups = tree_.find_or_add(inner).groups;
  auto group = std::ranges::find(
      groups, filter, [](const auto& each) -> std::string_view { return each->full_filter; });
  if (group == groups.end()) {
    groups.push_back(std::make_unique<shared_group>());
    group = std::prev(groups.end());
    (*group)->full_filter = filter;
    (*group)->filter = inner;
    (*group)->number = ++last_group_;
    groups_.emplace(last_group_, group->get());
  }
  added.group = group->get();
  added.group->members.push_back(&added);
}

void subscription_table::unlink(const subscription& gone, std::string_view filter) {
  --size_;
  const std::string inner(gone.group != nullptr ? gone.group->filter : filter);
  subscribers* const of_filter = tree_.find(inner);
  GAUNTLET_ASSERT(of_filter != nullptr);
  if (gone.group == nullptr) {
    std::erase(of_filter->plain, &gone);
  } else {
    shared_group& group = *gone.group;
    std::erase(group.members, &gone);
    group.next = 0;
    if (group.members.empty()) {
      groups_.erase(group.number);
      std::erase_if(of_filter->groups, [&](const auto& each) { return each.get() == &group; });
    }
  }
  if (of_filter->plain.empty() && of_filter->groups.empty()) tree_.remove(inner);
}

const subscription* subscription_table::next_member(std::uint32_t group) {
  const auto found = groups_.find(group);
  return found == groups_.end() ? nullptr : choose_member(*found->second);
}

std::string_view subscription_table::filter_of_group(std::uint32_t group) const {
  const auto found = groups_.find(group);
  return found == groups_.end() ? std::string_view{} : found->second->full_filter;
}

// In turn among the members that are connected; if none is, among all, whose sessions then queue it
// (MQTT 5.0 §4.8.2 leaves the choice to the server).
const subscription* subscription_table::choose_member(shared_group& group) {
  const std::size_t count = group.members.size();
  for (std::size_t tried = 0; tried < count; ++tried) {
    const std::size_t index = (group.next + tried) % count;
    if (group.members[index]->subscriber->attached == nullptr) continue;
    group.next = (index + 1) % count;
    return group.members[index];
  }
  const std::size_t index = group.next % count;
  group.next = (index + 1) % count;
  return group.members[index];
}

}  // namespace gauntlet::broker
