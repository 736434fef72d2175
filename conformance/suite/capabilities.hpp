#pragma once

// What a broker grants to its clients in one protocol version, as tests need to know it. Learnt
// from what the broker announces, from refusals that the standard names, and from its profile;
// never from failures.

#include <cstdint>
#include <optional>
#include <string>

#include "harness/mqtt/protocol.hpp"

namespace gauntlet::conformance {

/// Defaults are what holds when a broker announces nothing (MQTT 5.0 §3.2.2.3).
struct capabilities {
  /// Why the version is not spoken, such as "CONNACK 0x84 (Unsupported Protocol Version)"; empty if
  /// it is.
  std::string version_refused;
  mqtt::qos maximum_qos = mqtt::qos::exactly_once;
  bool retained = true;
  bool wildcard_subscriptions = true;
  bool shared_subscriptions = true;      ///< always false in 3.1.1, which has none
  bool subscription_identifiers = true;  ///< always false in 3.1.1
  bool empty_client_identifier = true;
  /// As announced; nothing if the broker does not say.
  std::optional<std::uint16_t> receive_maximum;
  std::optional<std::uint32_t> maximum_packet_size;  ///< bytes
  std::uint16_t topic_alias_maximum = 0;
  std::optional<std::uint16_t> server_keep_alive;                ///< seconds
  std::optional<std::uint32_t> session_expiry_interval_granted;  ///< seconds, when told
  /// The longest that was tried and taken; 0 if none was tried.
  std::uint32_t client_identifier_bytes = 0;
  std::uint32_t topic_name_bytes = 0;
  std::uint32_t topic_levels = 0;

  bool operator==(const capabilities&) const = default;
};

}  // namespace gauntlet::conformance
