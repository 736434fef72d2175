#pragma once

// Session state (MQTT 5.0 §4.1, 3.1.1 §3.1.2.4): what the broker remembers about a client, with or
// without a connection. Plain data; the rules on it stand in the files named after them.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/broker/access_rights.hpp"
#include "harness/broker/deadline_queue.hpp"
#include "harness/broker/message.hpp"
#include "harness/broker/ring.hpp"
#include "harness/broker/subscription.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::broker {

struct connection;

/// Session Expiry Interval of a session that never expires.
inline constexpr std::uint32_t never_expires = 0xFFFFFFFF;

/// Where a QoS 1 or 2 message towards the client stands (MQTT 5.0 §4.3).
enum class delivery_state : std::uint8_t { awaiting_puback, awaiting_pubrec, awaiting_pubcomp };

/// Subscription Identifiers to send with a message; null if there are none, as is usual.
using identifier_list = std::unique_ptr<const std::vector<std::uint32_t>>;

/// A message for one client, queued or in flight.
struct delivery {
  message_ref message;
  identifier_list identifiers;
  std::uint64_t durable_number = 0;  ///< of its record in the store; 0 if there is none
  std::uint32_t group = 0;  ///< number of the shared subscription that it is for; 0 for none
  std::uint16_t packet_identifier = 0;
  mqtt::qos qos = mqtt::qos::at_most_once;
  // Bits, so that the queues move no more than 32 bytes a message.
  delivery_state state : 2 = delivery_state::awaiting_puback;
  bool retain : 1 = false;
  /// Whether the PUBLISH went out on the present connection, and so uses its send quota.
  bool uses_quota : 1 = false;
  /// Whether PUBLISH or PUBREL has still to be sent again on the present connection.
  bool to_resend : 1 = false;
};

static_assert(sizeof(delivery) <= 32);

/// A message that the defect reorder-deliveries keeps back.
struct held_delivery {
  explicit held_delivery(session* of) : release(of) {}
  delivery what;
  deadline release;
};

/// Messages towards the client. delivery_outbound.cpp has the rules.
struct outbound_state {
  ring<delivery> in_flight;  ///< in the order in which they were first sent
  ring<delivery> queued;     ///< not sent yet
  std::size_t queued_bytes = 0;
  std::uint32_t queued_qos0 = 0;      ///< how many of `queued` are of QoS 0
  std::uint32_t quota_used = 0;       ///< of the client's Receive Maximum, on this connection
  std::uint32_t to_resend = 0;        ///< how many of `in_flight` wait to be sent again
  std::uint16_t last_identifier = 0;  ///< given to the latest message
  bool drop_logged = false;           ///< so that a full queue is one line, not thousands
  std::unique_ptr<held_delivery> held;
};

/// All that is kept for one Client Identifier.
struct session {
  session(std::string id, std::uint64_t number)
      : client_id(std::move(id)), serial(number), expiry(this), will_delay(this) {}

  const std::string client_id;
  const std::uint64_t serial;  ///< in the order of creation, 1 for the first
  connection* attached = nullptr;
  std::uint32_t session_expiry_interval_s = 0;
  access_rights_ref rights;  ///< of the client that connected last; null: everything is allowed
  bool durable = false;      ///< it is in the store on disk, see persistence.hpp

  std::map<std::string, subscription, std::less<>> subscriptions;  ///< by Topic Filter
  outbound_state outbound;
  /// Packet Identifiers of QoS 2 messages taken over and not yet released by PUBREL.
  std::vector<std::uint16_t> inbound_qos2;

  message_ref will;  ///< empty if there is none
  std::uint32_t will_delay_interval_s = 0;

  deadline expiry;      ///< armed while not attached
  deadline will_delay;  ///< armed while the connection is gone and the will waits

  std::uint64_t match_serial = 0;  ///< the latest message that matched, see routing.cpp
  std::uint32_t match_index = 0;   ///< and this session's place among its targets
};

/// All sessions by Client Identifier [MQTT-3.1.3-2].
class session_store {
 public:
  session* find(std::string_view client_id);
  session& create(std::string client_id) { return restore(std::move(client_id), created_ + 1); }
  /// Makes one with the serial that it had before a restart.
  session& restore(std::string client_id, std::uint64_t serial);
  /// Destroys the session; whatever points to it must be gone.
  void erase(session& gone);
  std::size_t size() const { return sessions_.size(); }
  /// Calls `visitor(session&)` for each; it must not create or erase any.
  template <class Visitor>
  void visit(Visitor&& visitor) {
    for (const auto& [client_id, each] : sessions_) visitor(*each);
  }

 private:
  std::unordered_map<std::string_view, std::unique_ptr<session>> sessions_;
  std::uint64_t created_ = 0;
};

}  // namespace gauntlet::broker
