#pragma once

// What tests of SCRAM-SHA-256 send and read: AUTH and CONNECT with the method and its data.

#include <string>
#include <string_view>

#include "harness/auth/scram.hpp"
#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker::scram_packets {

inline const std::string method(auth::scram_mechanism);

/// The properties of an AUTH or CONNECT; no data if `data` is empty.
inline mqtt::property_list with(std::string_view data, const std::string& named = method) {
  mqtt::property_list properties{mqtt::authentication_method(named)};
  const byte_view bytes = as_bytes(data);
  if (!data.empty()) properties.add(mqtt::authentication_data({bytes.begin(), bytes.end()}));
  return properties;
}

/// The Authentication Data of an AUTH or CONNACK; empty if there is none.
template <class Packet>
std::string data_of(const Packet& packet) {
  const auto data = packet.properties.template find<mqtt::property_id::authentication_data>();
  return data ? std::string(as_text(*data)) : std::string();
}

/// Its Authentication Method; empty if there is none.
template <class Packet>
std::string method_of(const Packet& packet) {
  return std::string(
      packet.properties.template find<mqtt::property_id::authentication_method>().value_or(""));
}

inline void send_auth(peer& from, mqtt::reason_code reason, const mqtt::property_list& properties) {
  from.send(mqtt::auth{.reason_code = reason, .properties = properties});
}

/// Answers the challenge that has come, as AUTH 0x18.
inline void answer(peer& from, auth::scram_client& client) {
  const auto challenge = from.expect<mqtt::auth>();
  EXPECT_EQ(challenge.reason_code, mqtt::reason_code::continue_authentication);
  EXPECT_EQ(method_of(challenge), method);
  const auto proof = client.respond(data_of(challenge));
  EXPECT_TRUE(proof.has_value()) << "the challenge cannot be answered";
  if (proof) send_auth(from, mqtt::reason_code::continue_authentication, with(*proof));
}

}  // namespace gauntlet::broker::scram_packets
