#pragma once

// Where a test runs: a network with its loop, and how to reach the broker on it.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "harness/base/result.hpp"
#include "harness/mqtt/packets.hpp"
#include "harness/net/network.hpp"
#include "harness/target/profile.hpp"

namespace gauntlet::conformance {

/// A broker as a test sees it. Belongs to the thread of the network's loop.
struct arena {
  net::network& network;
  /// Where clients of a version connect.
  std::function<net::endpoint(mqtt::protocol_version)> endpoint_for;
  std::shared_ptr<net::tls_client_context> tls;
  std::optional<target::credentials> login;
  /// Stretches every wait, for brokers and machines that are slow.
  double timeout_scale = 1;
  /// In front of all topics and client identifiers, so that runs on one broker do not meet.
  std::string prefix = "gauntlet";
};

/// The packet with the arena's user name and password, unless it names a user itself.
mqtt::connect with_login(const arena& where, mqtt::connect packet);

}  // namespace gauntlet::conformance
