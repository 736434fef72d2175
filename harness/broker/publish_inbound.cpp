#include "harness/broker/publish_inbound.hpp"

#include <algorithm>

#include "harness/broker/access_control.hpp"
#include "harness/broker/altered_message.hpp"
#include "harness/broker/disconnect.hpp"
#include "harness/broker/output.hpp"
#include "harness/broker/payload_format.hpp"
#include "harness/broker/persistence.hpp"
#include "harness/broker/problem_information.hpp"
#include "harness/broker/publish_properties.hpp"
#include "harness/broker/routing.hpp"
#include "harness/broker/tolerated_input.hpp"
#include "harness/broker/topic_alias.hpp"
#include "harness/broker/wrong_acknowledgements.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::reason_code;

// What CONNACK said that a client may not do (§3.2.2.3). Success if the PUBLISH keeps to it.
reason_code check_capabilities(broker_state& broker, const connection& from,
                               const mqtt::publish_view& packet) {
  const capabilities& can = broker.options.capabilities;
  if (static_cast<std::uint8_t>(packet.qos) > can.maximum_qos &&
      !broker.defects.strikes(defect::accept_publish_above_maximum_qos)) {
    return reason_code::qos_not_supported;
  }
  if (packet.retain && !can.retain_available &&
      !broker.defects.strikes(defect::accept_retain_when_not_available)) {
    return reason_code::retain_not_supported;
  }
  // QoS 1 messages are acknowledged at once, so only those of QoS 2 can be outstanding
  // (§4.9). 3.1.1 has no such limit; its 65,535 identifiers are one.
  if (packet.qos == mqtt::qos::exactly_once && from.version == mqtt::protocol_version::v5 &&
      from.unreleased_qos2 >= can.receive_maximum &&
      !is_identifier_in_use(from, packet.packet_identifier) &&
      !broker.defects.strikes(defect::accept_publish_above_receive_maximum)) {
    return reason_code::receive_maximum_exceeded;
  }
  if (broker.defects.any()) return refuse_permitted_publish(broker, from, packet);
  return reason_code::success;
}

void answer(broker_state& broker, connection& from, mqtt::packet_type type,
            const mqtt::publish_view& packet, reason_code reason, std::string_view topic) {
  if (!mqtt::is_error(reason)) {
    send_acknowledgement(broker, from, type, packet.packet_identifier, reason);
    return;
  }
  // 3.1.1 acknowledges as usual what it does not permit [MQTT-3.3.5-2 of 3.1.1].
  send_negative_acknowledgement(
      broker, from, type, packet.packet_identifier, reason,
      {std::string(mqtt::reason_code_name(reason)), {{"topic", std::string(topic)}}});
}

void acknowledge(broker_state& broker, connection& from, const mqtt::publish_view& packet,
                 reason_code reason, std::string_view topic) {
  if (broker.defects.any() && acknowledge_wrongly(broker, from, packet, reason)) return;
  if (packet.qos == mqtt::qos::at_least_once) {
    answer(broker, from, mqtt::packet_type::puback, packet, reason, topic);
  } else if (packet.qos == mqtt::qos::exactly_once) {
    answer(broker, from, mqtt::packet_type::pubrec, packet, reason, topic);
  }
}

// Topics that begin with "$" are the broker's own; clients do not exchange messages on them
// (§4.7.2).
bool may_publish_to(broker_state& broker, std::string_view topic) {
  return !topic.starts_with('$') || broker.defects.strikes(defect::accept_publish_to_dollar_topic);
}

// Whether the PUBLISH brings a message that was taken over already [MQTT-4.3.3-10].
bool is_repeated(broker_state& broker, const connection& from, const mqtt::publish_view& packet) {
  if (broker.defects.any()) {
    if (const auto wrong = judge_repetition_wrongly(broker, from, packet)) return *wrong;
  }
  return packet.qos == mqtt::qos::exactly_once &&
         is_identifier_in_use(from, packet.packet_identifier);
}

bool exceeds_rate(const broker_state& broker, connection& from) {
  const std::uint32_t limit = broker.options.limits.messages_per_second_max;
  return limit != 0 && !from.publish_rate.admits(broker.now, limit);
}

// Delivers a new message and answers with what the acknowledgement says.
reason_code take_over(broker_state& broker, connection& from, std::uint16_t packet_identifier,
                      const message_view& view, bool payload_is_text) {
  if (view.qos == mqtt::qos::at_least_once && from.version == mqtt::protocol_version::v5 &&
      is_identifier_in_use(from, packet_identifier)) {
    return reason_code::packet_identifier_in_use;
  }
  if (!may_publish_to(broker, view.topic) || !may_publish(*from.bound, view.topic)) {
    return reason_code::not_authorized;
  }
  if (payload_is_text && broker.options.check_payload_format && !is_utf8_payload(view.payload)) {
    return reason_code::payload_format_invalid;
  }
  ++broker.statistics.messages_received[static_cast<std::size_t>(view.qos)];
  if (view.payload.empty() && broker.defects.strikes(defect::lose_empty_message)) {
    return reason_code::success;
  }
  lazy_message message(view);
  const std::size_t receivers = publish_message(broker, message, from.bound);
  return receivers == 0 ? reason_code::no_matching_subscribers : reason_code::success;
}

// Keeps the identifier of a QoS 2 message until PUBREL. After a PUBREC with an error it is free
// again [MQTT-4.3.3-9].
void remember_qos2(broker_state& broker, connection& from, const mqtt::publish_view& packet,
                   reason_code reason) {
  if (mqtt::is_error(reason) && from.version == mqtt::protocol_version::v5 &&
      !broker.defects.strikes(defect::keep_identifier_after_refusing_pubrec)) {
    return;
  }
  from.bound->inbound_qos2.push_back(packet.packet_identifier);
  ++from.unreleased_qos2;
  persist_inbound_qos2(broker, *from.bound, packet.packet_identifier);
}

void handle_undecodable(broker_state& broker, connection& from, byte_view packet,
                        const mqtt::decode_error& error) {
  if (const auto instead = tolerate(broker, from, packet, error)) {
    if (!instead->empty()) handle_publish(broker, from, *instead);
    return;
  }
  refuse(broker, from, error.reason_code, mqtt::describe(error));
}

}  // namespace

bool is_identifier_in_use(const connection& from, std::uint16_t packet_identifier) {
  const auto& known = from.bound->inbound_qos2;
  return std::find(known.begin(), known.end(), packet_identifier) != known.end();
}

void handle_publish(broker_state& broker, connection& from, byte_view packet) {
  const auto decoded = mqtt::decode_publish(packet, from.version, mqtt::sender::client);
  if (!decoded.has_value()) {
    handle_undecodable(broker, from, packet, decoded.error());
    return;
  }
  if (exceeds_rate(broker, from)) {
    refuse(broker, from, reason_code::message_rate_too_high, "too many messages a second");
    return;
  }
  if (const auto reason = check_capabilities(broker, from, *decoded);
      reason != reason_code::success) {
    refuse(broker, from, reason, "PUBLISH beyond what CONNACK allows");
    return;
  }
  const publish_properties properties =
      sort_properties(decoded->properties, broker.routing_scratch.forwarded);
  const resolved_topic topic =
      resolve_topic(broker, from, decoded->topic_name, properties.topic_alias);
  if (topic.error != reason_code::success) {
    if (broker.defects.strikes(defect::ignore_unknown_topic_alias)) return;
    refuse(broker, from, topic.error, "PUBLISH without a valid topic or alias");
    return;
  }
  if (is_repeated(broker, from, *decoded)) {
    if (broker.defects.strikes(defect::omit_pubrec_for_repeated_publish)) return;
    // The same message again: answered, not delivered again [MQTT-4.3.3-10].
    acknowledge(broker, from, *decoded, reason_code::success, topic.name);
    return;
  }
  message_view message;
  message.topic = topic.name;
  message.payload = decoded->payload;
  message.properties = properties.passed_on;
  message.qos = decoded->qos;
  message.retain = decoded->retain;
  message.message_expiry_interval = properties.message_expiry_interval;
  message.received_at = broker.now;
  if (broker.defects.any()) alter_message(broker, message, *decoded, properties.topic_alias);
  const reason_code reason =
      take_over(broker, from, decoded->packet_identifier, message, properties.payload_is_text);
  if (reason == reason_code::payload_format_invalid && decoded->qos == mqtt::qos::at_most_once) {
    refuse(broker, from, reason, "payload is not the UTF-8 that it is declared as");
    return;
  }
  if (mqtt::is_error(reason) && broker.defects.strikes(defect::ignore_publish_not_permitted)) {
    return;
  }
  const bool breaks_off = properties.message_expiry_interval &&
                          broker.defects.strikes(defect::break_off_qos2_message_with_expiry);
  if (decoded->qos == mqtt::qos::exactly_once && !breaks_off) {
    remember_qos2(broker, from, *decoded, reason);
  }
  acknowledge(broker, from, *decoded, reason, message.topic);
}

void handle_pubrel(broker_state& broker, connection& from, std::uint16_t packet_identifier) {
  auto& known = from.bound->inbound_qos2;
  const auto found = std::find(known.begin(), known.end(), packet_identifier);
  const bool is_known = found != known.end();
  const auto reason = is_known ? reason_code::success : reason_code::packet_identifier_not_found;
  if (is_known && !broker.defects.strikes(defect::keep_identifier_after_pubrel)) {
    known.erase(found);
    forget_inbound_qos2(broker, *from.bound, packet_identifier);
  }
  if (from.unreleased_qos2 > 0) --from.unreleased_qos2;
  if (broker.defects.any() && answer_pubrel_wrongly(broker, from, packet_identifier, is_known)) {
    return;
  }
  if (mqtt::is_error(reason)) {
    send_negative_acknowledgement(broker, from, mqtt::packet_type::pubcomp, packet_identifier,
                                  reason, {"no PUBLISH with this Packet Identifier waits", {}});
  } else {
    send_acknowledgement(broker, from, mqtt::packet_type::pubcomp, packet_identifier, reason);
  }
}

}  // namespace gauntlet::broker
