#include "conformance/cases/support/acknowledgements.hpp"

#include <fmt/format.h>

#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::reason_code;

// Whether the code refuses what a client asked for, and says nothing against the exchange.
bool is_policy(reason_code code) {
  switch (code) {
    case reason_code::unspecified_error:
    case reason_code::implementation_specific_error:
    case reason_code::not_authorized:
    case reason_code::topic_name_invalid:
    case reason_code::quota_exceeded:
    case reason_code::payload_format_invalid:
      return true;
    default:
      return false;
  }
}

template <class Acknowledgement>
Acknowledgement expect_for(std::string_view name, context& test, client& from,
                           std::uint16_t packet_identifier) {
  const auto came = from.expect<Acknowledgement>(
      fmt::format("{} for packet {}", name, packet_identifier), {},
      [packet_identifier](const Acknowledgement& packet) {
        const bool refuses = mqtt::is_error(packet.reason_code) && !is_policy(packet.reason_code);
        return packet.packet_identifier == packet_identifier && !refuses;
      });
  if (mqtt::is_error(came.reason_code)) {
    test.leave_undecided(fmt::format("the broker does not take the message: {}",
                                     mqtt::reason_code_name(came.reason_code)));
  }
  return came;
}

template <class Acknowledgement>
Acknowledgement expect_success(std::string_view name, client& from,
                               std::uint16_t packet_identifier) {
  return from.expect<Acknowledgement>(fmt::format("{} for packet {}", name, packet_identifier), {},
                                      [packet_identifier](const Acknowledgement& packet) {
                                        return packet.packet_identifier == packet_identifier &&
                                               packet.reason_code == reason_code::success;
                                      });
}

std::uint8_t first_byte_of(awaited what) {
  switch (what) {
    case awaited::puback:
      return 0x40;
    case awaited::pubrec:
      return 0x50;
    case awaited::pubrel:
      return 0x62;
    case awaited::pubcomp:
      return 0x70;
  }
  return 0;
}

}  // namespace

mqtt::puback expect_puback(context& test, client& from, std::uint16_t packet_identifier) {
  return expect_for<mqtt::puback>("PUBACK", test, from, packet_identifier);
}

mqtt::pubrec expect_pubrec(context& test, client& from, std::uint16_t packet_identifier) {
  return expect_for<mqtt::pubrec>("PUBREC", test, from, packet_identifier);
}

mqtt::pubrel expect_pubrel(client& from, std::uint16_t packet_identifier) {
  return expect_success<mqtt::pubrel>("PUBREL", from, packet_identifier);
}

mqtt::pubcomp expect_pubcomp(client& from, std::uint16_t packet_identifier) {
  return expect_success<mqtt::pubcomp>("PUBCOMP", from, packet_identifier);
}

void expect_taken(context& test, client& from, mqtt::publish message) {
  if (message.packet_identifier == 0) message.packet_identifier = from.next_packet_identifier();
  from.send(message);
  if (message.qos == mqtt::qos::at_least_once) {
    expect_puback(test, from, message.packet_identifier);
  } else {
    expect_pubrec(test, from, message.packet_identifier);
    release(from, message.packet_identifier);
  }
}

void release(client& from, std::uint16_t packet_identifier) {
  from.send(mqtt::pubrel{.packet_identifier = packet_identifier});
  expect_pubcomp(from, packet_identifier);
}

void expect_only_pingresp(context& test, client& from) {
  from.send(mqtt::pingreq{});
  from.expect<mqtt::pingresp>("PINGRESP and nothing before it");
  const script::arrival surplus = from.next({});
  if (test.over() || std::holds_alternative<script::arrived_nothing>(surplus)) return;
  deviate(test, from, "nothing but PINGRESP", script::to_text(surplus, from.version()));
}

std::uint16_t bring_to(context& test, client& c, awaited what) {
  const std::string topic = test.topic(c.name());
  if (what == awaited::pubrel) {
    const std::uint16_t identifier = c.next_packet_identifier();
    c.publish_unreleased(publish_of(topic, "x", mqtt::qos::exactly_once, identifier));
    return identifier;
  }
  const auto qos = what == awaited::puback ? mqtt::qos::at_least_once : mqtt::qos::exactly_once;
  c.subscribe(topic, qos);
  c.publish(topic, "x", qos);
  const auto taken = what == awaited::pubcomp ? c.take_up_to_pubrel("x") : c.take("x");
  return taken.packet_identifier;
}

byte_buffer acknowledgement(awaited what, std::uint16_t packet_identifier) {
  return mqtt::raw_packet{.first_byte = first_byte_of(what),
                          .body = mqtt::raw_fields().two_byte_integer(packet_identifier)}
      .bytes();
}

byte_buffer acknowledgement(awaited what, std::uint16_t packet_identifier, std::uint8_t code) {
  return mqtt::raw_packet{.first_byte = first_byte_of(what),
                          .body = mqtt::raw_fields().two_byte_integer(packet_identifier).byte(code)}
      .bytes();
}

byte_buffer acknowledgement(awaited what, std::uint16_t packet_identifier, std::uint8_t code,
                            const mqtt::raw_fields& properties) {
  return mqtt::raw_packet{
      .first_byte = first_byte_of(what),
      .body =
          mqtt::raw_fields().two_byte_integer(packet_identifier).byte(code).properties(properties)}
      .bytes();
}

void expect_acknowledgement_refused(context& test, awaited what,
                                    const acknowledgement_maker& control,
                                    const acknowledgement_maker& breach, const refusal& manner) {
  const auto send = [&](client& c, const acknowledgement_maker& make) {
    const std::uint16_t identifier = bring_to(test, c, what);
    c.send_bytes(make(identifier));
  };
  expect_refused(test, {.control = [&](client& c) { send(c, control); },
                        .commit = [&](client& c) { send(c, breach); },
                        .manner = manner});
}

}  // namespace gauntlet::conformance
