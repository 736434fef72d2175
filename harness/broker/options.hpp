#pragma once

// Everything that can be set about the reference broker, apart from where it listens. Defaults
// serve an unprotected broker for tests on one machine.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/base/result.hpp"
#include "harness/broker/defects.hpp"
#include "harness/broker/log.hpp"
#include "harness/broker/process_harm.hpp"
#include "harness/broker/user.hpp"

namespace gauntlet::broker {

/// What the broker holds at most. Every queue and table in it has a limit here.
struct limits {
  /// Network connections at a time; further ones are closed at once.
  std::size_t connections_max = 100'000;
  /// Of these, from one network address; 0 for no limit but connections_max. Off by default,
  /// because a simulated fleet comes from one address.
  std::size_t connections_per_address_max = 0;
  /// Sessions, connected or not; a CONNECT that would need one more is refused with 0x97.
  std::size_t sessions_max = 1'000'000;
  /// How long a connection may take until its CONNECT is complete, enhanced authentication
  /// included.
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
  /// Topic Aliases that the broker uses towards one client, if the client's Topic Alias Maximum
  /// permits as many; 0 to use none.
  std::uint16_t outbound_topic_aliases_max = 64;
  /// PUBLISH packets taken from one client within a second; more end its connection with 0x96. 0
  /// for no limit.
  std::uint32_t messages_per_second_max = 0;
  /// CONNECT packets accepted within a second, from all clients; more are refused with 0x9F. 0 for
  /// no limit.
  std::uint32_t connects_per_second_max = 0;
  /// How long a connection may last; then it ends with 0xA0. 0 for no limit.
  duration connect_time_max{};

  bool operator==(const limits&) const = default;
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
  /// What the Response Information for a client that asks begins with; its Client Identifier
  /// follows after "/" (MQTT 5.0 §3.2.2.3.15). A Topic Name; empty to give none.
  std::string response_information_prefix;

  bool operator==(const capabilities&) const = default;
};

/// When clients are told to use another server (MQTT 5.0 §4.11).
enum class redirection_time : std::uint8_t {
  at_connect,     ///< in the CONNACK that refuses them; 3.1.1: "Server unavailable"
  after_connect,  ///< in a DISCONNECT right after the CONNACK that let them in; 3.1.1: a close
  at_shutdown,    ///< in the DISCONNECT when the broker shuts down
};

/// Another server for all clients.
struct redirection {
  /// Server Reference, such as "b.example:1883 c.example:1884". Empty: nobody is redirected.
  std::string server_reference;
  /// 0x9D Server moved instead of 0x9C Use another server.
  bool permanent = false;
  redirection_time when = redirection_time::at_connect;

  bool operator==(const redirection&) const = default;
};

/// What a commit of the store waits for.
enum class store_synchronization : std::uint8_t {
  full,    ///< the disk: what was acknowledged survives a loss of power
  normal,  ///< the operating system: it survives the death of the broker, not that of the machine
};

/// Where sessions and retained messages are kept over a restart.
struct persistence_settings {
  /// Created if it is missing. Empty: everything is in memory, and gone with the broker.
  std::string directory;
  store_synchronization synchronization = store_synchronization::full;
};

/// The reference broker's settings.
struct options {
  broker::limits limits;
  broker::capabilities capabilities;
  /// Who may connect, with user name and password or, in MQTT 5.0, with the Authentication Method
  /// SCRAM-SHA-256. Empty: nobody is asked, and user names and passwords are not looked at.
  std::vector<user> users;
  /// Whether a client without user name may connect. Only matters if there are users.
  bool allow_anonymous = false;
  /// The common name of a client's verified certificate is its user name, and that in CONNECT is
  /// not looked at. No password is asked then, and the name need not be among `users`; if it is,
  /// that user's access list holds. Clients without certificate are treated as ever.
  bool certificate_names_user = false;
  /// What clients may do that are none of `users`: anonymous ones, and those that only their
  /// certificate names. nullopt: everything is allowed.
  std::optional<access_list> default_access;
  broker::redirection redirection;
  /// Whether refusals and negative acknowledgements explain themselves with Reason String and User
  /// Properties, as far as the client takes them (MQTT 5.0 §3.1.2.11.7).
  bool explain_problems = true;
  /// Whether a payload declared as UTF-8 is looked at, and refused with 0x99 if it is not (MQTT 5.0
  /// §3.3.2.3.2).
  bool check_payload_format = true;
  /// How often the values below $SYS/ are published to those who subscribed to them, at least a
  /// millisecond; 0 for no such topics at all.
  duration sys_interval = std::chrono::seconds(10);
  persistence_settings persistence;
  std::vector<defect_switch> defects;
  process_harm harm;  ///< what defects of robustness need
  /// Of what is drawn at random: where defects strike, assigned client identifiers.
  std::uint64_t seed = 1;
  log_level level = log_level::warning;
  log_sink sink;  ///< empty: nothing is logged
};

/// Says what is wrong with the values, or succeeds.
outcome<void> validate(const options& settings);

}  // namespace gauntlet::broker
