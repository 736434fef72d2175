#include "harness/broker/dispatch.hpp"

#include <string>
#include <variant>

#include "harness/broker/authentication.hpp"
#include "harness/broker/connect.hpp"
#include "harness/broker/delivery_outbound.hpp"
#include "harness/broker/disconnect.hpp"
#include "harness/broker/output.hpp"
#include "harness/broker/publish_inbound.hpp"
#include "harness/broker/robustness.hpp"
#include "harness/broker/subscribe.hpp"
#include "harness/broker/tolerated_input.hpp"
#include "harness/broker/wrong_delivery.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::packet_type;
using mqtt::reason_code;

// Whether a defect does not understand PUBACK, PUBREC, PUBREL or PUBCOMP of Remaining Length 3.
bool ignores_acknowledgement(broker_state& broker, const connection& from, byte_view packet) {
  const packet_type type = mqtt::packet_type_of(packet[0]);
  return from.version == mqtt::protocol_version::v5 && type >= packet_type::puback &&
         type <= packet_type::pubcomp && packet.size() == 5 &&
         broker.defects.strikes(defect::ignore_acknowledgement_without_properties);
}

// What defects do at PINGREQ. Answers true if PINGRESP is not to be sent.
bool withholds_pingresp(broker_state& broker, connection& from) {
  defect_set& defects = broker.defects;
  if (defects.strikes(defect::omit_pingresp)) return true;
  if (from.bound->outbound.quota_used >= from.receive_maximum &&
      defects.strikes(defect::withhold_pingresp_without_quota)) {
    return true;
  }
  if (defects.strikes(defect::redeliver_on_open_connection)) {
    redeliver_on_open_connection(broker, *from.bound);
  }
  if (defects.strikes(defect::send_pingresp_twice)) send_packet(broker, from, mqtt::pingresp{});
  return false;
}

// The rule for each packet that a client may send. The others never come here: decoding refuses
// them.
struct packet_rules {
  broker_state& broker;
  connection& from;

  void operator()(const mqtt::connect& packet) const { handle_connect(broker, from, packet); }
  void operator()(const mqtt::puback& packet) const {
    if (mqtt::is_error(packet.reason_code) && broker.defects.any() &&
        handle_refusing_puback_wrongly(broker, from, packet.packet_identifier)) {
      return;
    }
    handle_puback(broker, from, packet.packet_identifier);
  }
  void operator()(const mqtt::pubrec& packet) const {
    handle_pubrec(broker, from, packet.packet_identifier, packet.reason_code);
  }
  void operator()(const mqtt::pubrel& packet) const {
    handle_pubrel(broker, from, packet.packet_identifier);
  }
  void operator()(const mqtt::pubcomp& packet) const {
    handle_pubcomp(broker, from, packet.packet_identifier);
  }
  void operator()(const mqtt::subscribe& packet) const { handle_subscribe(broker, from, packet); }
  void operator()(const mqtt::unsubscribe& packet) const {
    handle_unsubscribe(broker, from, packet);
  }
  void operator()(const mqtt::pingreq&) const {
    if (broker.defects.any() && withholds_pingresp(broker, from)) return;
    send_packet(broker, from, mqtt::pingresp{});  // [MQTT-3.12.4-1]
  }
  void operator()(const mqtt::disconnect& packet) const { handle_disconnect(broker, from, packet); }
  void operator()(const mqtt::auth& packet) const { handle_auth(broker, from, packet); }
  template <class Other>
  void operator()(const Other&) const {
    refuse(broker, from, reason_code::protocol_error, "packet that only a server may send");
  }
};

// PUBACK, PUBREC, PUBREL and PUBCOMP in their short form, Packet Identifier and nothing else, are
// half of all packets at QoS 1 and more at QoS 2: they need no decoder. Answers false for all else.
bool handle_short_acknowledgement(broker_state& broker, connection& from, byte_view packet) {
  if (packet.size() != 4) return false;
  const auto identifier = static_cast<std::uint16_t>(packet[2] << 8U | packet[3]);
  if (identifier == 0) return false;
  switch (packet[0]) {
    case 0x40:
      handle_puback(broker, from, identifier);
      return true;
    case 0x50:
      handle_pubrec(broker, from, identifier, reason_code::success);
      return true;
    case 0x62:
      handle_pubrel(broker, from, identifier);
      return true;
    case 0x70:
      handle_pubcomp(broker, from, identifier);
      return true;
    default:
      return false;
  }
}

// The version that a CONNECT names, also one that breaks a rule before it comes to that.
mqtt::protocol_version version_of_connect(byte_view packet, const mqtt::decode_error& error) {
  if (error.reason_code == reason_code::unsupported_protocol_version) {
    // The CONNECT of a version that we do not speak is answered as 3.1.1 demands [MQTT-3.1.2-2
    // of 3.1.1]; 5.0 leaves open whether there is an answer.
    return mqtt::protocol_version::v3_1_1;
  }
  // Where it names none, nothing is said: 3.1.1 has no CONNACK for what is not well-formed.
  constexpr std::string_view start_in_5_0("\0\4MQTT\5", 7);
  const bool names_5_0 = as_text(packet).substr(1, 11).find(start_in_5_0) != std::string::npos;
  return names_5_0 ? mqtt::protocol_version::v5 : mqtt::protocol_version::v3_1_1;
}

void handle_undecodable(broker_state& broker, connection& from, byte_view packet,
                        const mqtt::decode_error& error) {
  if (const auto instead = tolerate(broker, from, packet, error)) {
    if (!instead->empty()) handle_packet(broker, from, *instead);
    return;
  }
  if (from.phase == connection_phase::awaiting_connect) {
    from.version = version_of_connect(packet, error);
  }
  refuse(broker, from, error.reason_code, mqtt::describe(error));
}

}  // namespace

void handle_packet(broker_state& broker, connection& from, byte_view packet) {
  if (broker.harmful) harm_at_packet(broker, from, packet);
  const packet_type type = mqtt::packet_type_of(packet[0]);
  if (from.phase == connection_phase::awaiting_connect && type != packet_type::connect) {
    if (broker.defects.strikes(defect::ignore_packet_before_connect)) return;
    if (broker.defects.strikes(defect::send_disconnect_to_packet_before_connect)) {
      send_packet(broker, from, mqtt::disconnect{.reason_code = reason_code::protocol_error});
    }
    broker.log(log_level::warning, "refuse peer={} why={} packet={}", from.link->peer_name(),
               "not a CONNECT", mqtt::packet_type_name(type));
    close_connection(broker, from);  // without an answer [MQTT-3.1.0-1, MQTT-3.14.0-1]
    return;
  }
  // [MQTT-3.1.2-30]
  if (from.phase == connection_phase::authenticating && type != packet_type::auth &&
      type != packet_type::disconnect) {
    if (broker.defects.strikes(defect::ignore_packets_during_authentication)) return;
    refuse(broker, from, reason_code::protocol_error, "neither AUTH nor DISCONNECT before CONNACK");
    return;
  }
  // Only the defect leave-existing-client-connected takes a session from an open connection.
  if (from.phase == connection_phase::connected && from.bound == nullptr) return;
  if (broker.defects.any() && ignores_acknowledgement(broker, from, packet)) return;
  if (type == packet_type::publish) {
    handle_publish(broker, from, packet);
    return;
  }
  if (from.phase == connection_phase::connected &&
      handle_short_acknowledgement(broker, from, packet)) {
    return;
  }
  const auto decoded = mqtt::decode(packet, from.version, mqtt::sender::client);
  if (decoded.has_value()) {
    std::visit(packet_rules{broker, from}, *decoded);
  } else {
    handle_undecodable(broker, from, packet, decoded.error());
  }
}

}  // namespace gauntlet::broker
