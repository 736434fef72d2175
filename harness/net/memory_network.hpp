#pragma once

// A network that exists in memory: channels move bytes over any event loop with seeded delays,
// splits and losses. On a virtual loop equal calls give equal runs, bit for bit. What carries the
// bytes makes no difference here: TLS and WebSocket endpoints move plain bytes.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "harness/net/network.hpp"

namespace gauntlet::net {

/// How connections behave. The defaults are a perfect network without delay.
struct memory_network_options {
  std::uint64_t seed = 0;
  /// One-way travel time of each segment; bytes stay in order. A connection takes one round trip to
  /// open.
  duration delay_min{};
  duration delay_max{};
  /// Of each direction of each connection; 0: unlimited.
  std::uint64_t bytes_per_s = 0;
  /// Longest run of bytes that arrives at once; longer sends are cut at random places. 0: uncut.
  std::size_t segment_bytes_max = 0;
  /// Share of segments that get lost: they arrive late by the retransmission delay, which doubles
  /// as long as they get lost again.
  double loss = 0;
  duration retransmission_delay = std::chrono::milliseconds(200);
  /// Share of segments at which the connection breaks instead: both ends see a reset.
  double breakage = 0;
  /// Bytes on the way and unread in each direction; what exceeds it is the sender's backlog.
  std::size_t window_bytes = 65'536;
  /// Dials to an address without a listener hear nothing until they time out, instead of a refusal.
  bool black_hole = false;
  /// Makes the operation of this number fail, counted from 1 over all dials, sends and arrivals:
  /// the dial is refused, the connection is reset. A test sweeps it upward until
  /// memory_network::operations() stays below it.
  std::optional<std::uint64_t> fail_at;
};

/// A network of its own: dials reach only its own listeners. Listeners are found by host and port,
/// in any spelling that both sides share; host names are not resolved.
class memory_network final : public network {
 public:
  explicit memory_network(event_loop& loop, memory_network_options options = {});
  ~memory_network() override;
  memory_network(const memory_network&) = delete;
  memory_network& operator=(const memory_network&) = delete;

  event_loop& loop() override;
  /// Succeeds without looking at the files.
  outcome<std::shared_ptr<tls_client_context>> prepare_tls(
      const tls_client_options& options) override;
  std::unique_ptr<channel> dial(const endpoint& where, const dial_options& options,
                                channel_handler& handler) override;
  outcome<std::unique_ptr<listener>> listen(const endpoint& where,
                                            const std::optional<tls_server_options>& tls,
                                            accept_function on_accept) override;

  /// Dials, sends and arrivals so far.
  std::uint64_t operations() const;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace gauntlet::net
