#pragma once

// One end of a TCP connection over a private link, as the system's own sockets show it.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "harness/fault_host/private_link.hpp"

namespace gauntlet::fault_host {

/// How what can be read ended.
enum class peer_end { open, fin, reset, aborted, other };

/// What a peer has read.
struct peer_reading {
  std::string bytes;
  peer_end end = peer_end::open;
  std::chrono::milliseconds took{};
};

/// Blocking calls, all with deadlines.
class link_peer {
 public:
  link_peer(link_peer&& other) noexcept;
  link_peer& operator=(link_peer&& other) noexcept;
  ~link_peer();

  /// Listens at 127.0.0.1 of the far side.
  static link_peer listen(const private_link& link, std::uint16_t port);
  /// Begins to connect from this machine.
  static link_peer dial(const private_link& link, std::uint16_t port);

  /// 0 once it is connected, the system's error, or -1 if neither is known in time.
  int wait_connected(std::chrono::milliseconds limit) const;
  link_peer accept() const;
  void send(std::string_view bytes) const;
  /// Reads until so many bytes are there, the stream ends, or the time is over.
  peer_reading read(std::size_t count, std::chrono::milliseconds limit) const;
  std::uint32_t retransmissions() const;
  std::string remote_address() const;

 private:
  explicit link_peer(int descriptor) : descriptor_(descriptor) {}

  int descriptor_ = -1;
};

}  // namespace gauntlet::fault_host
