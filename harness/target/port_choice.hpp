#pragma once

// Free loopback ports for brokers that we start. They lie below the range from which the system
// takes the ports of outgoing connections: above it, a client may hold the port, or even connect to
// itself.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/result.hpp"

namespace gauntlet::target {

/// The ports to choose from: first, and one past the last.
struct port_range {
  std::uint16_t first = 10'000;
  std::uint16_t end = 32'768;
};

/// Whether a listener on `address` (IPv4) could take the port now.
bool is_port_free(const std::string& address, std::uint16_t port);

/// `count` different ports of 127.0.0.1 that are free now. The search begins at a place that
/// depends on the process, so that runs side by side rarely meet.
outcome<std::vector<std::uint16_t>> choose_ports(std::size_t count, port_range range = {});

}  // namespace gauntlet::target
