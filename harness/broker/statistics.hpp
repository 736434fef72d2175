#pragma once

// What a broker has counted since it started.

#include <array>
#include <cstddef>
#include <cstdint>

namespace gauntlet::broker {

/// Counts of one broker.
struct statistics {
  std::uint64_t connections_accepted = 0;  ///< network connections, with or without CONNECT
  std::uint64_t clients_connected = 0;     ///< accepted CONNECTs
  std::uint64_t subscriptions_made = 0;    ///< filters granted in a SUBACK, repeated ones too
  std::uint64_t sessions_expired = 0;      ///< ended by their Session Expiry Interval
  std::size_t connections = 0;             ///< network connections open now
  std::size_t clients = 0;                 ///< connected now
  std::size_t clients_max = 0;             ///< connected at a time, the most so far
  std::size_t sessions = 0;                ///< now, connected or not
  std::size_t subscriptions = 0;           ///< now
  std::size_t retained_messages = 0;       ///< now
  std::uint64_t packets_received = 0;      ///< of every type, whole ones
  std::uint64_t packets_sent = 0;          ///< of every type, handed to the network or about to be
  std::uint64_t bytes_received = 0;        ///< of MQTT, without those of TLS and WebSocket
  std::uint64_t bytes_sent = 0;            ///< likewise
  /// PUBLISH packets taken over, by QoS; without repeated ones of QoS 2.
  std::array<std::uint64_t, 3> messages_received{};
  /// PUBLISH packets sent, by QoS, with those sent again.
  std::array<std::uint64_t, 3> messages_sent{};
  /// Deliveries dropped because a queue was full, an output was blocked (QoS 0), a message had
  /// expired or was too large for the client.
  std::uint64_t messages_dropped = 0;
};

}  // namespace gauntlet::broker
