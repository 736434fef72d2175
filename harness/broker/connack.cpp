#include "harness/broker/connack.hpp"

#include "harness/broker/output.hpp"
#include "harness/broker/redirection.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::broker {
namespace {

// Only if the client asked for it [MQTT-3.1.2-28]. A Client Identifier with wildcard characters
// cannot be part of a Topic Name.
void add_response_information(broker_state& broker, const connection& to,
                              const mqtt::connect& answered, mqtt::property_list& properties) {
  const std::string& prefix = broker.options.capabilities.response_information_prefix;
  const auto asked =
      answered.properties.find<mqtt::property_id::request_response_information>().value_or(0);
  if (asked == 0 && broker.defects.strikes(defect::send_unrequested_response_information)) {
    properties.add(mqtt::response_information("gauntlet/" + to.bound->client_id));
  }
  if (prefix.empty() || asked == 0 || mqtt::has_wildcard(to.bound->client_id)) return;
  properties.add(mqtt::response_information(prefix + "/" + to.bound->client_id));
}

// The method of CONNECT, and the server's own proof [MQTT-4.12.0-5].
void add_authentication(const enhanced_authentication& of, mqtt::property_list& properties) {
  const byte_view data = as_bytes(of.server_final);
  properties.add(mqtt::authentication_method(std::string(auth::scram_mechanism)));
  properties.add(mqtt::authentication_data(byte_buffer(data.begin(), data.end())));
}

// Only what differs from the value that the client assumes without the property (§3.2.2.3).
mqtt::property_list properties_for(broker_state& broker, const connection& to,
                                   const mqtt::connect& answered) {
  const capabilities& can = broker.options.capabilities;
  mqtt::property_list properties;
  const auto asked_expiry =
      answered.properties.find<mqtt::property_id::session_expiry_interval>().value_or(0);
  if (to.session_expiry_at_connect_s != asked_expiry &&
      !broker.defects.strikes(defect::omit_session_expiry_interval)) {
    properties.add(mqtt::session_expiry_interval(to.session_expiry_at_connect_s));
  }
  if (can.receive_maximum != 65'535) properties.add(mqtt::receive_maximum(can.receive_maximum));
  if (can.maximum_qos < 2 && !broker.defects.strikes(defect::omit_maximum_qos)) {
    properties.add(mqtt::maximum_qos(can.maximum_qos));
  }
  if (!can.retain_available) properties.add(mqtt::retain_available(0));
  properties.add(mqtt::maximum_packet_size(can.maximum_packet_size));
  if (answered.client_id.empty() &&
      !broker.defects.strikes(defect::omit_assigned_client_identifier)) {
    const bool other = broker.defects.strikes(defect::send_other_assigned_client_identifier);
    properties.add(mqtt::assigned_client_identifier(to.bound->client_id + (other ? "x" : "")));
  }
  if (can.topic_alias_maximum != 0) {
    properties.add(mqtt::topic_alias_maximum(can.topic_alias_maximum));
  }
  if (!can.wildcard_subscription_available) {
    properties.add(mqtt::wildcard_subscription_available(0));
  }
  if (!can.subscription_identifier_available) {
    properties.add(mqtt::subscription_identifier_available(0));
  }
  if (!can.shared_subscription_available) properties.add(mqtt::shared_subscription_available(0));
  if (to.keep_alive_s != answered.keep_alive_s &&
      !broker.defects.strikes(defect::omit_server_keep_alive)) {
    properties.add(mqtt::server_keep_alive(to.keep_alive_s));
  }
  add_response_information(broker, to, answered, properties);
  if (to.authentication != nullptr &&
      !broker.defects.strikes(defect::omit_authentication_method_in_connack)) {
    add_authentication(*to.authentication, properties);
  }
  return properties;
}

}  // namespace

bool send_connack(broker_state& broker, connection& to, const mqtt::connect& answered,
                  bool session_present) {
  if (to.connack_sent || broker.defects.strikes(defect::omit_connack)) return true;
  mqtt::connack packet;
  packet.session_present = session_present ? !broker.defects.strikes(defect::deny_session_present)
                                           : broker.defects.strikes(defect::claim_session_present);
  if (to.version == mqtt::protocol_version::v5) {
    packet.properties = properties_for(broker, to, answered);
  }
  return send_packet(broker, to, packet);
}

void send_refusing_connack(broker_state& broker, connection& to, mqtt::reason_code reason,
                           const problem& explained) {
  const bool v3 = to.version == mqtt::protocol_version::v3_1_1;
  if (v3 && broker.defects.strikes(defect::omit_refusing_connack)) return;
  if (v3 && broker.defects.strikes(defect::send_other_return_code)) {
    reason = mqtt::reason_code::server_unavailable;
  }
  if (v3 && !mqtt::connect_return_code_of(reason)) {
    // 3.1.1 closes without a word [MQTT-3.2.2-6 of 3.1.1].
    if (!broker.defects.strikes(defect::send_connack_to_malformed_connect)) return;
    reason = mqtt::reason_code::server_unavailable;
  }
  mqtt::connack packet{.reason_code = reason};
  add_server_reference(broker, reason, packet.properties);
  send_explained(broker, to, packet, explained);
}

}  // namespace gauntlet::broker
