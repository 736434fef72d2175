#pragma once

// The MQTT Control Packets as plain structs; one struct serves both versions. Fields that 3.1.1
// does not have (properties, Reason Codes of acknowledgements, UNSUBACK, DISCONNECT and AUTH,
// subscription options other than the QoS) are at their defaults after decoding 3.1.1 and have to
// be so for encoding it: encoding 3.1.1 drops nothing in silence, it fails.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/mqtt/property.hpp"
#include "harness/mqtt/protocol.hpp"
#include "harness/mqtt/reason_code.hpp"

namespace gauntlet::mqtt {

/// The message that the server publishes when the connection ends. MQTT 5.0 §3.1.2.5, §3.1.3.2
struct will {
  std::string topic_name;
  byte_buffer payload;  ///< at most field_size_max bytes
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
  property_list properties;
  friend bool operator==(const will&, const will&) = default;
};

/// MQTT 5.0 §3.1. Encoded as, and decoded into, the version that it names itself.
struct connect {
  mqtt::protocol_version protocol_version = mqtt::protocol_version::v5;
  std::string client_id;
  bool clean_start = true;         ///< called CleanSession in 3.1.1
  std::uint16_t keep_alive_s = 0;  ///< 0: no keep alive
  std::optional<mqtt::will> will;
  std::optional<std::string> user_name;
  std::optional<byte_buffer> password;
  property_list properties;
  friend bool operator==(const connect&, const connect&) = default;
};

/// MQTT 5.0 §3.2. In 3.1.1 `reason_code` stands for the return code (see connect_return_code_of);
/// a code to which none corresponds cannot be encoded there.
struct connack {
  bool session_present = false;
  mqtt::reason_code reason_code = mqtt::reason_code::success;
  property_list properties;
  friend bool operator==(const connack&, const connack&) = default;
};

/// MQTT 5.0 §3.3. Hot paths use publish_view instead.
struct publish {
  bool dup = false;
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
  std::string topic_name;
  std::uint16_t packet_identifier = 0;  ///< only with QoS 1 and 2; not written at QoS 0
  property_list properties;
  byte_buffer payload;
  friend bool operator==(const publish&, const publish&) = default;
};

/// MQTT 5.0 §3.4
struct puback {
  std::uint16_t packet_identifier = 0;
  mqtt::reason_code reason_code = mqtt::reason_code::success;
  property_list properties;
  friend bool operator==(const puback&, const puback&) = default;
};

/// MQTT 5.0 §3.5
struct pubrec {
  std::uint16_t packet_identifier = 0;
  mqtt::reason_code reason_code = mqtt::reason_code::success;
  property_list properties;
  friend bool operator==(const pubrec&, const pubrec&) = default;
};

/// MQTT 5.0 §3.6
struct pubrel {
  std::uint16_t packet_identifier = 0;
  mqtt::reason_code reason_code = mqtt::reason_code::success;
  property_list properties;
  friend bool operator==(const pubrel&, const pubrel&) = default;
};

/// MQTT 5.0 §3.7
struct pubcomp {
  std::uint16_t packet_identifier = 0;
  mqtt::reason_code reason_code = mqtt::reason_code::success;
  property_list properties;
  friend bool operator==(const pubcomp&, const pubcomp&) = default;
};

/// When retained messages are sent because of a subscribe. MQTT 5.0 §3.8.3.1
enum class retain_handling : std::uint8_t {
  send_at_subscribe = 0,
  send_if_new = 1,
  do_not_send = 2,
};

/// MQTT 5.0 §3.8.3.1; 3.1.1 has only the QoS.
struct subscription_options {
  qos maximum_qos = qos::at_most_once;
  bool no_local = false;
  bool retain_as_published = false;
  mqtt::retain_handling retain_handling = mqtt::retain_handling::send_at_subscribe;
  friend bool operator==(const subscription_options&, const subscription_options&) = default;
};

/// One subscription that a SUBSCRIBE asks for. The codec checks the filter as a string only; its
/// wildcards are for validate_topic_filter, since how to refuse it is the receiver's choice.
struct subscription {
  std::string topic_filter;
  subscription_options options;
  friend bool operator==(const subscription&, const subscription&) = default;
};

/// MQTT 5.0 §3.8
struct subscribe {
  std::uint16_t packet_identifier = 0;
  std::vector<subscription> subscriptions;
  property_list properties;
  friend bool operator==(const subscribe&, const subscribe&) = default;
};

/// MQTT 5.0 §3.9; in 3.1.1 the codes are 0x00, 0x01, 0x02 and 0x80.
struct suback {
  std::uint16_t packet_identifier = 0;
  std::vector<reason_code> reason_codes;  ///< one for each subscription asked for, in order
  property_list properties;
  friend bool operator==(const suback&, const suback&) = default;
};

/// MQTT 5.0 §3.10
struct unsubscribe {
  std::uint16_t packet_identifier = 0;
  std::vector<std::string> topic_filters;
  property_list properties;
  friend bool operator==(const unsubscribe&, const unsubscribe&) = default;
};

/// MQTT 5.0 §3.11; in 3.1.1 there are no codes.
struct unsuback {
  std::uint16_t packet_identifier = 0;
  std::vector<reason_code> reason_codes;  ///< one for each filter, in order
  property_list properties;
  friend bool operator==(const unsuback&, const unsuback&) = default;
};

/// MQTT 5.0 §3.12
struct pingreq {
  friend bool operator==(const pingreq&, const pingreq&) = default;
};

/// MQTT 5.0 §3.13
struct pingresp {
  friend bool operator==(const pingresp&, const pingresp&) = default;
};

/// MQTT 5.0 §3.14; in 3.1.1 only a client sends it, and it is empty.
struct disconnect {
  mqtt::reason_code reason_code = mqtt::reason_code::normal_disconnection;
  property_list properties;
  friend bool operator==(const disconnect&, const disconnect&) = default;
};

/// MQTT 5.0 §3.15; not in 3.1.1.
struct auth {
  mqtt::reason_code reason_code = mqtt::reason_code::success;
  property_list properties;
  friend bool operator==(const auth&, const auth&) = default;
};

/// Any control packet, in the order of the packet types.
using packet = std::variant<connect, connack, publish, puback, pubrec, pubrel, pubcomp, subscribe,
                            suback, unsubscribe, unsuback, pingreq, pingresp, disconnect, auth>;

/// The type of the packet held.
inline packet_type type_of(const packet& any) noexcept {
  return static_cast<packet_type>(any.index() + 1);
}

}  // namespace gauntlet::mqtt
