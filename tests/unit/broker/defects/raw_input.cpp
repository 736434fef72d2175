#include "tests/unit/broker/defects/raw_input.hpp"

namespace gauntlet::broker {

using mqtt::protocol_version;

byte_buffer raw_connect::bytes(protocol_version of) const {
  raw_fields fields;
  fields.utf8_string(name).byte(version.value_or(static_cast<std::uint8_t>(of)));
  fields.byte(flags).two_byte_integer(0);  // Keep Alive
  if (of == v5) fields.properties(properties);
  return raw({.first_byte = first_byte, .body = fields.append(payload)});
}

raw_fields text(std::string_view value) { return raw_fields().utf8_string(value); }

raw_fields no_properties(protocol_version version) {
  return version == v5 ? raw_fields().byte(0) : raw_fields();
}

raw_fields will_fields(protocol_version version, std::string_view topic) {
  return no_will_fields(version).utf8_string(topic).utf8_string("payload");
}

raw_fields will_with(const mqtt::property_list& properties) {
  return text("a").properties(properties).utf8_string("w").utf8_string("payload");
}

raw_fields no_will_fields(protocol_version version) {
  return text("a").append(no_properties(version));
}

byte_buffer raw(const mqtt::raw_packet& packet) { return packet.bytes(); }

byte_buffer with_first_byte(std::uint8_t first_byte, byte_buffer packet) {
  packet[0] = first_byte;
  return packet;
}

namespace {

raw_fields properties_in(protocol_version version, const raw_fields& properties) {
  return version == v5 ? raw_fields().properties(properties) : raw_fields();
}

}  // namespace

byte_buffer raw_publish(protocol_version version, std::string_view topic,
                        const raw_fields& properties) {
  return raw({.first_byte = 0x30, .body = text(topic).append(properties_in(version, properties))});
}

byte_buffer raw_subscribe(protocol_version version, const raw_fields& subscriptions,
                          const raw_fields& properties, std::uint16_t packet_identifier) {
  return raw({.first_byte = 0x82,
              .body = raw_fields()
                          .two_byte_integer(packet_identifier)
                          .append(properties_in(version, properties))
                          .append(subscriptions)});
}

byte_buffer raw_unsubscribe(protocol_version version, const raw_fields& filters,
                            const raw_fields& properties, std::uint16_t packet_identifier) {
  return with_first_byte(0xA2, raw_subscribe(version, filters, properties, packet_identifier));
}

namespace {

raw_fields fields_of(const mqtt::property_list& properties) {
  raw_fields fields;
  for (const mqtt::property& each : properties) fields.property(each);
  return fields;
}

}  // namespace

byte_buffer publish_with(const mqtt::property_list& properties) {
  return raw_publish(v5, "t", fields_of(properties));
}

byte_buffer subscribe_with(const mqtt::property_list& properties) {
  return raw_subscribe(v5, text("t").byte(0), fields_of(properties));
}

byte_buffer unsubscribe_with(const mqtt::property_list& properties) {
  return raw_unsubscribe(v5, text("t"), fields_of(properties));
}

byte_buffer raw_acknowledgement(std::uint8_t first_byte, const mqtt::property_list& properties) {
  return raw({.first_byte = first_byte,
              .body = raw_fields().two_byte_integer(1).byte(0).properties(properties)});
}

byte_buffer raw_disconnect(const mqtt::property_list& properties) {
  return raw({.first_byte = 0xE0, .body = raw_fields().byte(0).properties(properties)});
}

byte_buffer raw_auth(std::uint8_t reason_code, const mqtt::property_list& properties) {
  return raw({.first_byte = 0xF0, .body = raw_fields().byte(reason_code).properties(properties)});
}

void refuses_first(defect_proofs& to, defect which, told_in versions, mqtt::reason_code reason,
                   const std::function<byte_buffer(protocol_version)>& packet) {
  to.push_back({which, versions, [=](bench& broker, protocol_version version) {
                  // 3.1.1 knows what to answer to few errors; the answer to a version that the
                  // broker does not speak is that of 3.1.1.
                  const bool answered = mqtt::connect_return_code_of(reason).has_value();
                  peer& a = broker.open(answered ? v3 : version);
                  a.send_raw(packet(version));
                  if (version == v5 || answered) a.expect(mqtt::connack{.reason_code = reason});
                  a.expect_closed();
                }});
}

void refuses_connect(defect_proofs& to, defect which, told_in versions, mqtt::reason_code reason,
                     const std::function<raw_connect(protocol_version)>& packet) {
  refuses_first(to, which, versions, reason,
                [packet](protocol_version version) { return packet(version).bytes(version); });
}

void refuses(defect_proofs& to, defect which, told_in versions, mqtt::reason_code reason,
             const std::function<byte_buffer(protocol_version)>& packet) {
  to.push_back({which, versions, [=](bench& broker, protocol_version version) {
                  peer& a = broker.connected("a", version);
                  a.send_raw(packet(version));
                  a.expect_refusal(reason);
                }});
}

}  // namespace gauntlet::broker
