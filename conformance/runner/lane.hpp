#pragma once

// One line of work: a loop, a network and an arena of its own, so that tests run side by side and
// share nothing but the broker.

#include <atomic>
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
  std::optional<net::tls_client_options> tls;  ///< when an endpoint needs it
  std::optional<target::credentials> login;
  std::optional<net::endpoint> websocket;
  std::optional<net::endpoint> tls_endpoint;
  std::optional<guarded_listener> guarded;
  std::optional<net::endpoint> second;
  capabilities able_v3_1_1 = {.shared_subscriptions = false, .subscription_identifiers = false};
  capabilities able_v5;
  double timeout_scale = 1;
  std::string prefix;
};

/// Belongs to the thread that made it, but for cancel().
class lane {
 public:
  /// `stopping` is set when no verdict counts any more; it outlives the lane.
  lane(const broker_access& access, const std::atomic<bool>& stopping);

  /// The failure says what is wrong with the TLS files.
  outcome<void> prepare();

  arena& where() { return arena_; }
  net::network& network() { return network_; }
  /// Ends the wait in progress. From any thread.
  void cut_wait() { loop_.stop(); }

 private:
  const broker_access& access_;
  net::asio_loop loop_;
  net::asio_network network_;
  arena arena_;
};

}  // namespace gauntlet::conformance
