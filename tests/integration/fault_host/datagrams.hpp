#pragma once

// Numbered datagrams over a private link: UDP hides nothing of what a network does to packets.

#include <chrono>
#include <cstdint>
#include <vector>

#include "harness/fault_host/private_link.hpp"

namespace gauntlet::fault_host {

/// What came of datagrams 0 to n - 1, in the order of their arrival, and when after its sending.
struct arrived_datagram {
  std::uint32_t number = 0;
  std::chrono::milliseconds took{};
};

/// Sends so many to the far side, a millisecond apart, and reads until nothing has come for
/// `silence`.
std::vector<arrived_datagram> send_datagrams(const private_link& link, std::uint32_t count,
                                             std::chrono::milliseconds silence);

}  // namespace gauntlet::fault_host
