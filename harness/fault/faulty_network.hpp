#pragma once

// A network whose connections go through links, and so through the faults of an injector, without a
// socket or a port of their own: MQTT over TCP, TLS, WebSocket or memory, as the network below
// carries it.

#include <memory>

#include "harness/fault/injector.hpp"
#include "harness/net/network.hpp"

namespace gauntlet::fault {

/// Over `inner`; both it and the injector must outlive this network. Dialed channels must not
/// outlive it. Listening passes unchanged.
class faulty_network final : public net::network {
 public:
  faulty_network(net::network& inner, injector& faults);
  ~faulty_network() override;
  faulty_network(const faulty_network&) = delete;
  faulty_network& operator=(const faulty_network&) = delete;

  event_loop& loop() override { return inner_.loop(); }
  outcome<std::shared_ptr<net::tls_client_context>> prepare_tls(
      const net::tls_client_options& options) override {
    return inner_.prepare_tls(options);
  }
  std::unique_ptr<net::channel> dial(const net::endpoint& where, const net::dial_options& options,
                                     net::channel_handler& handler) override;
  outcome<std::unique_ptr<net::listener>> listen(const net::endpoint& where,
                                                 const std::optional<net::tls_server_options>& tls,
                                                 net::accept_function on_accept) override {
    return inner_.listen(where, tls, std::move(on_accept));
  }

  /// As link::blamed(), of a channel that was dialed here: at its end, or at any time before.
  static history::fault_index blamed_for(const net::channel& dialed);

  /// Connections whose client has gone and that still have something to do.
  std::size_t connections_closing() const;

 private:
  net::network& inner_;
  injector& faults_;
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace gauntlet::fault
