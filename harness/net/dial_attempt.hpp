#pragma once

// Inside harness/net only: the way from an endpoint to a connected socket, address by address.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/net/deadlines.hpp"
#include "harness/net/descriptor.hpp"
#include "harness/net/error_texts.hpp"
#include "harness/net/host_resolver.hpp"
#include "harness/net/network.hpp"
#include "harness/net/network_core.hpp"

namespace gauntlet::net {

/// Hears how a dial goes on. Called from the loop or from inside dial_attempt::start().
class dial_listener {
 public:
  /// A socket is on its way to `peer`: it becomes writable when it is connected or has failed.
  virtual void on_connecting(descriptor socket, const socket_address& peer) = 0;
  /// No address is left to try; dial_attempt::failure() says why.
  virtual void on_dial_failed() = 0;
  /// The time is over; called from the loop. May destroy the attempt.
  virtual void on_dial_timeout() = 0;

 protected:
  ~dial_listener() = default;
};

/// What a channel needs while it opens, and not a moment longer.
class dial_attempt final : private resolve_waiter, private deadline {
 public:
  dial_attempt(network_core& core, const endpoint& where, const dial_options& options,
               dial_listener& listener);
  ~dial_attempt();

  void start();
  /// The socket of the last on_connecting() has failed: tries the next address.
  void go_on(int error);
  /// It is connected: later dials of this host begin with its address.
  void succeeded();

  /// The TLS client that the endpoint asks for; null for plain TCP.
  std::unique_ptr<stream_layer> make_layer(int socket);

  /// What the time limit's text says was not there in time.
  void now_waiting_for(const char* what) { waiting_for_ = what; }
  channel_end timeout() const;
  /// After on_dial_failed().
  const std::optional<channel_end>& failure() const { return failure_; }
  /// The address being tried, or the host while there is none.
  std::string peer() const;

  /// Whether a WebSocket upgrade follows, which the time limit includes.
  bool carries_upgrade() const;

 private:
  void on_resolved(resolved_host& host) override;
  void on_unresolved(const std::string& error) override;
  void on_deadline() override;

  void try_next();
  /// Answers whether a socket is on its way; else `last_error_` says why not.
  bool connect_to(const socket_address& peer);
  void note(dial_step step, int error);
  void fail(end_kind kind, std::string detail);

  network_core& core_;
  endpoint where_;
  dial_options options_;
  dial_listener& listener_;
  std::optional<socket_address> source_;

  const char* waiting_for_ = "connection";
  resolved_host* host_ = nullptr;  // null while it is not resolved
  resolved_host literal_;          // stands in for the resolver's when the host is an address
  std::size_t first_ = 0;          // index of the address that was tried first
  std::size_t tried_ = 0;          // number of addresses tried
  socket_address peer_;            // the last of them
  std::string last_error_;
  std::optional<channel_end> failure_;
};

}  // namespace gauntlet::net
