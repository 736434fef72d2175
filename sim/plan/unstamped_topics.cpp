#include "sim/plan/unstamped_topics.hpp"

#include <algorithm>

namespace gauntlet::sim {
namespace {

/// Stands for one or more digits; no topic holds it (U+0001 is a control character).
constexpr char any_number = '\x01';

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool matches(std::string_view pattern, std::string_view topic) {
  for (; !pattern.empty(); pattern.remove_prefix(1), topic.remove_prefix(1)) {
    if (topic.empty()) return false;
    if (pattern.front() != any_number) {
      if (pattern.front() != topic.front()) return false;
      continue;
    }
    // Digits may follow the number, so each length is tried.
    for (std::size_t digits = 1; digits <= topic.size() && is_digit(topic[digits - 1]); ++digits) {
      if (matches(pattern.substr(1), topic.substr(digits))) return true;
    }
    return false;
  }
  return topic.empty();
}

}  // namespace

unstamped_topics::unstamped_topics(const scenario& whole) {
  for (std::uint32_t group = 0; group < whole.fleet.size(); ++group) {
    const device_group& devices = whole.fleet[group];
    for (const publication& each : devices.publish) {
      if (each.stamp != stamp_place::none) continue;
      all_.push_back({each.topic.with_client_id(devices.client_id)
                          .pattern({.group = devices.name, .seed = whole.seed}, any_number),
                      {group, each.qos}});
    }
  }
}

std::optional<unstamped_topics::source> unstamped_topics::find(std::string_view topic) const {
  const auto found = std::find_if(all_.begin(), all_.end(),
                                  [&](const entry& each) { return matches(each.pattern, topic); });
  if (found == all_.end()) return std::nullopt;
  return found->from;
}

}  // namespace gauntlet::sim
