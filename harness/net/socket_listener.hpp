#pragma once

// Inside harness/net only: accepts TCP connections and leads them through the handshakes of their
// transport.

#include <list>
#include <memory>

#include "harness/net/channel_layers.hpp"
#include "harness/net/deadlines.hpp"
#include "harness/net/descriptor.hpp"
#include "harness/net/network_core.hpp"
#include "harness/net/socket_address.hpp"

namespace gauntlet::net {

/// Opens the listening socket. The failure says which address and why.
outcome<descriptor> open_listening_socket(const endpoint& where, int backlog);

/// A listening socket and the connections that are not open yet.
class socket_listener final : public listener, private ready_watcher {
 public:
  /// `tls` is null for tcp and ws.
  socket_listener(network_core& core, descriptor socket, const endpoint& where,
                  std::shared_ptr<tls_server_context> tls, accept_function on_accept);
  ~socket_listener() override;
  socket_listener(const socket_listener&) = delete;
  socket_listener& operator=(const socket_listener&) = delete;

  std::uint16_t port() const override { return port_; }

 private:
  class opening_connection;
  class pause;

  void on_ready(std::uint32_t events) override;
  void take(descriptor socket, const socket_address& peer);
  void rest(int error);
  void deliver(std::unique_ptr<channel> open);

  network_core& core_;
  descriptor socket_;
  endpoint where_;
  std::uint16_t port_ = 0;
  std::shared_ptr<tls_server_context> tls_;
  std::shared_ptr<accept_function> on_accept_;  // a call may destroy the listener
  std::list<opening_connection> opening_;
  std::unique_ptr<pause> pause_;  // while there are no descriptors
  bool warned_ = false;
};

}  // namespace gauntlet::net
