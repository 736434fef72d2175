#pragma once

// Faults below TCP as values. docs/host-faults.md

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/fault_host/private_link.hpp"

namespace gauntlet::fault_host {

struct link_down {};
struct link_loss {
  double share = 0.01;  ///< of packets, 0 to 1
};
struct link_reject {};
struct link_rate {
  std::uint64_t rate = 0;  ///< bytes a second, of each direction
};
struct link_delay {
  std::chrono::nanoseconds delay = std::chrono::milliseconds(50);  ///< of each direction
  std::chrono::nanoseconds jitter{};                               ///< more or less of it
};
struct link_duplicate {
  double share = 0.01;  ///< of packets
};
/// Packets are held until others have overtaken them.
struct link_reorder {
  double share = 0.01;  ///< of packets
};
/// One bit of a packet is turned over, behind the header of IP.
struct link_corrupt {
  double share = 0.01;  ///< of packets
};
/// Happens once, when it begins.
struct sockets_killed {
  link_end at = link_end::far;
};
/// Happens when it begins; those gone stay gone while it lasts.
struct vanish {
  double share = 1;  ///< of the connections of that moment
};

/// One fault.
using host_fault = std::variant<link_down, link_loss, link_reject, link_rate, link_delay,
                                link_duplicate, link_reorder, link_corrupt, sockets_killed, vanish>;

/// Its key: "link_down".
std::string_view name_of(const host_fault& what);

/// "the link is down" and the like.
std::string describe(const host_fault& what);

/// What faults that are active at the same time make of the link: the worst of each.
link_state combined(const std::vector<host_fault>& active);

}  // namespace gauntlet::fault_host
