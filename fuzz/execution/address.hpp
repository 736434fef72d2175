#pragma once

// Where a broker under fuzzing listens, and whether it is ours to be fuzzed.

#include <sys/socket.h>

#include "harness/base/result.hpp"
#include "harness/net/network.hpp"

namespace gauntlet::fuzz {

/// An address as the system takes it.
struct address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

/// The first address of the endpoint's host. Bad input when its transport is not plain TCP; the
/// environment's failure when the name means nothing.
outcome<address> resolve(const net::endpoint& where);

/// Whether what is sent there stays on this machine.
bool is_loopback(const address& where);

}  // namespace gauntlet::fuzz
