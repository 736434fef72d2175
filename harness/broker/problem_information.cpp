#include "harness/broker/problem_information.hpp"

#include <utility>
#include <variant>

#include "harness/broker/output.hpp"

namespace gauntlet::broker {
namespace {

// A client that set Request Problem Information to 0 gets explanations in CONNACK, PUBLISH and
// DISCONNECT alone.
bool may_explain(const broker_state& broker, const connection& to, mqtt::packet_type type) {
  if (!broker.options.explain_problems || to.version != mqtt::protocol_version::v5) return false;
  if (!to.limits_known) return false;
  return to.problem_information || type == mqtt::packet_type::connack ||
         type == mqtt::packet_type::disconnect;
}

mqtt::packet with_properties(mqtt::packet packet, const problem& explained, bool all) {
  std::visit(
      [&](auto& fields) {
        if constexpr (requires { fields.properties; }) {
          if (!explained.reason_string.empty()) {
            fields.properties.add(mqtt::reason_string(explained.reason_string));
          }
          if (!all) return;
          for (const mqtt::string_pair& each : explained.user_properties) {
            fields.properties.add(mqtt::user_property(each.name, each.value));
          }
        }
      },
      packet);
  return packet;
}

template <class Acknowledgement>
void send_acknowledgement_as(broker_state& broker, connection& to, std::uint16_t packet_identifier,
                             mqtt::reason_code reason, const problem& explained) {
  Acknowledgement packet;
  packet.packet_identifier = packet_identifier;
  packet.reason_code = reason;
  send_explained(broker, to, packet, explained);
}

// Appends the packet whatever the client's Maximum Packet Size.
bool send_beyond_limit(broker_state& broker, connection& to, const mqtt::packet& packet) {
  const auto limit = std::exchange(to.maximum_packet_size, mqtt::packet_size_limit);
  const bool sent = send_packet(broker, to, packet);
  to.maximum_packet_size = limit;
  return sent;
}

}  // namespace

bool send_explained(broker_state& broker, connection& to, const mqtt::packet& packet,
                    const problem& explained) {
  if (may_explain(broker, to, mqtt::type_of(packet))) {
    if (broker.defects.strikes(defect::exceed_maximum_packet_size_with_user_properties)) {
      return send_beyond_limit(broker, to, with_properties(packet, explained, true));
    }
    if (broker.defects.strikes(defect::exceed_maximum_packet_size_with_reason_string)) {
      return send_beyond_limit(broker, to, with_properties(packet, explained, false));
    }
    if (send_packet(broker, to, with_properties(packet, explained, true))) return true;
    if (send_packet(broker, to, with_properties(packet, explained, false))) return true;
  }
  return send_packet(broker, to, packet);
}

void send_negative_acknowledgement(broker_state& broker, connection& to, mqtt::packet_type type,
                                   std::uint16_t packet_identifier, mqtt::reason_code reason,
                                   const problem& explained) {
  if (!may_explain(broker, to, type)) {
    send_acknowledgement(broker, to, type, packet_identifier, reason);
    return;
  }
  switch (type) {
    case mqtt::packet_type::puback:
      send_acknowledgement_as<mqtt::puback>(broker, to, packet_identifier, reason, explained);
      break;
    case mqtt::packet_type::pubrec:
      send_acknowledgement_as<mqtt::pubrec>(broker, to, packet_identifier, reason, explained);
      break;
    case mqtt::packet_type::pubrel:
      send_acknowledgement_as<mqtt::pubrel>(broker, to, packet_identifier, reason, explained);
      break;
    default:
      send_acknowledgement_as<mqtt::pubcomp>(broker, to, packet_identifier, reason, explained);
      break;
  }
}

}  // namespace gauntlet::broker
