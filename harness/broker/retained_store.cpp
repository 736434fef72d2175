#include "harness/broker/retained_store.hpp"

#include <algorithm>
#include <utility>

namespace gauntlet::broker {

retained_store::outcome_of_store retained_store::store(retained_message added,
                                                       std::size_t messages_max,
                                                       std::size_t bytes_max) {
  const std::string_view topic = added.message->topic;
  const std::size_t size = added.message.size_bytes();
  const auto found = messages_.find(topic);
  const std::size_t replaced = found == messages_.end() ? 0 : found->second.message.size_bytes();
  if (found == messages_.end() && messages_.size() >= messages_max) return {};
  if (bytes_ - replaced + size > bytes_max) return {};

  bytes_ += size - replaced;
  if (found == messages_.end()) {
    const auto [entry, fresh] = messages_.emplace(std::string(topic), std::move(added));
    return {&entry->second, {}};
  }
  const retained_message older = std::exchange(found->second, std::move(added));
  return {&found->second, older.message};
}

message_ref retained_store::remove(std::string_view topic) {
  const auto found = messages_.find(topic);
  if (found == messages_.end()) return {};
  message_ref removed = found->second.message;
  erase(found);
  return removed;
}

// The one topic that a filter matches apart from those that start like it; empty, which is no
// topic, if there is none.
std::string_view retained_store::without_wildcard(std::string_view filter, std::size_t wildcard) {
  if (wildcard == std::string_view::npos) return filter;
  return filter[wildcard] == '#' && wildcard > 0 ? filter.substr(0, wildcard - 1)
                                                 : std::string_view{};
}

retained_store::map::iterator retained_store::erase(map::iterator gone) {
  bytes_ -= gone->second.message.size_bytes();
  return messages_.erase(gone);
}

}  // namespace gauntlet::broker
