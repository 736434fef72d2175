#pragma once

// What is known of each packet of a run, seen between client and broker on both sides at once. The
// fault link tells it, whoever writes histories hears it; every guarantee is judged from this
// alone, so that it holds for any client and any broker.
//
//   client ---- sent ----> | link with its faults | ---- passed ----> broker
//   client <--- passed --- |                      | <--- sent ------- broker

#include <cstdint>
#include <string_view>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"

namespace gauntlet::history {

/// One network connection, numbered from 0 in the order in which its client opened it; unique
/// within its observer.
using connection_index = std::uint32_t;

/// The fault that did something, by its number in the plan of faults from 1; 0: none did.
using fault_index = std::uint16_t;

/// Which way a packet goes.
enum class direction : std::uint8_t { to_broker, to_client };

/// Who is at one end of a link.
enum class side : std::uint8_t { client, broker };

/// What became of a packet between its two ends.
enum class packet_fate : std::uint8_t {
  passed,     ///< its receiver got it; later than it was sent if `passed_at` says so
  rewritten,  ///< its receiver got other bytes in its place
  copied,     ///< a further copy of a packet that has passed, or will
  forged,     ///< made by the link; its sender never sent it
  swallowed,  ///< its receiver got nothing of it
  truncated,  ///< its receiver got the beginning of it, and never the rest
};

/// One packet, told once its fate is sure. Views hold during the call.
struct packet_seen {
  connection_index connection = 0;
  history::direction direction = history::direction::to_broker;
  packet_fate fate = packet_fate::passed;
  byte_view sent;          ///< as its sender wrote it, fixed header included; empty if forged
  byte_view passed;        ///< as its receiver got it; empty if swallowed
  time_point sent_at{};    ///< when the link had its last byte; of forged ones, when it was made
  time_point passed_at{};  ///< when its last byte was handed on; time_point::max(): never
  fault_index fault = 0;   ///< that decided its fate
};

/// The end of a connection as seen on one of its sides.
struct end_seen {
  connection_index connection = 0;
  history::side side = history::side::client;
  /// The link ended this side, because the other side had ended or because a fault says so; false:
  /// the peer there did.
  bool by_link = false;
  /// A reset; false: a FIN, or silence that the peer was left in.
  bool reset = false;
  /// The peer was told nothing: its end of the connection is still open, and dead.
  bool silent = false;
  time_point at{};
  fault_index fault = 0;
};

/// A fault began, struck or ended. `text` is one line for people: what it did to whom.
struct fault_seen {
  enum class moment : std::uint8_t { begins, strikes, ends };
  fault_index fault = 0;
  moment what = moment::strikes;
  time_point at{};
  /// Which connection it struck; `no_connection` for faults of brokers and hosts.
  connection_index connection = no_connection;
  std::string_view text;

  static constexpr connection_index no_connection = UINT32_MAX;
};

/// Hears what passes through links. Called from the loop; must not touch the link.
class packet_observer {
 public:
  virtual ~packet_observer() = default;
  /// The client has opened the connection, and the broker's side of it stands.
  virtual void on_open(connection_index connection, time_point at) = 0;
  /// In each direction in the order in which fates became sure.
  virtual void on_packet(const packet_seen& packet) = 0;
  virtual void on_end(const end_seen& end) = 0;
  virtual void on_fault(const fault_seen& fault) = 0;
};

}  // namespace gauntlet::history
