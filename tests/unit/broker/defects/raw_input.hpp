#pragma once

// Packets of clients that break one rule, and the story that all of them share: a correct broker
// refuses them.

#include <functional>
#include <optional>

#include "harness/mqtt/raw_packet.hpp"
#include "tests/unit/broker/defects/proof.hpp"

namespace gauntlet::broker {

using mqtt::raw_fields;

inline constexpr std::string_view ill_formed = "x\xC3(";  // a byte that no second one follows
inline constexpr std::string_view with_null("x\0y", 3);

/// A CONNECT of client "a", right as long as nothing is changed.
struct raw_connect {
  std::uint8_t first_byte = 0x10;
  std::string_view name = "MQTT";
  std::optional<std::uint8_t> version;  ///< that of the connection if there is none
  std::uint8_t flags = 0x02;            ///< Clean Start
  mqtt::property_list properties{};
  raw_fields payload = raw_fields().utf8_string("a");

  byte_buffer bytes(mqtt::protocol_version of) const;
};

raw_fields text(std::string_view value);
/// A Property Length of 0 in 5.0, nothing in 3.1.1.
raw_fields no_properties(mqtt::protocol_version version);

/// Client Identifier, will and its topic, for raw_connect.
raw_fields will_fields(mqtt::protocol_version version, std::string_view topic);
raw_fields will_with(const mqtt::property_list& properties);
/// Client Identifier and no will.
raw_fields no_will_fields(mqtt::protocol_version version);

byte_buffer raw(const mqtt::raw_packet& packet);
byte_buffer with_first_byte(std::uint8_t first_byte, byte_buffer packet);
/// QoS 0, without payload.
byte_buffer raw_publish(mqtt::protocol_version version, std::string_view topic,
                        const raw_fields& properties = {});
byte_buffer raw_subscribe(mqtt::protocol_version version, const raw_fields& subscriptions,
                          const raw_fields& properties = {}, std::uint16_t packet_identifier = 1);
byte_buffer raw_unsubscribe(mqtt::protocol_version version, const raw_fields& filters,
                            const raw_fields& properties = {}, std::uint16_t packet_identifier = 1);

// Of 5.0 alone.
byte_buffer publish_with(const mqtt::property_list& properties);
byte_buffer subscribe_with(const mqtt::property_list& properties);
byte_buffer unsubscribe_with(const mqtt::property_list& properties);
byte_buffer raw_acknowledgement(std::uint8_t first_byte, const mqtt::property_list& properties);
byte_buffer raw_disconnect(const mqtt::property_list& properties);
byte_buffer raw_auth(std::uint8_t reason_code, const mqtt::property_list& properties);

/// The broker refuses this CONNECT.
void refuses_connect(defect_proofs& to, defect which, told_in versions, mqtt::reason_code reason,
                     const std::function<raw_connect(mqtt::protocol_version)>& packet);
/// It refuses this first packet of a connection.
void refuses_first(defect_proofs& to, defect which, told_in versions, mqtt::reason_code reason,
                   const std::function<byte_buffer(mqtt::protocol_version)>& packet);
/// It refuses this packet of a connected client.
void refuses(defect_proofs& to, defect which, told_in versions, mqtt::reason_code reason,
             const std::function<byte_buffer(mqtt::protocol_version)>& packet);

}  // namespace gauntlet::broker
