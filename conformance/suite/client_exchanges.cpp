// The exchanges of a client: how a test gets the broker to where it begins.

#include <utility>

#include "conformance/suite/client.hpp"
#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {
namespace {

std::string for_packet(std::string_view name, std::uint16_t packet_identifier) {
  return std::string(name) + " for packet " + std::to_string(packet_identifier);
}

template <class T>
auto with_identifier(std::uint16_t packet_identifier) {
  return [packet_identifier](const T& packet) {
    return packet.packet_identifier == packet_identifier;
  };
}

template <class T>
bool is_positive(const T& packet) {
  return !mqtt::is_error(packet.reason_code);
}

template <class T>
bool are_all_positive(const T& packet) {
  for (const mqtt::reason_code code : packet.reason_codes) {
    if (mqtt::is_error(code)) return false;
  }
  return true;
}

}  // namespace

mqtt::connect client::prepared(mqtt::connect packet) const {
  packet.protocol_version = version_;
  return with_login(test_.where(), std::move(packet));
}

void client::send_connect(mqtt::connect packet) {
  packet = prepared(std::move(packet));
  const bool lasts = version_ == mqtt::protocol_version::v5
                         ? packet.properties.contains(mqtt::property_id::session_expiry_interval)
                         : !packet.clean_start;
  if (lasts && !packet.client_id.empty()) test_.will_clear_session(packet.client_id);
  if (packet.will && packet.will->retain) test_.will_clear_retained(packet.will->topic_name);
  send(packet);
}

mqtt::connack client::connect(mqtt::connect packet) {
  send_connect(std::move(packet));
  return take_connack();
}

mqtt::connack client::take_connack() {
  return await_as<mqtt::connack>(stake::setup, "CONNACK with success", {},
                                 is_positive<mqtt::connack>);
}

void client::subscribe(std::string filter, mqtt::qos maximum_qos,
                       mqtt::subscription_options options) {
  options.maximum_qos = maximum_qos;
  subscribe(mqtt::subscribe{.subscriptions = {{std::move(filter), options}}});
}

void client::subscribe(mqtt::subscribe packet) {
  if (packet.packet_identifier == 0) packet.packet_identifier = next_packet_identifier();
  const std::uint16_t identifier = packet.packet_identifier;
  send(packet);
  await_as<mqtt::suback>(stake::setup, "SUBACK that grants the subscription",
                         with_identifier<mqtt::suback>(identifier), are_all_positive<mqtt::suback>);
}

void client::unsubscribe(std::string filter) {
  const std::uint16_t identifier = next_packet_identifier();
  send(mqtt::unsubscribe{.packet_identifier = identifier, .topic_filters = {std::move(filter)}});
  await_as<mqtt::unsuback>(stake::setup, "UNSUBACK", with_identifier<mqtt::unsuback>(identifier),
                           are_all_positive<mqtt::unsuback>);
}

void client::publish(std::string topic, std::string_view payload, mqtt::qos qos, bool retain) {
  const byte_view bytes = as_bytes(payload);
  publish(mqtt::publish{.qos = qos,
                        .retain = retain,
                        .topic_name = std::move(topic),
                        .payload = {bytes.begin(), bytes.end()}});
}

void client::publish(mqtt::publish packet) {
  if (packet.retain && !packet.payload.empty()) test_.will_clear_retained(packet.topic_name);
  if (packet.qos == mqtt::qos::at_most_once) return send(packet);
  if (packet.packet_identifier == 0) packet.packet_identifier = next_packet_identifier();
  const std::uint16_t identifier = packet.packet_identifier;
  send(packet);
  if (packet.qos == mqtt::qos::at_least_once) {
    await_as<mqtt::puback>(stake::setup, "PUBACK without an error",
                           with_identifier<mqtt::puback>(identifier), is_positive<mqtt::puback>);
    return;
  }
  await_as<mqtt::pubrec>(stake::setup, "PUBREC without an error",
                         with_identifier<mqtt::pubrec>(identifier), is_positive<mqtt::pubrec>);
  send(mqtt::pubrel{.packet_identifier = identifier});
  await_as<mqtt::pubcomp>(stake::setup, "PUBCOMP", with_identifier<mqtt::pubcomp>(identifier));
}

void client::publish_unreleased(const mqtt::publish& packet) {
  send(packet);
  await_as<mqtt::pubrec>(stake::setup, "PUBREC without an error",
                         with_identifier<mqtt::pubrec>(packet.packet_identifier),
                         is_positive<mqtt::pubrec>);
}

void client::ping() { ping_within(stake::setup, "PINGRESP"); }

void client::ping_within(stake at, std::string_view expected) {
  send(mqtt::pingreq{});
  await_as<mqtt::pingresp>(at, expected, {});
}

mqtt::publish client::take(std::string_view payload) {
  return await_as<mqtt::publish>(
      stake::setup, "PUBLISH with payload \"" + std::string(payload) + "\"",
      [payload](const mqtt::publish& packet) { return as_text(packet.payload) == payload; });
}

mqtt::publish client::take_up_to_pubrel(std::string_view payload) {
  auto taken = take(payload);
  const std::uint16_t identifier = taken.packet_identifier;
  send(mqtt::pubrec{.packet_identifier = identifier});
  await_as<mqtt::pubrel>(stake::setup, for_packet("PUBREL", identifier),
                         with_identifier<mqtt::pubrel>(identifier));
  return taken;
}

mqtt::publish client::receive(std::string_view payload) {
  auto received = take(payload);
  complete_delivery(stake::setup, received);
  return received;
}

void client::complete_delivery(stake at, const mqtt::publish& received) {
  const std::uint16_t identifier = received.packet_identifier;
  if (settled_.erase(identifier) != 0) return;
  if (received.qos == mqtt::qos::at_least_once) {
    send(mqtt::puback{.packet_identifier = identifier});
  } else if (received.qos == mqtt::qos::exactly_once) {
    send(mqtt::pubrec{.packet_identifier = identifier});
    await_as<mqtt::pubrel>(at, for_packet("PUBREL", identifier),
                           with_identifier<mqtt::pubrel>(identifier));
    send(mqtt::pubcomp{.packet_identifier = identifier});
  }
}

void client::disconnect(const mqtt::disconnect& packet) {
  if (!peer_) return;
  send(is_v5() ? packet : mqtt::disconnect{});
  peer_->close();
}

}  // namespace gauntlet::conformance
