#pragma once

// The reference broker on a network: binds the core to listeners, channels and timers of one event
// loop, real or virtual.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/broker/options.hpp"
#include "harness/broker/statistics.hpp"
#include "harness/net/network.hpp"

namespace gauntlet::broker {

/// One place to listen on. The endpoint's transport says what is spoken there.
struct listen_address {
  net::endpoint where;
  std::optional<net::tls_server_options> tls;  ///< required for tls and wss
};

/// A whole broker: where it listens and how it behaves.
struct server_options {
  std::vector<listen_address> listen;
  options broker;
  /// Called once if the store fails while the broker runs, by when all clients are cut. The broker
  /// does nothing useful from then on. May be empty.
  std::function<void(const failure&)> on_storage_failure;
};

/// A running broker. Belongs to the thread of the network's loop, which must outlive it; destroying
/// it cuts what is still connected.
class server {
 public:
  /// Checks the options, takes up what an earlier run has stored, and starts to listen. The failure
  /// says which value is wrong, what is wrong with the store, or which address cannot be had.
  static outcome<std::unique_ptr<server>> start(net::network& network, server_options chosen);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// The ports in use, in the order of the addresses asked for.
  std::vector<std::uint16_t> ports() const;
  broker::statistics statistics() const;

  /// Stops listening and closes all connections, with DISCONNECT 0x8B where the version has it. The
  /// loop has to run on for what is still on its way out.
  void shut_down();

  struct parts;  ///< for server.cpp

 private:
  explicit server(std::unique_ptr<parts> made);

  std::unique_ptr<parts> parts_;
};

}  // namespace gauntlet::broker
