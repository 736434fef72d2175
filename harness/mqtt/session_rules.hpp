#pragma once

// The rules about the order and the state of packets, which one packet alone does not show: what a
// server can do wrong towards a client (violations) and what a client may not do itself (refusals).

#include <cstdint>
#include <string_view>
#include <system_error>

#include "harness/mqtt/codec_error.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::mqtt {

/// A rule between packets that the server broke.
enum class session_violation : std::uint8_t {
  packet_before_connack,      ///< something other than CONNACK (and AUTH in 5.0) came first
  second_connack,             ///< CONNACK on a connection that had one
  session_present_unasked,    ///< Session Present 1 though the client asked for a clean start
  session_present_after_end,  ///< Session Present 1 though the session ended with its connection
  packet_after_refusal,       ///< a packet after a CONNACK that refuses the connection
  packet_after_disconnect,    ///< a packet after the server's DISCONNECT
  acknowledgement_unknown,    ///< PUBACK, PUBREC or PUBCOMP for an identifier not in use
  acknowledgement_mismatch,   ///< an acknowledgement of the wrong type for the packet in flight
  pubcomp_too_early,          ///< PUBCOMP before PUBREC
  suback_unknown,             ///< SUBACK for an identifier not in use
  suback_count,               ///< SUBACK with more or fewer codes than filters
  unsuback_unknown,           ///< UNSUBACK for an identifier not in use
  unsuback_count,             ///< UNSUBACK with more or fewer codes than filters
  identifier_in_use,          ///< QoS 1 PUBLISH with the identifier of an unfinished QoS 2 one
  receive_maximum_exceeded,   ///< more QoS 1 and 2 messages outstanding than the client permits
  topic_alias_too_large,      ///< a Topic Alias above the maximum in CONNECT
  topic_alias_unknown,        ///< a Topic Alias alone that has never come with a Topic Name
  pingresp_unasked,           ///< PINGRESP without a PINGREQ
  authentication_unasked,     ///< AUTH though CONNECT had no Authentication Method
  problem_information,        ///< Reason String or User Property though the client wants none
};

/// The violation as a decode error of the packet that shows it, all fields filled. Each violation
/// gives an error that differs from those of all others. `offset` counts from the packet's start.
decode_error to_error(session_violation violation, protocol_version version,
                      std::size_t offset = 0);

/// Why a client session does not send what it was asked to send. Nothing has been written then.
enum class session_refusal : std::uint8_t {
  not_connected = 1,          ///< no CONNACK yet, or the connection is ending
  already_connecting,         ///< CONNECT was sent on this connection
  wrong_version,              ///< CONNECT of another version, or a packet that 3.1.1 lacks
  quota_used_up,              ///< the server's Receive Maximum is reached, or resending goes first
  no_identifier_free,         ///< all 65535 Packet Identifiers are in use
  packet_too_large,           ///< above the server's Maximum Packet Size
  qos_not_supported,          ///< above the server's Maximum QoS
  retain_not_supported,       ///< RETAIN though the server's Retain Available is 0
  topic_alias_invalid,        ///< 0, or above the server's Topic Alias Maximum
  wildcard_not_supported,     ///< Wildcard Subscription Available is 0
  shared_not_supported,       ///< Shared Subscription Available is 0
  identifiers_not_supported,  ///< Subscription Identifier Available is 0
  no_authentication,          ///< AUTH though CONNECT had no Authentication Method
  not_encodable,              ///< a field is too long for the wire
};

/// The category of session_refusal, "mqtt session".
const std::error_category& session_category() noexcept;

inline std::error_code make_error_code(session_refusal refusal) noexcept {
  return {static_cast<int>(refusal), session_category()};
}

}  // namespace gauntlet::mqtt

template <>
struct std::is_error_code_enum<gauntlet::mqtt::session_refusal> : std::true_type {};
