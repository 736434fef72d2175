#pragma once

// Every rule that decoding enforces, once: what it says in our words, where each version of the
// standard says it, and what kind of error breaking it is. Used by the codec, and by who has to
// tell its errors apart.
//
// Where the standard names no kind: what cannot be parsed is malformed, and data that can be parsed
// but is not allowed is a protocol error (MQTT 5.0 §1.2).

#include <string_view>

#include "harness/mqtt/codec_error.hpp"

namespace gauntlet::mqtt {

/// A place in the standard.
struct citation {
  std::string_view section;
  std::string_view statement{};
};

struct rule {
  std::string_view says;
  citation v5;
  citation v3_1_1;
  error_kind kind;
  mqtt::reason_code reason_code;

  /// The same rule, said elsewhere too.
  constexpr rule at(citation in_v5, citation in_v3_1_1 = {}) const {
    return {says, in_v5, in_v3_1_1, kind, reason_code};
  }
};

namespace rules {

constexpr rule malformed(std::string_view says, citation v5, citation v3_1_1 = {}) {
  return {says, v5, v3_1_1, error_kind::malformed_packet, reason_code::malformed_packet};
}

constexpr rule breach(std::string_view says, citation v5, citation v3_1_1 = {},
                      reason_code code = reason_code::protocol_error) {
  return {says, v5, v3_1_1, error_kind::protocol_error, code};
}

// Data types.
inline constexpr rule well_formed_text =
    malformed("must be well-formed UTF-8 without surrogates", {"1.5.4", "MQTT-1.5.4-1"},
              {"1.5.3", "MQTT-1.5.3-1"});
inline constexpr rule no_null_character =
    malformed("must not contain U+0000", {"1.5.4", "MQTT-1.5.4-2"}, {"1.5.3", "MQTT-1.5.3-2"});
inline constexpr rule four_length_bytes =
    malformed("a Variable Byte Integer must end within four bytes", {"1.5.5"}, {"2.2.3"});
inline constexpr rule shortest_length =
    malformed("a Variable Byte Integer must be encoded in the fewest bytes possible",
              {"1.5.5", "MQTT-1.5.5-1"}, {"2.2.3"});

// Fixed header.
inline constexpr rule complete_header =
    malformed("the fixed header must be complete", {"2.1.1"}, {"2.2"});
inline constexpr rule known_type =
    malformed("packet type is reserved and must not be used", {"2.1.2"}, {"2.2.1"});
inline constexpr rule direction =
    breach("must not be sent by this end of the connection", {"2.1.2"}, {"2.2.1"});
inline constexpr rule publish_expected = breach("must be PUBLISH here", {"3.3.1"}, {"3.3.1"});
inline constexpr rule reserved_flags =
    malformed("reserved fixed header flags must hold the listed value", {"2.1.3", "MQTT-2.1.3-1"},
              {"2.2.2", "MQTT-2.2.2-2"});
inline constexpr rule fields_fit =
    malformed("must not run past the end of the packet", {"2.1.4"}, {"2.2.3"});
inline constexpr rule fields_fill =
    malformed("nothing must be left over after the last field", {"2.1.4"}, {"2.2.3"});
inline constexpr rule size_matches =
    malformed("the packet must be as long as its Remaining Length says", {"2.1.4"}, {"2.2.3"});
inline constexpr rule packet_size =
    breach("the packet must not be larger than the Maximum Packet Size", {"3.1.2.11.4"}, {"2.2.3"},
           reason_code::packet_too_large);
inline constexpr rule identifier_not_zero =
    breach("must not be 0", {"2.2.1", "MQTT-2.2.1-3"}, {"2.3.1", "MQTT-2.3.1-1"});

// Properties.
inline constexpr rule properties_fit =
    malformed("Property Length must not run past the end of the packet", {"2.2.2.1"});
inline constexpr rule property_fits = malformed("must end within the Property Length", {"2.2.2.1"});
inline constexpr rule property_known =
    malformed("the standard defines no property with this identifier", {"2.2.2.2"});
inline constexpr rule property_at_home =
    malformed("this property must not stand in this packet", {"2.2.2.2"});
inline constexpr rule property_once = breach("must not be included more than once", {"2.2.2.2"});
inline constexpr rule property_not_zero = breach("must not be 0", {"2.2.2.2"});
inline constexpr rule property_zero_or_one = breach("must be 0 or 1", {"2.2.2.2"});
inline constexpr rule alias_not_zero =
    breach("must not be 0", {"3.3.2.3.4", "MQTT-3.3.2-8"}, {}, reason_code::topic_alias_invalid);
inline constexpr rule response_topic_wildcard =
    breach("must not contain wildcard characters", {"3.3.2.3.5", "MQTT-3.3.2-14"});
inline constexpr rule identifier_from_client =
    breach("must not be sent by a client", {"3.3.4", "MQTT-3.3.4-6"});
inline constexpr rule expiry_from_server =
    breach("must not be sent by a server", {"3.14.2.2.2", "MQTT-3.14.2-2"});
inline constexpr rule data_without_method =
    breach("must not stand without Authentication Method", {"3.1.2.11.10"});
inline constexpr rule method_in_auth = breach("must be included in AUTH", {"3.15.2.2.2"});

// Reason Codes.
inline constexpr rule code_allowed =
    breach("must be a code that this packet may carry from this end", {"2.4"});

// CONNECT.
inline constexpr rule protocol_name =
    breach("must be \"MQTT\"", {"3.1.2.1", "MQTT-3.1.2-1"}, {"3.1.2.1", "MQTT-3.1.2-1"},
           reason_code::unsupported_protocol_version);
inline constexpr rule protocol_version_known =
    breach("must be 4 (3.1.1) or 5 (5.0)", {"3.1.2.2", "MQTT-3.1.2-2"}, {"3.1.2.2", "MQTT-3.1.2-2"},
           reason_code::unsupported_protocol_version);
inline constexpr rule connect_flag_reserved =
    malformed("reserved bit 0 must be 0", {"3.1.2.3", "MQTT-3.1.2-3"}, {"3.1.2.3", "MQTT-3.1.2-3"});
inline constexpr rule will_qos_range =
    malformed("must not be 3", {"3.1.2.6", "MQTT-3.1.2-12"}, {"3.1.2.6", "MQTT-3.1.2-14"});
inline constexpr rule will_qos_needs_will = breach(
    "must be 0 if the Will Flag is 0", {"3.1.2.6", "MQTT-3.1.2-11"}, {"3.1.2.6", "MQTT-3.1.2-13"});
inline constexpr rule will_retain_needs_will = breach(
    "must be 0 if the Will Flag is 0", {"3.1.2.7", "MQTT-3.1.2-13"}, {"3.1.2.7", "MQTT-3.1.2-15"});
inline constexpr rule password_needs_user_name =
    breach("must be 0 if the User Name Flag is 0", {}, {"3.1.2.9", "MQTT-3.1.2-22"});

// CONNACK.
inline constexpr rule acknowledge_flags_reserved =
    malformed("bits 7 to 1 must be 0", {"3.2.2.1", "MQTT-3.2.2-1"}, {"3.2.2.1"});
inline constexpr rule no_session_if_refused =
    breach("must be 0 if the connection is refused", {"3.2.2.1.1", "MQTT-3.2.2-6"},
           {"3.2.2.2", "MQTT-3.2.2-4"});
inline constexpr rule return_code_defined =
    breach("must be a defined return code (0 to 5)", {}, {"3.2.2.3"});

// PUBLISH and topics.
inline constexpr rule publish_qos_range = malformed(
    "must not have both bits set", {"3.3.1.2", "MQTT-3.3.1-4"}, {"3.3.1.2", "MQTT-3.3.1-4"});
inline constexpr rule dup_needs_qos =
    breach("must be 0 at QoS 0", {"3.3.1.1", "MQTT-3.3.1-2"}, {"3.3.1.1", "MQTT-3.3.1-2"});
inline constexpr rule topic_or_alias =
    breach("must not be empty unless a Topic Alias is given", {"3.3.2.1"});
inline constexpr rule topic_not_empty = breach(
    "must have at least one character", {"4.7.3", "MQTT-4.7.3-1"}, {"4.7.3", "MQTT-4.7.3-1"});
inline constexpr rule topic_wildcard = breach("must not contain wildcard characters",
                                              {"4.7.1", "MQTT-4.7.0-1"}, {"4.7.1", "MQTT-4.7.1-1"});

// SUBSCRIBE, UNSUBSCRIBE and their acknowledgements.
inline constexpr rule one_subscription = breach(
    "must hold at least one Topic Filter", {"3.8.3", "MQTT-3.8.3-2"}, {"3.8.3", "MQTT-3.8.3-3"});
inline constexpr rule one_filter = breach("must hold at least one Topic Filter",
                                          {"3.10.3", "MQTT-3.10.3-2"}, {"3.10.3", "MQTT-3.10.3-2"});
inline constexpr rule options_reserved =
    malformed("reserved bits must be 0", {"3.8.3.1", "MQTT-3.8.3-5"}, {"3.8.3", "MQTT-3.8.3-4"});
inline constexpr rule requested_qos_range_v3_1_1 =
    malformed("must not be 3", {}, {"3.8.3", "MQTT-3.8.3-4"});
inline constexpr rule maximum_qos_range = breach("must not be 3", {"3.8.3.1"});
inline constexpr rule retain_handling_range = breach("must not be 3", {"3.8.3.1"});
inline constexpr rule no_local_shared =
    breach("must be 0 for a shared subscription", {"3.8.3.1", "MQTT-3.8.3-4"});
inline constexpr rule one_code = breach("must hold a code for each Topic Filter",
                                        {"3.8.4", "MQTT-3.8.4-6"}, {"3.8.4", "MQTT-3.8.4-5"});

}  // namespace rules

}  // namespace gauntlet::mqtt
