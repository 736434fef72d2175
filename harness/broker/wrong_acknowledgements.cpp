#include "harness/broker/wrong_acknowledgements.hpp"

#include <algorithm>

#include "harness/broker/another_identifier.hpp"
#include "harness/broker/disconnect.hpp"
#include "harness/broker/output.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::packet_type;
using mqtt::reason_code;

bool holds(const session& of, std::uint16_t packet_identifier) {
  return std::ranges::find(of.inbound_qos2, packet_identifier) != of.inbound_qos2.end();
}

bool acknowledge_qos1_wrongly(broker_state& broker, connection& from, std::uint16_t identifier,
                              reason_code reason) {
  defect_set& defects = broker.defects;
  if (defects.strikes(defect::omit_puback)) return true;
  if (reason == reason_code::no_matching_subscribers &&
      defects.strikes(defect::omit_puback_without_subscribers)) {
    return true;
  }
  if (defects.strikes(defect::send_puback_with_wrong_identifier)) {
    send_acknowledgement(broker, from, packet_type::puback, another_identifier(identifier), reason);
    return true;
  }
  if (defects.strikes(defect::answer_qos1_with_pubrec)) {
    send_acknowledgement(broker, from, packet_type::pubrec, identifier, reason);
    return true;
  }
  if (defects.strikes(defect::send_puback_twice)) {
    send_acknowledgement(broker, from, packet_type::puback, identifier, reason);
  }
  return false;
}

bool acknowledge_qos2_wrongly(broker_state& broker, connection& from, std::uint16_t identifier,
                              reason_code reason) {
  defect_set& defects = broker.defects;
  if (defects.strikes(defect::omit_pubrec)) return true;
  if (defects.strikes(defect::send_pubrec_with_wrong_identifier)) {
    send_acknowledgement(broker, from, packet_type::pubrec, another_identifier(identifier), reason);
    return true;
  }
  if (defects.strikes(defect::answer_qos2_with_puback)) {
    send_acknowledgement(broker, from, packet_type::puback, identifier, reason);
    return true;
  }
  return false;
}

}  // namespace

bool acknowledge_wrongly(broker_state& broker, connection& from, const mqtt::publish_view& packet,
                         reason_code reason) {
  switch (packet.qos) {
    case mqtt::qos::at_most_once:
      if (broker.defects.strikes(defect::acknowledge_qos0)) {
        send_acknowledgement(broker, from, packet_type::puback, 1, reason);
      }
      return true;
    case mqtt::qos::at_least_once:
      return acknowledge_qos1_wrongly(broker, from, packet.packet_identifier, reason);
    case mqtt::qos::exactly_once:
      return acknowledge_qos2_wrongly(broker, from, packet.packet_identifier, reason);
  }
  return false;
}

bool answer_pubrel_wrongly(broker_state& broker, connection& from, std::uint16_t packet_identifier,
                           bool known) {
  defect_set& defects = broker.defects;
  if (defects.strikes(defect::omit_pubcomp)) return true;
  if (!known && defects.strikes(defect::ignore_unknown_pubrel)) return true;
  if (!known && defects.strikes(defect::close_at_unknown_pubrel)) {
    refuse(broker, from, reason_code::protocol_error, "PUBREL for no message");
    return true;
  }
  if (defects.strikes(defect::send_pubcomp_with_wrong_identifier)) {
    send_acknowledgement(broker, from, packet_type::pubcomp, another_identifier(packet_identifier));
    return true;
  }
  if (defects.strikes(defect::answer_pubrel_with_puback)) {
    send_acknowledgement(broker, from, packet_type::puback, packet_identifier);
    return true;
  }
  if (!known && defects.strikes(defect::answer_unknown_pubrel_with_success)) {
    send_acknowledgement(broker, from, packet_type::pubcomp, packet_identifier);
    return true;
  }
  return false;
}

std::optional<bool> judge_repetition_wrongly(broker_state& broker, const connection& from,
                                             const mqtt::publish_view& packet) {
  defect_set& defects = broker.defects;
  const std::uint16_t identifier = packet.packet_identifier;
  if (packet.qos == mqtt::qos::at_least_once) {
    if (packet.dup && defects.strikes(defect::drop_qos1_message_with_dup)) return true;
    return std::nullopt;
  }
  if (packet.qos != mqtt::qos::exactly_once) return std::nullopt;
  if (packet.dup && defects.strikes(defect::drop_qos2_message_with_dup)) return true;
  if (holds(*from.bound, identifier)) {
    if (!defects.strikes(defect::deliver_repeated_qos2_message)) return std::nullopt;
    std::erase(from.bound->inbound_qos2, identifier);
    return false;
  }
  bool held_elsewhere = false;
  broker.sessions.visit(
      [&](const session& each) { held_elsewhere = held_elsewhere || holds(each, identifier); });
  if (held_elsewhere && defects.strikes(defect::share_identifiers_between_clients)) return true;
  return std::nullopt;
}

reason_code refuse_permitted_publish(broker_state& broker, const connection& from,
                                     const mqtt::publish_view& packet) {
  defect_set& defects = broker.defects;
  const session& sender = *from.bound;
  const auto& out = sender.outbound.in_flight;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (packet.qos != mqtt::qos::at_most_once &&
        out[i].packet_identifier == packet.packet_identifier &&
        defects.strikes(defect::share_identifiers_between_directions)) {
      return reason_code::protocol_error;
    }
  }
  if (packet.qos != mqtt::qos::exactly_once || holds(sender, packet.packet_identifier)) {
    return reason_code::success;
  }
  if (!sender.inbound_qos2.empty() &&
      defects.strikes(defect::close_at_second_unacknowledged_publish)) {
    return reason_code::receive_maximum_exceeded;
  }
  if (from.unreleased_qos2 + 1U >= broker.options.capabilities.receive_maximum &&
      defects.strikes(defect::close_at_receive_maximum)) {
    return reason_code::receive_maximum_exceeded;
  }
  return reason_code::success;
}

}  // namespace gauntlet::broker
