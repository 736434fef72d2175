#pragma once

// What a sequence is made of: operations of clients, as plain data. Names are small numbers that
// the player turns into identifiers and topics of a name space of its own, so that the same
// sequence can run again on a broker that remembers the last time.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/mqtt/packets.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::fuzz::model {

/// Which versions the clients of a run speak.
enum class version_choice : std::uint8_t { v3_1_1, v5, mixed };

/// The will of a connection. Each client has one will topic, which nobody else publishes to.
struct will_plan {
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
  std::uint32_t delay_s = 0;  ///< 5.0 only
  friend bool operator==(const will_plan&, const will_plan&) = default;
};

/// Connects; on a client that is connected this takes its session over by a second connection.
struct connect_operation {
  bool clean_start = true;
  std::uint32_t session_expiry_s = 0;  ///< 5.0 only; 3.1.1 keeps what was not begun clean
  std::uint16_t receive_maximum = 0;   ///< 5.0 only; 0: left out
  std::optional<will_plan> will;
  friend bool operator==(const connect_operation&, const connect_operation&) = default;
};

/// One SUBSCRIBE with one filter. Does nothing on a client that is not connected, as do all
/// operations below that need a connection: shrinking need not mend what it leaves.
struct subscribe_operation {
  std::uint8_t filter = 0;  ///< index into filters()
  mqtt::subscription_options options;
  std::uint32_t identifier = 0;  ///< 5.0 only; 0: none
  friend bool operator==(const subscribe_operation&, const subscribe_operation&) = default;
};

struct unsubscribe_operation {
  std::uint8_t filter = 0;
  friend bool operator==(const unsubscribe_operation&, const unsubscribe_operation&) = default;
};

/// Publishes one message and finishes its exchange, unless told to stop half-way.
struct publish_operation {
  std::uint8_t topic = 0;  ///< index into topics()
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
  bool empty = false;          ///< no payload: with `retain` this removes what is retained
  std::uint32_t expiry_s = 0;  ///< 5.0 only; 0: none
  /// QoS 2 only: PUBREL is not sent. The next connection that resumes the session repeats the
  /// PUBLISH with DUP and finishes.
  bool unfinished = false;
  friend bool operator==(const publish_operation&, const publish_operation&) = default;
};

/// From now on the client acknowledges nothing; or it acknowledges all that it kept, and goes on.
struct hold_operation {
  bool hold = true;
  friend bool operator==(const hold_operation&, const hold_operation&) = default;
};

/// Breaks the connection without DISCONNECT.
struct drop_operation {
  friend bool operator==(const drop_operation&, const drop_operation&) = default;
};

struct disconnect_operation {
  bool with_will = false;  ///< 5.0 only: Reason Code 0x04
  /// 5.0 only: a new Session Expiry Interval. Left out where the connection began with 0, which
  /// must not be changed (§3.14.2.2.2).
  std::optional<std::uint32_t> session_expiry_s;
  friend bool operator==(const disconnect_operation&, const disconnect_operation&) = default;
};

/// Lets time pass for all clients; a little more, where a deadline is near.
struct wait_operation {
  std::uint32_t seconds = 1;
  friend bool operator==(const wait_operation&, const wait_operation&) = default;
};

using operation_kind =
    std::variant<connect_operation, subscribe_operation, unsubscribe_operation, publish_operation,
                 hold_operation, drop_operation, disconnect_operation, wait_operation>;

/// One step: who does what. `client` means nothing with wait.
struct operation {
  std::uint8_t client = 0;
  operation_kind what;
  friend bool operator==(const operation&, const operation&) = default;
};

/// A whole sequence. A client's version never changes: whether a session survives that, the
/// standard leaves open.
struct sequence_plan {
  std::vector<mqtt::protocol_version> clients;
  std::vector<operation> operations;
  friend bool operator==(const sequence_plan&, const sequence_plan&) = default;
};

/// The topics and filters that sequences use, below their name space. Filters overlap, so that one
/// message meets several subscriptions of a session.
const std::vector<std::string>& topics();
const std::vector<std::string>& filters();

/// "client 1 (5.0): CONNECT clean_start=0 session_expiry=30s" and the like.
std::string to_text(const operation& step, const sequence_plan& of);

}  // namespace gauntlet::fuzz::model
