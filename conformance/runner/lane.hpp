#pragma once

// One line of work: a loop and a network of its own, so that tests run side by side and
// share nothing but the broker.

#include <memory>
#include <optional>

#include "conformance/suite/arena.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"

namespace gauntlet::conformance {

/// How every lane reaches the broker under test.
struct broker_access {
  net::endpoint for_v3_1_1;
  net::endpoint for_v5;
  std::shared_ptr<net::tls_client_context> tls;  ///< when an endpoint needs it; for any thread
  std::optional<target::credentials> login;
  std::optional<net::endpoint> websocket;
  std::optional<net::endpoint> tls_endpoint;
  std::optional<guarded_listener> guarded;
  std::optional<net::endpoint> second;
  bool may_restart = false;  ///< it is ours, and keeps what the standard wants kept
  capabilities able_v3_1_1 = {.shared_subscriptions = false, .subscription_identifiers = false};
  capabilities able_v5;
  double timeout_scale = 1;
  std::string prefix;
};

/// The broker as seen from that network. `access` outlives it.
arena make_arena(net::network& network, const broker_access& access);

/// Belongs to the thread that made it, but for cut_wait().
class lane {
 public:
  lane() : network_(loop_) {}

  net::network& network() { return network_; }
  /// Ends the wait in progress. From any thread.
  void cut_wait() { loop_.stop(); }

 private:
  net::asio_loop loop_;
  net::asio_network network_;
};

}  // namespace gauntlet::conformance
