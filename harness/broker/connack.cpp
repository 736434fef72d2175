#include "harness/broker/connack.hpp"

#include "harness/broker/output.hpp"

namespace gauntlet::broker {
namespace {

// Only what differs from the value that the client assumes without the property (§3.2.2.3).
mqtt::property_list properties_for(broker_state& broker, const connection& to,
                                   const mqtt::connect& answered) {
  const capabilities& can = broker.options.capabilities;
  mqtt::property_list properties;
  const auto asked_expiry =
      answered.properties.find<mqtt::property_id::session_expiry_interval>().value_or(0);
  if (to.session_expiry_at_connect_s != asked_expiry) {
    properties.add(mqtt::session_expiry_interval(to.session_expiry_at_connect_s));
  }
  if (can.receive_maximum != 65'535) properties.add(mqtt::receive_maximum(can.receive_maximum));
  if (can.maximum_qos < 2) properties.add(mqtt::maximum_qos(can.maximum_qos));
  if (!can.retain_available) properties.add(mqtt::retain_available(0));
  properties.add(mqtt::maximum_packet_size(can.maximum_packet_size));
  if (answered.client_id.empty() &&
      !broker.defects.strikes(defect::omit_assigned_client_identifier)) {
    properties.add(mqtt::assigned_client_identifier(to.bound->client_id));
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
  if (to.keep_alive_s != answered.keep_alive_s) {
    properties.add(mqtt::server_keep_alive(to.keep_alive_s));
  }
  return properties;
}

}  // namespace

bool send_connack(broker_state& broker, connection& to, const mqtt::connect& answered,
                  bool session_present) {
  mqtt::connack packet;
  packet.session_present = session_present && !broker.defects.strikes(defect::deny_session_present);
  if (to.version == mqtt::protocol_version::v5) {
    packet.properties = properties_for(broker, to, answered);
  }
  return send_packet(broker, to, packet);
}

void send_refusing_connack(broker_state& broker, connection& to, mqtt::reason_code reason) {
  if (to.version == mqtt::protocol_version::v3_1_1 && !mqtt::connect_return_code_of(reason)) return;
  send_packet(broker, to, mqtt::connack{.reason_code = reason});
}

}  // namespace gauntlet::broker
