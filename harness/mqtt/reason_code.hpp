#pragma once

// The Reason Codes of MQTT 5.0 (§2.4) with the packets they may stand in, the return codes of a
// 3.1.1 CONNACK, and the correspondence between the two.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "harness/mqtt/protocol.hpp"

namespace gauntlet::mqtt {

/// A Reason Code of MQTT 5.0. Code 0 has three names, by packet. A decoder yields no other values;
/// an encoder writes any byte. The return codes of a 3.1.1 SUBACK are the same values.
enum class reason_code : std::uint8_t {
  success = 0x00,
  normal_disconnection = 0x00,
  granted_qos_0 = 0x00,
  granted_qos_1 = 0x01,
  granted_qos_2 = 0x02,
  disconnect_with_will_message = 0x04,
  no_matching_subscribers = 0x10,
  no_subscription_existed = 0x11,
  continue_authentication = 0x18,
  re_authenticate = 0x19,
  unspecified_error = 0x80,
  malformed_packet = 0x81,
  protocol_error = 0x82,
  implementation_specific_error = 0x83,
  unsupported_protocol_version = 0x84,
  client_identifier_not_valid = 0x85,
  bad_user_name_or_password = 0x86,
  not_authorized = 0x87,
  server_unavailable = 0x88,
  server_busy = 0x89,
  banned = 0x8A,
  server_shutting_down = 0x8B,
  bad_authentication_method = 0x8C,
  keep_alive_timeout = 0x8D,
  session_taken_over = 0x8E,
  topic_filter_invalid = 0x8F,
  topic_name_invalid = 0x90,
  packet_identifier_in_use = 0x91,
  packet_identifier_not_found = 0x92,
  receive_maximum_exceeded = 0x93,
  topic_alias_invalid = 0x94,
  packet_too_large = 0x95,
  message_rate_too_high = 0x96,
  quota_exceeded = 0x97,
  administrative_action = 0x98,
  payload_format_invalid = 0x99,
  retain_not_supported = 0x9A,
  qos_not_supported = 0x9B,
  use_another_server = 0x9C,
  server_moved = 0x9D,
  shared_subscriptions_not_supported = 0x9E,
  connection_rate_exceeded = 0x9F,
  maximum_connect_time = 0xA0,
  subscription_identifiers_not_supported = 0xA1,
  wildcard_subscriptions_not_supported = 0xA2,
};

/// One row of the table of Reason Codes. MQTT 5.0 §2.4, Table 2-6 and the tables of each packet
struct reason_code_info {
  reason_code code;
  std::string_view name;    ///< in the standard's words; that of the most general use
  std::uint16_t by_client;  ///< bit n: a client may put it into a packet of type n
  std::uint16_t by_server;  ///< bit n: a server may put it into a packet of type n
};

/// All Reason Codes, in ascending order.
std::span<const reason_code_info> reason_codes() noexcept;

/// The row of a code, or null if the standard defines no such code.
const reason_code_info* find_reason_code(std::uint8_t code) noexcept;

/// Whether the standard lets `from` put this code into a packet of this type.
bool may_stand_in(reason_code code, packet_type type, sender from) noexcept;

/// Whether the code reports a failure (0x80 and above).
constexpr bool is_error(reason_code code) noexcept {
  return static_cast<std::uint8_t>(code) >= 0x80;
}

/// The standard's name, as in "Not authorized"; "undefined" for a code that it does not define.
/// Code 0 is "Normal disconnection" in DISCONNECT and "Granted QoS 0" in SUBACK.
std::string_view reason_code_name(reason_code code) noexcept;
std::string_view reason_code_name(reason_code code, packet_type type) noexcept;

/// The return codes of a 3.1.1 CONNACK. MQTT 3.1.1 §3.2.2.3
enum class connect_return_code : std::uint8_t {
  accepted = 0,
  unacceptable_protocol_version = 1,
  identifier_rejected = 2,
  server_unavailable = 3,
  bad_user_name_or_password = 4,
  not_authorized = 5,
};

/// The Reason Code that stands for a 3.1.1 return code in `connack::reason_code`: 0x00, 0x84, 0x85,
/// 0x88, 0x86, 0x87.
reason_code reason_code_of(connect_return_code code) noexcept;

/// The 3.1.1 return code for a Reason Code; none if no defined return code fits, in which case a
/// server closes without CONNACK [MQTT-3.2.2-6 of 3.1.1].
std::optional<connect_return_code> connect_return_code_of(reason_code code) noexcept;

}  // namespace gauntlet::mqtt
