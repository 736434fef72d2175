// Protocol Names and Protocol Versions of CONNECT. MQTT 5.0 §3.1.2.1, §3.1.2.2

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/vector.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::string_view_literals;

byte_buffer connect_as(std::string_view name, std::uint8_t level, const occasion& at) {
  mqtt::raw_fields body;
  body.utf8_string(name).byte(level).byte(at.login ? 0xC2 : 0x02).two_byte_integer(0);
  if (at.is_v5()) body.byte(0);
  body.utf8_string(at.client_id);
  if (at.login) body.utf8_string(at.login->user_name).utf8_string(at.login->password);
  return mqtt::raw_packet{.first_byte = 0x10, .body = body}.bytes();
}

// How the broker ended a connection on which it was asked for a protocol that does not exist.
enum class refusal_form : std::uint8_t { with_code, otherwise };

// Waits for the end. A CONNACK may come before it in the form of either version.
refusal_form await_refusal(context& test, client& asking) {
  refusal_form form = refusal_form::otherwise;
  while (!test.over()) {
    const script::arrival what = asking.next(test.answer_limit());
    if (test.over() || script::is_close(what)) break;
    const auto* const answer = script::packet_of<mqtt::connack>(what);
    const auto* const other = std::get_if<script::arrived_malformed>(&what);
    constexpr std::uint8_t connack_byte = 0x20;
    if (answer != nullptr && mqtt::is_error(answer->reason_code)) {
      if (answer->reason_code == mqtt::reason_code::unsupported_protocol_version) {
        form = refusal_form::with_code;
      }
    } else if (other == nullptr || other->bytes.empty() || other->bytes[0] != connack_byte) {
      test.fail({.client = asking.name(),
                 .expected = "the end of the connection, before it at most a CONNACK that refuses",
                 .observed = script::to_text(what, asking.version()),
                 .signature = "unknown protocol not refused"});
    }
  }
  return form;
}

// The same CONNECT as MQTT, and then as something else.
void ask_for_other_protocol(context& test, std::string_view name, std::uint8_t level,
                            bool code_is_due) {
  client& control = test.open("control");
  if (test.over()) return;
  control.send_bytes(bytes_of(connect_packet())(occasion_of(test, control)));
  control.ping();

  client& asking = test.open("breaker");
  if (test.over()) return;
  asking.send_bytes(connect_as(name, level, occasion_of(test, asking)));
  const refusal_form form = await_refusal(test, asking);
  control.send(mqtt::pingreq{});
  control.expect<mqtt::pingresp>("PINGRESP to a client that did nothing wrong");
  if (code_is_due && form == refusal_form::otherwise) {
    test.call_variant("refused without CONNACK 0x01, as a server of 5.0 may");
  }
}

struct protocol_name {
  std::string_view id;
  std::string_view name;
};

constexpr protocol_name other_names[] = {
    {"empty", ""},
    {"m", "M"},
    {"mqt", "MQT"},
    {"mqtx", "MQTX"},
    {"lower-case", "mqtt"},
    {"mixed-case", "Mqtt"},
    {"mqttt", "MQTTT"},
    {"trailing-space", "MQTT "},
    {"leading-space", " MQTT"},
    {"trailing-null", "MQTT\0"sv},
    {"mqisdp", "MQIsdp"},
    {"mqtt-sn", "MQTT-SN"},
    {"amqp", "AMQP"},
    {"reversed", "TTQM"},
    {"two-names", "MQTTMQTT"},
    {"nulls", "\0\0\0\0"sv},
    {"ill-formed", "MQT\xC0"},
    {"high-bit", "\xCD\xD1\xD4\xD4"},
    {"of-100-bytes",
     "MQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTMQTTM"
     "QTTMQTT"},
};

void add_name(suite& to, const protocol_name& other) {
  std::vector<vector_half> halves;
  for (const auto version : both_versions) {
    const auto level = static_cast<std::uint8_t>(version);
    halves.push_back({.version = version,
                      .outcome = "is refused",
                      .covers = statements(version, "MQTT-3.1.2-1"),
                      .defects = {caught_in(version, "accept-protocol-name"),
                                  caught_in(version, "keep-connection-after-refusing-connack")},
                      .body = [name = other.name, level](context& test) {
                        ask_for_other_protocol(test, name, level, false);
                      }});
  }
  add_vector(to, "protocol-name", other.id,
             fmt::format("CONNECT with the Protocol Name \"{}\"", other.id), std::move(halves));
}

// 3, 4 and 5 are versions of MQTT, and bridges set the top bit of theirs.
bool is_in_use(unsigned level) {
  const unsigned low = level & 0x7FU;
  return low >= 3 && low <= 5;
}

void add_level(suite& to, unsigned level) {
  std::vector<vector_half> halves;
  for (const auto version : both_versions) {
    const bool is_v3 = version == only_v3;
    vector_half half{.version = version,
                     .outcome = "is refused",
                     .covers = statements(version, "MQTT-3.1.2-2"),
                     .defects = {caught_in(version, "keep-connection-after-refusing-connack")},
                     .body = [level, is_v3](context& test) {
                       ask_for_other_protocol(test, "MQTT", static_cast<std::uint8_t>(level),
                                              is_v3);
                     }};
    // The defect takes the nearest version, which has to be that of the fields that follow.
    if (is_v3 == (level < 4)) half.defects.push_back(caught_in(version, "accept-protocol-version"));
    halves.push_back(std::move(half));
  }
  add_vector(to, "protocol-version", hex(level),
             fmt::format("CONNECT with the Protocol Version {}", level), std::move(halves));
}

}  // namespace

void add_protocol_vectors(suite& to) {
  for (const protocol_name& each : other_names) add_name(to, each);
  for (unsigned level = 0; level < 256; ++level) {
    if (!is_in_use(level)) add_level(to, level);
  }
}

}  // namespace gauntlet::conformance
