#pragma once

// Faults below TCP as values. docs/host-faults.md

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
/// Happens once, when it begins.
struct sockets_killed {
  link_end at = link_end::far;
};
/// Happens when it begins; those gone stay gone while it lasts.
struct vanish {
  double share = 1;  ///< of the connections of that moment
};

/// One fault.
using host_fault =
    std::variant<link_down, link_loss, link_reject, link_rate, sockets_killed, vanish>;

/// Its key: "link_down".
std::string_view name_of(const host_fault& what);

/// "the link is down" and the like.
std::string describe(const host_fault& what);

/// What faults that are active at the same time make of the link: the worst of each.
link_state combined(const std::vector<host_fault>& active);

}  // namespace gauntlet::fault_host
