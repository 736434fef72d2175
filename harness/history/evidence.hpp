#pragma once

// What the packets of a run say, put together: connections, subscriptions, publications with their
// outcome, deliveries, wills, and what happened to the broker. Plain data, made from the operation
// log or by hand; the checkers in guarantees/ judge nothing else. docs/guarantees.md has the terms.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/history/packet_observer.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::history {

/// Never, and not yet: later than any time.
inline constexpr time_point never = time_point::max();
/// No such thing, as an index into one of the lists of `evidence`.
inline constexpr std::uint32_t none = UINT32_MAX;

/// When a packet was written by its sender and when its receiver had it; `never`: it did not.
struct packet_times {
  time_point sent = never;
  time_point passed = never;
  fault_index fault = 0;  ///< that delayed, changed or swallowed it

  bool was_sent() const { return sent != never; }
  bool has_passed() const { return passed != never; }
};

/// The identity of an application message: the caller's, or a digest of topic and payload.
using message_key = std::uint64_t;

/// What a message carries apart from its identity, for comparison of what came with what was sent.
struct message_content {
  std::uint64_t payload_digest = 0;
  /// Of Payload Format Indicator, Content Type, Response Topic, Correlation Data and User
  /// Properties, in their order.
  std::uint64_t properties_digest = 0;
  std::uint32_t payload_size = 0;

  friend bool operator==(const message_content&, const message_content&) = default;
};

/// The will in a CONNECT.
struct will_record {
  message_key key = 0;
  std::uint32_t topic = none;  ///< index into evidence::topics
  message_content content;
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
  std::uint32_t delay_s = 0;
  std::optional<std::uint32_t> expiry_s;
};

/// One end of a connection.
struct end_record {
  time_point at = never;
  bool by_link = false;  ///< the link ended it; false: the peer there did
  bool reset = false;
  bool silent = false;  ///< the peer there was told nothing
  fault_index fault = 0;
};

/// One connection with a CONNECT.
struct connection_record {
  connection_index number = 0;
  std::uint32_t client = none;
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  time_point opened{};
  packet_times connect;
  bool clean_start = true;
  std::uint16_t keep_alive_s = 0;                  ///< in force: Server Keep Alive if there is one
  std::uint16_t receive_maximum = 65'535;          ///< of the client
  std::uint32_t maximum_packet_size = UINT32_MAX;  ///< of the client
  std::optional<will_record> will;
  packet_times connack;
  mqtt::reason_code connack_code = mqtt::reason_code::success;
  bool session_present = false;
  /// In force when the connection ended; UINT32_MAX: without end. 3.1.1: 0 or without end.
  std::uint32_t session_expiry_s = 0;
  packet_times disconnect;  ///< the client's
  mqtt::reason_code disconnect_code = mqtt::reason_code::success;
  packet_times broker_disconnect;
  mqtt::reason_code broker_disconnect_code = mqtt::reason_code::success;
  time_point last_passed_to_broker{};  ///< of its packets, for the keep alive
  end_record client_end;
  end_record broker_end;

  bool accepted() const { return connack.was_sent() && !mqtt::is_error(connack_code); }
};

/// One filter of a SUBSCRIBE.
struct subscription_record {
  std::uint32_t connection = none;
  std::uint32_t client = none;
  std::string filter;      ///< without "$share/name/"
  std::string share_name;  ///< empty: an ordinary subscription
  mqtt::subscription_options options;
  std::uint32_t identifier = 0;  ///< Subscription Identifier; 0: none
  packet_times subscribe;
  packet_times suback;
  std::uint8_t granted = 0x80;  ///< Reason Code of SUBACK
  packet_times unsubscribe;     ///< the first one of this filter in this session
  packet_times unsuback;
  bool was_there = false;  ///< the session had this filter already
  /// When the session ended that holds it, or another SUBSCRIBE replaced it.
  time_point ended = never;

  bool accepted() const { return suback.was_sent() && granted <= 2; }
};

/// One sending of a message: the first, or again on another connection.
struct publish_attempt {
  std::uint32_t connection = none;
  std::uint16_t packet_identifier = 0;
  bool dup = false;
  bool copied = false;  ///< a copy that a fault made; the client sent it once
  packet_times publish;
  packet_times answer;  ///< PUBACK or PUBREC
  mqtt::reason_code answer_code = mqtt::reason_code::success;
  packet_times pubrel;
  packet_times pubcomp;
};

/// What the broker made of a message, as far as can be known.
enum class publish_outcome : std::uint8_t { owned, rejected, absent, maybe };

struct publication_record {
  message_key key = 0;
  std::uint32_t client = none;
  std::uint32_t topic = none;
  message_content content;
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
  /// Another publication has the same key: what came cannot be told apart.
  bool ambiguous = false;
  std::optional<std::uint32_t> expiry_s;
  publish_outcome outcome = publish_outcome::maybe;
  std::vector<publish_attempt> attempts;  ///< in the order of sending; at least one

  time_point first_sent() const { return attempts.front().publish.sent; }
};

/// One PUBLISH to a client.
struct delivery_record {
  std::uint32_t connection = none;
  std::uint32_t client = none;
  std::uint32_t publication = none;  ///< `none`: a will, or never published
  std::uint32_t will_of = none;      ///< the connection whose will it is
  message_key key = 0;
  std::uint32_t topic = none;
  message_content content;
  std::uint16_t packet_identifier = 0;
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool dup = false;
  bool retain = false;
  std::optional<std::uint32_t> expiry_s;
  bool has_will_delay = false;
  std::vector<std::uint32_t> subscription_identifiers;
  packet_times publish;
  packet_times answer;  ///< PUBACK or PUBREC of the client; `passed`: the broker had it
  mqtt::reason_code answer_code = mqtt::reason_code::success;
  packet_times pubrel;  ///< the latest
  packet_times pubcomp;
  /// An earlier delivery that this one repeats: same session, same identifier, not finished.
  std::uint32_t repeats = none;
  /// A delivery of another message that had this identifier and was not finished.
  std::uint32_t displaces = none;
};

/// A packet of the broker that cannot be read as the standard has it.
struct malformed_record {
  std::uint32_t connection = none;
  packet_times times;
  std::string why;
};

/// What was done to the broker.
struct broker_event {
  enum class kind : std::uint8_t { stop, kill, start, start_fresh, pause, resume };
  kind what = kind::stop;
  time_point at{};
  fault_index fault = 0;
};

/// What a scenario declares.
struct declared_promises {
  std::optional<std::uint32_t> queue_limit;
  bool survives_stop = false;  ///< what was acknowledged survives a graceful stop
  bool survives_kill = false;  ///< and kill -9
  duration kill_margin{};      ///< if it was acknowledged at least this long before
};

struct evidence {
  std::vector<std::string> clients;                ///< Client Identifiers
  std::vector<std::string> topics;                 ///< Topic Names
  std::vector<connection_record> connections;      ///< by `connect.sent`
  std::vector<subscription_record> subscriptions;  ///< by `subscribe.sent`
  std::vector<publication_record> publications;    ///< by first sending
  std::vector<delivery_record> deliveries;         ///< by `publish.sent`
  std::vector<malformed_record> malformed;         ///< of the broker's packets
  std::vector<broker_event> broker_events;         ///< by time
  std::vector<std::string> faults;                 ///< names, by fault_index
  declared_promises promises;
  time_point drain_began = never;  ///< publications sent since then are sentinels
  time_point ended{};              ///< of the run
};

}  // namespace gauntlet::history
