#pragma once

// Everything that can be set about the reference broker, apart from where it listens. Defaults
// serve an unprotected broker for tests on one machine.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/base/result.hpp"
#include "harness/broker/defects.hpp"
#include "harness/broker/log.hpp"

namespace gauntlet::broker {

/// A user who may connect.
struct credential {
  std::string user_name;
  std::string password;
};

/// What the broker holds at most. Every queue and table in it has a limit here.
struct limits {
  /// Network connections at a time; further ones are closed at once.
  std::size_t connections_max = 100'000;
  /// Sessions, connected or not; a CONNECT that would need one more is refused with 0x97.
  std::size_t sessions_max = 1'000'000;
  /// How long a connection may take until its CONNECT is complete.
  duration connect_timeout = std::chrono::seconds(10);
  /// Unacknowledged QoS 1 and 2 messages towards one client; the window is the lower of this and
  /// the client's Receive Maximum. 1 to 65,535.
  std::uint16_t inflight_max = 1'000;
  /// Messages waiting for one client, in number and in bytes of topic, properties and payload. What
  /// comes when either is reached is dropped, with a warning in the log.
  std::size_t queued_messages_max = 100'000;
  std::size_t queued_bytes_max = 64U << 20U;
  /// Bytes handed to one connection that the network has not taken. Beyond this, messages wait in
  /// the queue, and a client that does not read is not read from.
  std::size_t output_bytes_max = 1U << 20U;
  /// Retained messages in number and bytes; beyond it a new one is not stored.
  std::size_t retained_messages_max = 1'000'000;
  std::size_t retained_bytes_max = 1U << 30U;
  /// Subscriptions of one session; further ones get 0x97.
  std::size_t subscriptions_per_session_max = 100'000;
};

/// What the broker tells clients that it does (MQTT 5.0 §3.2.2.3), for both protocol versions.
struct capabilities {
  /// QoS 1 and 2 messages a client may have outstanding. 1 to 65,535; 65,535 is not announced.
  std::uint16_t receive_maximum = 1'000;
  /// Largest packet taken, in bytes; at least 128.
  std::uint32_t maximum_packet_size = 4U << 20U;
  /// Topic aliases a client may use on a connection; 0 for none.
  std::uint16_t topic_alias_maximum = 64;
  /// 0, 1 or 2.
  std::uint8_t maximum_qos = 2;
  bool retain_available = true;
  bool wildcard_subscription_available = true;
  bool subscription_identifier_available = true;
  bool shared_subscription_available = true;
  /// Longest Session Expiry Interval granted, in seconds; 0xFFFFFFFF for no limit. Also the life of
  /// a 3.1.1 session without CleanSession.
  std::uint32_t session_expiry_interval_max_s = 0xFFFFFFFF;
  /// Longest Keep Alive granted, in seconds, as Server Keep Alive; 0 leaves it to the client.
  std::uint16_t keep_alive_max_s = 0;
};

/// The reference broker's settings.
struct options {
  broker::limits limits;
  broker::capabilities capabilities;
  /// Who may connect with user name and password. Empty: nobody is asked.
  std::vector<credential> users;
  /// Whether a client without user name may connect. Only matters if there are users.
  bool allow_anonymous = false;
  std::vector<defect_switch> defects;
  /// Of what is drawn at random: where defects strike, assigned client identifiers.
  std::uint64_t seed = 1;
  log_level level = log_level::warning;
  log_sink sink;  ///< empty: nothing is logged
};

/// Says what is wrong with the values, or succeeds.
outcome<void> validate(const options& settings);

}  // namespace gauntlet::broker
