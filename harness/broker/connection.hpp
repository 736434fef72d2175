#pragma once

// One network connection as the protocol core sees it: what was agreed in CONNECT and CONNACK, and
// the bytes on their way out. Plain data; the rules on it stand in the files named after them.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/broker/authentication_state.hpp"
#include "harness/broker/deadline_queue.hpp"
#include "harness/broker/outbound_topic_aliases.hpp"
#include "harness/broker/rate_window.hpp"
#include "harness/mqtt/frame_reader.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::broker {

struct session;

/// What carries a connection's bytes; the core's only way out. Never calls the core from inside
/// these calls.
class carrier {
 public:
  virtual ~carrier() = default;
  /// Sends all bytes in order; answers how many the network has not taken yet.
  virtual std::size_t send(byte_view bytes) = 0;
  /// Ends the connection after all that was sent. The core does not use the carrier any more.
  virtual void close() = 0;
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;
  /// For the log, such as "127.0.0.1:51234".
  virtual std::string peer_name() const = 0;
  /// The common name of the peer's verified certificate; empty if it has shown none.
  virtual std::string certificate_name() const { return {}; }
};

/// How far a connection has come.
enum class connection_phase : std::uint8_t {
  awaiting_connect,
  authenticating,  ///< between CONNECT and CONNACK of an enhanced authentication
  connected,
  closed,
};

/// Topics that the client gave aliases on this connection, alias 1 first; empty where it gave none
/// (MQTT 5.0 §3.3.2.3.4).
using topic_aliases = std::vector<std::string>;

/// The state of one network connection.
struct connection {
  connection(carrier& carried_by, std::uint32_t packet_size_max)
      : link(&carried_by), reader(packet_size_max), timeout(this) {}

  carrier* link;
  session* bound = nullptr;  ///< set while connected
  mqtt::frame_reader reader;
  connection_phase phase = connection_phase::awaiting_connect;
  mqtt::protocol_version version = mqtt::protocol_version::v5;

  std::uint16_t keep_alive_s = 0;         ///< in force; 0 for none
  std::uint16_t receive_maximum = 65535;  ///< of the client (MQTT 5.0 §3.1.2.11.3)
  std::uint32_t maximum_packet_size = mqtt::packet_size_limit;  ///< of the client (§3.1.2.11.4)
  std::uint32_t session_expiry_at_connect_s = 0;  ///< in force after CONNECT (§3.14.2.2.2)
  bool limits_known = false;                      ///< CONNECT has told the client's limits
  bool problem_information = true;                ///< wanted by the client (§3.1.2.11.7)

  deadline timeout;  ///< for CONNECT, then keep alive
  time_point last_received{};
  std::unique_ptr<deadline> longest_stay;  ///< if limits::connect_time_max is set
  std::unique_ptr<topic_aliases> aliases;
  /// Null unless the client takes Topic Aliases.
  std::unique_ptr<outbound_topic_aliases> outbound_aliases;
  /// If CONNECT named an Authentication Method.
  std::unique_ptr<enhanced_authentication> authentication;
  /// Its entry in broker_state::connections_by_address, if connections are counted there.
  std::pair<const std::string, std::size_t>* address = nullptr;
  rate_window publish_rate;           ///< if limits::messages_per_second_max is set
  std::uint16_t unreleased_qos2 = 0;  ///< received on this connection, without PUBREL yet (§4.9)

  byte_buffer output;             ///< to be sent at the end of this turn
  std::size_t backlog_bytes = 0;  ///< sent, but not taken by the network when last asked
  bool connack_sent = false;      ///< only by the defect process-packets-of-refused-client
  bool output_listed = false;     ///< in broker_state::with_output; lasts until the next flush
  bool reading_paused = false;
};

}  // namespace gauntlet::broker
