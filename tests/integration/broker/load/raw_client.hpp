#pragma once

// A socket that does only what it is told, also what no client should do.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::test {

using namespace std::chrono_literals;

/// The bytes of packets of MQTT 3.1.1, one after the other.
byte_buffer bytes_of(const std::vector<mqtt::packet>& packets);

/// A TCP connection to 127.0.0.1. Throws when anything fails that the test did not ask about.
class raw_client {
 public:
  explicit raw_client(std::uint16_t port, bool small_buffers = false);
  raw_client(raw_client&& other) noexcept;
  raw_client& operator=(raw_client&&) = delete;
  ~raw_client();

  /// Sends CONNECT of MQTT 3.1.1 and waits for the CONNACK.
  void connect(const std::string& client_id, bool clean_session = true,
               std::uint16_t keep_alive_s = 0);
  /// Subscribes to one filter and waits for the SUBACK.
  void subscribe(const std::string& filter, mqtt::qos qos);

  /// Sends all of it; the peer has to take it within `limit`.
  void send(byte_view bytes, std::chrono::milliseconds limit = 10s);
  /// Sends what the system takes now; how much that was.
  std::size_t send_some(byte_view bytes);
  /// Waits for so many bytes.
  byte_buffer receive(std::size_t size, std::chrono::milliseconds limit = 10s);
  /// Reads and forgets what is there now; how much that was.
  std::size_t drain();
  /// Waits until the peer ends the connection, forgetting what comes until then; whether it did.
  bool is_closed_within(std::chrono::milliseconds limit);
  /// Waits until the system takes more bytes; whether it does.
  bool is_writable_within(std::chrono::milliseconds limit);
  /// PINGREQ and its answer: everything sent before has been looked at.
  void round_trip();
  /// Ends the connection with a reset.
  void abort();

 private:
  bool await(short events, std::chrono::milliseconds limit) const;

  int socket_ = -1;
};

}  // namespace gauntlet::test
