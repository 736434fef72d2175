#include "conformance/cases/support/publish_errors.hpp"

namespace gauntlet::conformance {
namespace {

// The rest of the exchange that a raw QoS 2 message with Packet Identifier 1 began.
void complete(client& from) {
  from.expect<mqtt::pubrec>("PUBREC for packet 1");
  from.send(mqtt::pubrel{.packet_identifier = 1});
  from.expect<mqtt::pubcomp>("PUBCOMP for packet 1");
}

}  // namespace

void expect_publish_refused(context& test, const publish_maker& control,
                            const publish_maker& breach, const refusal& manner) {
  const std::string topic = test.topic("t");
  client& watcher = test.connected("watcher");
  watcher.subscribe(topic, mqtt::qos::at_least_once);
  expect_refused(test, {.control =
                            [&](client& c) {
                              const byte_buffer bytes = control(topic, "control");
                              c.send_bytes(bytes);
                              // A broker may deliver a QoS 2 message as late as its PUBREL.
                              if ((bytes.front() & 0x06U) == 0x04) complete(c);
                              watcher.receive("control");
                            },
                        .commit = [&](client& c) { c.send_bytes(breach(topic, "refused")); },
                        .manner = manner});
  test.connected("later").publish(topic, "later");
  watcher.expect<mqtt::publish>(
      "PUBLISH with payload \"later\", and not the one refused", {},
      [](const mqtt::publish& came) { return as_text(came.payload) == "later"; });
}

byte_buffer raw_publish(const context& test, std::string_view topic, std::string_view payload,
                        const mqtt::raw_fields& properties, std::uint8_t first_byte) {
  mqtt::raw_fields body;
  body.utf8_string(topic);
  if ((first_byte & 0x06U) != 0) body.two_byte_integer(1);
  if (test.is_v5()) body.properties(properties);
  return mqtt::raw_packet{.first_byte = first_byte, .body = body.append(payload)}.bytes();
}

mqtt::raw_fields fields_of(const mqtt::property_list& properties) {
  mqtt::raw_fields fields;
  for (const mqtt::property& each : properties) fields.property(each);
  return fields;
}

publish_maker carrying(const context& test, const mqtt::property_list& properties) {
  return [&test, fields = fields_of(properties)](std::string_view topic, std::string_view payload) {
    return raw_publish(test, topic, payload, fields);
  };
}

}  // namespace gauntlet::conformance
