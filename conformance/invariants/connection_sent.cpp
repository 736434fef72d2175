// What a connection's story keeps of the packets that the client sends.

#include "conformance/invariants/connection_story.hpp"

namespace gauntlet::conformance {

void connection_story::sent(const mqtt::connect& packet) {
  if (!connect) connect = packet;
  if (packet.will) test.published.add_will(*packet.will);
  authenticating = packet.properties.contains(mqtt::property_id::authentication_method);
}

void connection_story::sent(const mqtt::publish& packet) {
  mqtt::publish resolved = packet;
  if (const auto alias = packet.properties.find<mqtt::property_id::topic_alias>()) {
    if (packet.topic_name.empty()) {
      resolved.topic_name = aliases_out[*alias];
    } else {
      aliases_out[*alias] = packet.topic_name;
    }
  }
  if (packet.qos == mqtt::qos::at_least_once) ++awaits_puback[packet.packet_identifier];
  if (packet.qos == mqtt::qos::exactly_once) ++awaits_pubrec[packet.packet_identifier];
  test.published.add({.packet = std::move(resolved),
                      .version = version,
                      .client_id = connect ? connect->client_id : std::string(),
                      .connection = serial,
                      .sent_at = test.events});
}

void connection_story::sent(const mqtt::puback& packet) {
  unacknowledged.erase(packet.packet_identifier);
  if (session) session->in_flight.erase(packet.packet_identifier);
}

void connection_story::sent(const mqtt::pubrec& packet) {
  const std::uint16_t identifier = packet.packet_identifier;
  if (mqtt::is_error(packet.reason_code)) {
    unacknowledged.erase(identifier);
    if (session) session->in_flight.erase(identifier);
    return;
  }
  awaits_pubrel.push_back(identifier);
  if (!session) return;
  session->received.insert(identifier);
  const auto found = session->in_flight.find(identifier);
  if (found != session->in_flight.end()) found->second.pubrec_sent = true;
}

void connection_story::sent(const mqtt::pubrel& packet) {
  ++awaits_pubcomp[packet.packet_identifier];
}

void connection_story::sent(const mqtt::pubcomp& packet) {
  unacknowledged.erase(packet.packet_identifier);
  pubrels.erase(packet.packet_identifier);
  if (session) session->in_flight.erase(packet.packet_identifier);
}

void connection_story::sent(const mqtt::subscribe& packet) {
  awaits_suback[packet.packet_identifier] = packet;
  if (!session) return;
  const auto identifier =
      packet.properties.find<mqtt::property_id::subscription_identifier>().value_or(0);
  for (const mqtt::subscription& each : packet.subscriptions) {
    session->subscriptions.push_back({.topic_filter = each.topic_filter,
                                      .options = each.options,
                                      .identifier = identifier,
                                      .packet_identifier = packet.packet_identifier,
                                      .asked_at = test.events,
                                      .granted = each.options.maximum_qos});
  }
}

void connection_story::sent(const mqtt::unsubscribe& packet) {
  awaits_unsuback[packet.packet_identifier] = packet;
}

void connection_story::sent(const mqtt::pingreq&) {
  ++pings;
  pubrecs_before_ping.insert(awaits_pubrel.begin(), awaits_pubrel.end());
}

void connection_story::sent(const mqtt::disconnect&) { disconnect_sent = true; }

void connection_story::sent(const mqtt::auth&) { authenticating = true; }

}  // namespace gauntlet::conformance
