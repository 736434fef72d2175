#include "conformance/cases/support/raw_connect.hpp"

namespace gauntlet::conformance {

using mqtt::protocol_version;
using mqtt::raw_fields;

byte_buffer raw_connect::bytes() const {
  raw_fields body;
  body.utf8_string(protocol_name).byte(protocol_level).byte(flags);
  body.two_byte_integer(0);  // Keep Alive
  if (version == protocol_version::v5) body.properties(properties, property_length);
  for (const raw_fields* each : {&client_id, &will, &user_name, &password, &surplus}) {
    body.append(*each);
  }
  return mqtt::raw_packet{.first_byte = first_byte, .body = std::move(body)}.bytes();
}

raw_connect right_connect(const context& test, const client& from) {
  raw_connect packet;
  packet.version = from.version();
  packet.protocol_level = static_cast<std::uint8_t>(from.version());
  packet.client_id.utf8_string(test.client_id(from.name()));
  const mqtt::connect with_login = from.prepared({});
  if (with_login.user_name) {
    packet.flags |= 0x80U;
    packet.user_name.utf8_string(*with_login.user_name);
  }
  if (with_login.password) {
    packet.flags |= 0x40U;
    packet.password.binary_data(*with_login.password);
  }
  return packet;
}

void give_will(raw_connect& packet, std::string_view topic, const raw_fields& properties,
               std::string_view payload) {
  packet.flags |= 0x04U;
  packet.will = {};
  if (packet.version == protocol_version::v5) packet.will.properties(properties);
  packet.will.utf8_string(topic).utf8_string(payload);
}

void expect_connect_refused(context& test, const connect_change& right, const connect_change& wrong,
                            const refusal& manner) {
  const auto send = [&](client& from, bool is_wrong) {
    raw_connect packet = right_connect(test, from);
    if (right) right(test, packet);
    if (is_wrong) wrong(test, packet);
    from.send_bytes(packet.bytes());
  };
  expect_refused(test, {.control =
                            [&](client& c) {
                              send(c, false);
                              c.take_connack();
                            },
                        .commit = [&](client& c) { send(c, true); },
                        .manner = manner,
                        .stage = breach_stage::opened});
}

test_case refused_connect(test_case of, refusal manner, connect_change wrong,
                          connect_change right) {
  of.body = [=](context& test) { expect_connect_refused(test, right, wrong, manner); };
  return of;
}

}  // namespace gauntlet::conformance
