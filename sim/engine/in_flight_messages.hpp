#pragma once

// What is remembered of a message between its sending and its acknowledgement: enough to make it
// again for a resend and to time the answer. A slab with a free list: no allocation per message
// once it has grown to the fleet's window.

#include <cstdint>
#include <vector>

#include "harness/base/event_loop.hpp"

namespace gauntlet::sim {

/// One message under way at QoS 1 or 2.
struct in_flight_message {
  duration scheduled{};  ///< on the plan's time line
  duration sent{};       ///< first sending, on the plan's time line
  std::uint32_t sequence = 0;
  std::uint16_t publication = 0;
};

/// Messages under way, by the tag that the session carries for us.
class in_flight_messages {
 public:
  std::uint64_t add(const in_flight_message& message) {
    if (free_.empty()) {
      entries_.push_back(message);
      return entries_.size() - 1;
    }
    const std::uint32_t at = free_.back();
    free_.pop_back();
    entries_[at] = message;
    return at;
  }
  const in_flight_message& at(std::uint64_t tag) const { return entries_[tag]; }
  void remove(std::uint64_t tag) { free_.push_back(static_cast<std::uint32_t>(tag)); }
  std::size_t size() const { return entries_.size() - free_.size(); }

 private:
  std::vector<in_flight_message> entries_;
  std::vector<std::uint32_t> free_;
};

}  // namespace gauntlet::sim
