#pragma once

// A well-behaved client beside the fuzzed connections: the barrier, the proof of life and the
// witness are made of it. Blocks, with a limit on each wait.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "fuzz/execution/plain_socket.hpp"
#include "harness/base/seeded_stream.hpp"
#include "harness/mqtt/frame_reader.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::fuzz {

/// 128 random bits as a client identifier or topic level that no input can guess.
std::string unguessable_name(seeded_stream& draws);

/// An MQTT 3.1.1 client with one request under way at a time.
class steady_client {
 public:
  /// Connects and waits for a CONNACK with success. A former connection of this object is reset.
  bool connect(const address& where, const std::string& client_id, bool clean_session,
               std::chrono::milliseconds wait);
  /// Whether the CONNACK told of a session.
  bool session_present() const { return session_present_; }

  /// PINGREQ and its PINGRESP. What else arrives meanwhile is dropped.
  bool ping(std::chrono::milliseconds wait);
  bool send(const mqtt::packet& request);
  /// The next packet; nothing when none comes in time, or the connection has ended.
  std::optional<mqtt::packet> next(std::chrono::milliseconds wait);
  /// The next packet of type `Packet`; others are dropped.
  template <class Packet>
  std::optional<Packet> next_of(std::chrono::milliseconds wait) {
    const auto deadline = std::chrono::steady_clock::now() + wait;
    for (;;) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          deadline - std::chrono::steady_clock::now());
      if (left.count() < 0) return std::nullopt;
      auto packet = next(left);
      if (!packet) return std::nullopt;
      if (auto* wanted = std::get_if<Packet>(&*packet)) return std::move(*wanted);
    }
  }
  void disconnect();
  void reset() { socket_.reset(); }

  bool is_connected() const { return socket_.is_open(); }
  socket_state state() const { return socket_.state(); }

 private:
  plain_socket socket_;
  mqtt::frame_reader reader_;
  byte_buffer received_;
  std::size_t used_ = 0;  ///< of received_
  bool session_present_ = false;
};

}  // namespace gauntlet::fuzz
