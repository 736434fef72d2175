#pragma once

// Channels and listeners over the machine's TCP, with TLS and WebSocket on top as endpoints ask.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "harness/net/asio_loop.hpp"
#include "harness/net/network.hpp"

namespace gauntlet::net {

/// What all channels and listeners of a network share.
struct asio_network_options {
  /// Connections that the system may hold for a listener before it takes them; the system may cap
  /// it (net.core.somaxconn).
  int listen_backlog = 4096;
  /// How long a connection after close() may take to send the rest and see the peer's end, and an
  /// accepted one to finish its TLS and WebSocket handshakes.
  duration closing_timeout = std::chrono::seconds(5);
  duration handshake_timeout = std::chrono::seconds(10);
  /// For the WebSocket keys and masks.
  std::uint64_t seed = 0;
  /// Hears, once for each cause, what slows the network without failing it, such as a listener that
  /// cannot accept for want of descriptors.
  std::function<void(const std::string&)> on_warning;
};

/// The real network. Idle connections own no buffer; all share one for reading.
class asio_network final : public network {
 public:
  explicit asio_network(asio_loop& loop, asio_network_options options = {});
  /// Cuts connections that are still closing; what the system has taken is still sent.
  ~asio_network() override;
  asio_network(const asio_network&) = delete;
  asio_network& operator=(const asio_network&) = delete;

  event_loop& loop() override;
  outcome<std::shared_ptr<tls_client_context>> prepare_tls(
      const tls_client_options& options) override;
  std::unique_ptr<channel> dial(const endpoint& where, const dial_options& options,
                                channel_handler& handler) override;
  outcome<std::unique_ptr<listener>> listen(const endpoint& where,
                                            const std::optional<tls_server_options>& tls,
                                            accept_function on_accept) override;

  /// Connections whose owner has called close() and which are not over yet; a program that ends in
  /// order runs its loop until there are none.
  std::size_t connections_closing() const;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace gauntlet::net
