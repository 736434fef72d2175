#pragma once

// Packets made from a fuzzer's bytes, field by field, so that it needs no luck to come past the
// codec.

#include <array>
#include <string>
#include <vector>

#include "fuzz/targets/parts/input_reader.hpp"
#include "harness/mqtt/packets.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::fuzz {

/// How to make packets.
struct packet_style {
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  mqtt::sender from = mqtt::sender::client;
  /// Every packet keeps the rules of packets by themselves: decode() takes it. Otherwise any field
  /// may have any value, and properties may stand anywhere.
  bool legal = true;
  /// Few topics, Client Identifiers, Packet Identifiers and numbers, so that packets have to do
  /// with one another.
  bool small_world = false;
};

/// Makes one packet after the other.
class packet_maker {
 public:
  packet_maker(input_reader& from, packet_style style) : input_(from), style_(style) {}

  /// A packet that `style.from` may send.
  mqtt::packet make();
  mqtt::packet make(mqtt::packet_type type);
  mqtt::connect make_connect();

 private:
  bool is_v5() const { return style_.version == mqtt::protocol_version::v5; }
  bool from_client() const { return style_.from == mqtt::sender::client; }

  std::uint16_t identifier();
  std::uint32_t number(std::uint32_t min, std::uint32_t max);
  mqtt::qos any_qos() { return static_cast<mqtt::qos>(input_.below(3)); }
  std::string text();
  std::string topic_name();
  std::string topic_filter();
  std::string client_id();
  byte_buffer binary();
  mqtt::property_list properties(mqtt::property_place place);
  bool is_wanted(const mqtt::property_info& info, mqtt::property_place place,
                 const mqtt::property_list& so_far) const;
  mqtt::property_value value(const mqtt::property_info& info, mqtt::property_place place);
  mqtt::reason_code code(mqtt::packet_type type);
  std::vector<mqtt::reason_code> codes(mqtt::packet_type type);

  mqtt::connack make_connack();
  mqtt::publish make_publish();
  mqtt::subscribe make_subscribe();
  mqtt::unsubscribe make_unsubscribe();
  mqtt::auth make_auth();
  template <class Acknowledgement>
  Acknowledgement make_acknowledgement(mqtt::packet_type type);

  input_reader& input_;
  packet_style style_;
};

}  // namespace gauntlet::fuzz
