#pragma once

// What stories about defects have in common: packets with the fields that matter, sessions that
// last, and all that was delivered in one string.

#include <string>
#include <string_view>
#include <utility>

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker::stories {

/// A CONNECT whose session outlives its connection by `expiry_s` seconds.
inline mqtt::connect lasting(mqtt::protocol_version version, std::uint32_t expiry_s = 1000) {
  mqtt::connect packet{.clean_start = false};
  if (version == v5) packet.properties.add(mqtt::session_expiry_interval(expiry_s));
  return packet;
}

/// A PUBLISH as a client sends it.
inline mqtt::publish message(std::string topic, std::string_view payload, mqtt::qos qos = qos0,
                             std::uint16_t identifier = 0, bool dup = false) {
  mqtt::publish packet{.dup = dup, .qos = qos, .topic_name = std::move(topic)};
  packet.packet_identifier = identifier;
  packet.payload.assign(payload.begin(), payload.end());
  return packet;
}

/// The same with properties, at QoS 0.
inline mqtt::publish message_with(mqtt::property_list properties, std::string topic = "t",
                                  std::string_view payload = "x") {
  mqtt::publish packet = message(std::move(topic), payload);
  packet.properties = std::move(properties);
  return packet;
}

/// A reason code where the version has them, else success.
inline mqtt::reason_code code(mqtt::protocol_version version, mqtt::reason_code in_v5) {
  return version == v5 ? in_v5 : mqtt::reason_code::success;
}

/// The payloads of what was delivered, each followed by a blank; nothing is acknowledged.
inline std::string delivered(peer& to) {
  std::string payloads;
  to.send(mqtt::pingreq{});
  for (;;) {
    const mqtt::packet next = to.expect();
    const auto* const came = std::get_if<mqtt::publish>(&next);
    if (came == nullptr) return payloads;
    payloads += std::string(as_text(came->payload)) + " ";
  }
}

/// The same with the Topic Names.
inline std::string delivered_topics(peer& to) {
  std::string topics;
  to.send(mqtt::pingreq{});
  for (;;) {
    const mqtt::packet next = to.expect();
    const auto* const came = std::get_if<mqtt::publish>(&next);
    if (came == nullptr) return topics;
    topics += came->topic_name + " ";
  }
}

/// Drops the connection and connects again to the same session.
inline peer& reconnected(bench& broker, peer& before, std::string client_id) {
  if (!before.closed()) before.drop();
  return broker.connected(std::move(client_id), before.version(), lasting(before.version()));
}

}  // namespace gauntlet::broker::stories
