#pragma once

// Which messages a device has dropped because its offline buffer was full. A window of due times
// for each time offline; devices that drop nothing have no entry.

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "harness/base/event_loop.hpp"

namespace gauntlet::sim {

/// A message of a device, in the order in which they go into its buffer.
struct buffered_message {
  duration due{};
  std::uint16_t publication = 0;

  friend bool operator<(const buffered_message& left, const buffered_message& right) {
    return std::tie(left.due, left.publication) < std::tie(right.due, right.publication);
  }
};

/// The drops of one worker's devices that have not been entered into the books yet.
class offline_drops {
 public:
  bool empty() const { return windows_.empty(); }

  /// Everything from `first` to before `end` is dropped.
  void add(std::uint32_t local, const buffered_message& first, const buffered_message& end) {
    windows_[local].push_back({first, end});
  }
  bool has(std::uint32_t local, const buffered_message& message) const {
    const auto found = windows_.find(local);
    if (found == windows_.end()) return false;
    return std::any_of(found->second.begin(), found->second.end(), [&](const window& each) {
      return !(message < each.first) && message < each.end;
    });
  }
  /// Forgets the windows of the device that end at `message` or before it.
  void forget_before(std::uint32_t local, const buffered_message& message) {
    const auto found = windows_.find(local);
    if (found == windows_.end()) return;
    std::erase_if(found->second, [&](const window& each) { return !(message < each.end); });
    if (found->second.empty()) windows_.erase(found);
  }

 private:
  struct window {
    buffered_message first;
    buffered_message end;
  };
  boost::unordered_flat_map<std::uint32_t, std::vector<window>> windows_;
};

}  // namespace gauntlet::sim
