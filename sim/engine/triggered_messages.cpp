#include "sim/engine/triggered_messages.hpp"

#include <algorithm>

#include "harness/base/assert.hpp"

namespace gauntlet::sim {

bool triggered_messages::add(std::uint32_t stream, const entry& message) {
  std::vector<entry>& queue = by_stream_[stream];
  if (queue.size() >= waiting_max) return false;
  const auto after =
      std::upper_bound(queue.begin(), queue.end(), message,
                       [](const entry& left, const entry& right) { return left.due < right.due; });
  queue.insert(after, message);
  ++waiting_;
  return true;
}

const std::vector<triggered_messages::entry>& triggered_messages::of(std::uint32_t stream) const {
  static const std::vector<entry> none;
  const auto found = by_stream_.find(stream);
  return found == by_stream_.end() ? none : found->second;
}

triggered_messages::entry triggered_messages::pop(std::uint32_t stream) {
  const auto found = by_stream_.find(stream);
  GAUNTLET_ASSERT(found != by_stream_.end() && !found->second.empty());
  const entry first = found->second.front();
  found->second.erase(found->second.begin());
  --waiting_;
  return first;
}

std::uint32_t triggered_messages::make_context() {
  if (free_.empty()) {
    contexts_.emplace_back();
    return static_cast<std::uint32_t>(contexts_.size() - 1);
  }
  const std::uint32_t at = free_.back();
  free_.pop_back();
  return at;
}

void triggered_messages::drop_context(std::uint32_t at) {
  if (at == no_context) return;
  answer_context& old = contexts_[at];
  old.topic.clear();
  old.correlation.clear();
  old.has_correlation = false;
  old.request.reset();
  free_.push_back(at);
}

void triggered_messages::keep_in_flight(std::uint64_t tag, std::uint32_t context) {
  if (context != no_context) by_tag_[tag] = context;
}

std::uint32_t triggered_messages::in_flight(std::uint64_t tag) const {
  if (by_tag_.empty()) return no_context;
  const auto found = by_tag_.find(tag);
  return found == by_tag_.end() ? no_context : found->second;
}

void triggered_messages::drop_in_flight(std::uint64_t tag) {
  if (by_tag_.empty()) return;
  const auto found = by_tag_.find(tag);
  if (found == by_tag_.end()) return;
  drop_context(found->second);
  by_tag_.erase(found);
}

}  // namespace gauntlet::sim
