#include "harness/record/event_log.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "harness/base/assert.hpp"

namespace gauntlet::record {
namespace {

constexpr std::array<std::string_view, 3> level_names{"info", "warning", "error"};

// Total, so that workers' events end up in one order whoever is merged first.
bool earlier(const event& a, const event& b) {
  return std::tie(a.at, a.source, a.level, a.text) < std::tie(b.at, b.source, b.level, b.text);
}

}  // namespace

std::string_view name(event_level level) {
  const auto index = static_cast<std::size_t>(level);
  GAUNTLET_ASSERT(index < level_names.size());
  return level_names[index];
}

std::optional<event_level> event_level_of(std::string_view name) {
  const auto* found = std::find(level_names.begin(), level_names.end(), name);
  if (found == level_names.end()) return std::nullopt;
  return static_cast<event_level>(found - level_names.begin());
}

void event_log::add(event what) {
  const auto place = std::upper_bound(events_.begin(), events_.end(), what, earlier);
  events_.insert(place, std::move(what));
  drop_middle();
}

void event_log::merge(const event_log& other) {
  const auto middle = static_cast<std::ptrdiff_t>(events_.size());
  events_.insert(events_.end(), other.events_.begin(), other.events_.end());
  std::inplace_merge(events_.begin(), events_.begin() + middle, events_.end(), earlier);
  dropped_ += other.dropped_;
  drop_middle();
}

void event_log::drop_middle() {
  if (events_.size() <= events_max) return;
  const auto half = static_cast<std::ptrdiff_t>(events_max / 2);
  dropped_ += events_.size() - events_max;
  events_.erase(events_.begin() + half, events_.end() - half);
}

}  // namespace gauntlet::record
