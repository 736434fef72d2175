#pragma once

// Where a test runs: a network with its loop, how to reach the broker on it, and what the broker
// offers.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "conformance/suite/capabilities.hpp"
#include "harness/base/result.hpp"
#include "harness/mqtt/packets.hpp"
#include "harness/net/network.hpp"
#include "harness/target/profile.hpp"

namespace gauntlet::conformance {

/// A listener that refuses clients without the right password, and one user who may come in.
struct guarded_listener {
  net::endpoint where;
  target::credentials user;
  /// A topic to which this user may neither publish nor subscribe; empty: nothing is forbidden.
  std::string denied_topic;
  /// With which this user may authenticate in 5.0, such as "SCRAM-SHA-256"; empty: with none.
  std::string authentication_method;
};

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

  /// What the broker grants, by version.
  capabilities able_v3_1_1 = {.shared_subscriptions = false, .subscription_identifiers = false};
  capabilities able_v5 = {};
  std::optional<net::endpoint> websocket;     ///< the same broker over WebSocket
  std::optional<net::endpoint> tls_endpoint;  ///< the same broker over TLS
  std::optional<guarded_listener> guarded;
  /// Another way into the same broker, cluster or bridge, where messages come out as well.
  std::optional<net::endpoint> second;
  /// Stops the broker and starts it with what it has stored; comes back when it serves. Empty: we
  /// may not. Nobody else may use the broker meanwhile.
  std::function<outcome<void>()> restart;
  /// While it is true nothing that is seen counts any more; null: always counts. May be set by
  /// another thread.
  const std::atomic<bool>* stopping = nullptr;

  const capabilities& able(mqtt::protocol_version version) const {
    return version == mqtt::protocol_version::v5 ? able_v5 : able_v3_1_1;
  }
};

/// The packet with the arena's user name and password, unless it names a user itself.
mqtt::connect with_login(const arena& where, mqtt::connect packet);

}  // namespace gauntlet::conformance
