// MQTT in WebSocket frames, frame by frame. MQTT 5.0 §6

#include "conformance/cases/support/deliveries.hpp"
#include "conformance/cases/transport/raw_websocket.hpp"
#include "conformance/cases/transport/transport_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::packet_type;
using mqtt::qos;

constexpr std::uint8_t continuation = 0x0;
constexpr std::uint8_t text = 0x1;
constexpr std::uint8_t binary = 0x2;

byte_buffer connect_bytes(context& test, std::string_view name) {
  mqtt::connect packet{.protocol_version = test.version(), .client_id = test.client_id(name)};
  return mqtt::raw_packet::of(with_login(test.where(), std::move(packet)), test.version()).bytes();
}

byte_buffer bytes_of(context& test, const mqtt::packet& packet) {
  return mqtt::raw_packet::of(packet, test.version()).bytes();
}

// A subscription and a message that comes for it, to show that the connection is served.
void expect_exchange(context& test, raw_websocket& c) {
  c.send_frame(binary, bytes_of(test, mqtt::subscribe{.packet_identifier = 1,
                                                      .subscriptions = {{test.topic("t"), {}}}}));
  c.expect_packet(packet_type::suback);
  c.send_frame(binary, bytes_of(test, message(test.topic("t"), "x", qos::at_most_once)));
  c.expect_packet(packet_type::publish);
}

void answers_are_binary(context& test) {
  raw_websocket c(test, "mqtt");
  c.send_frame(binary, connect_bytes(test, "client"));
  c.expect_packet(packet_type::connack);
  expect_exchange(test, c);
}

void text_frame_is_refused(context& test) {
  raw_websocket control(test, "mqtt");
  control.send_frame(binary, connect_bytes(test, "control"));
  control.expect_packet(packet_type::connack);
  expect_exchange(test, control);
  raw_websocket breaker(test, "mqtt");
  breaker.send_frame(text, connect_bytes(test, "breaker"));
  breaker.expect_close();
  test.expect_served();
}

// One message of several frames: its first frame says binary, the others go on with it.
void fragmented_message(context& test) {
  raw_websocket c(test, "mqtt");
  const byte_buffer bytes = connect_bytes(test, "client");
  const byte_view whole = bytes;
  c.send_frame(binary, whole.first(3), false);
  c.send_frame(continuation, whole.subspan(3, 4), false);
  c.send_frame(continuation, {}, false);
  c.send_frame(continuation, whole.subspan(7), true);
  c.expect_packet(packet_type::connack);
  expect_exchange(test, c);
}

void packet_over_messages(context& test) {
  raw_websocket c(test, "mqtt");
  c.send_frame(binary, connect_bytes(test, "client"));
  c.expect_packet(packet_type::connack);
  const byte_buffer ping = bytes_of(test, mqtt::pingreq{});
  c.send_frame(binary, byte_view(ping).first(1));
  c.send_frame(binary, byte_view(ping).subspan(1));
  c.expect_packet(packet_type::pingresp);
  expect_exchange(test, c);
}

void packets_in_one_frame(context& test) {
  raw_websocket c(test, "mqtt");
  byte_buffer together = connect_bytes(test, "client");
  const byte_buffer ping = bytes_of(test, mqtt::pingreq{});
  for (int i = 0; i < 2; ++i) together.insert(together.end(), ping.begin(), ping.end());
  c.send_frame(binary, together);
  c.expect_packet(packet_type::connack);
  c.expect_packet(packet_type::pingresp);
  c.expect_packet(packet_type::pingresp);
  expect_exchange(test, c);
}

// One and a half packets in a frame, the rest in the next.
void packets_across_frames(context& test) {
  raw_websocket c(test, "mqtt");
  byte_buffer together = connect_bytes(test, "client");
  const byte_buffer ping = bytes_of(test, mqtt::pingreq{});
  together.insert(together.end(), ping.begin(), ping.end());
  c.send_frame(binary, byte_view(together).first(together.size() - 1));
  c.send_frame(binary, byte_view(together).last(1));
  c.expect_packet(packet_type::connack);
  c.expect_packet(packet_type::pingresp);
  expect_exchange(test, c);
}

void expect_mqtt_selected(context& test, std::string_view offered) {
  raw_websocket c(test, offered);
  if (!test.over() && c.subprotocol() != "mqtt") {
    test.fail({.client = "websocket",
               .expected = "the sub protocol \"mqtt\"",
               .observed = "\"" + c.subprotocol() + "\"",
               .signature = "another sub protocol"});
  }
  c.send_frame(binary, connect_bytes(test, "client"));
  c.expect_packet(packet_type::connack);
  expect_exchange(test, c);
}

void only_mqtt_offered(context& test) { expect_mqtt_selected(test, "mqtt"); }
void others_offered(context& test) { expect_mqtt_selected(test, "foo, mqtt"); }

struct frame_case {
  const char* id;
  const char* title;
  std::vector<statement_name> covers;
  std::vector<caught_defect> defects;
  void (*body)(context&);
};

}  // namespace

void add_websocket_frame_cases(suite& to) {
  const std::vector<statement_name> binary_only = {v5("MQTT-6.0.0-1"), v3("MQTT-6.0.0-1")};
  const std::vector<statement_name> any_frames = {v5("MQTT-6.0.0-2"), v3("MQTT-6.0.0-2")};
  const std::vector<statement_name> subprotocol = {v5("MQTT-6.0.0-4"), v3("MQTT-6.0.0-4")};
  const std::vector<frame_case> cases = {
      {"MQTT-6.0.0-1/answers",
       "The broker sends packets in binary frames",
       binary_only,
       {"omit-suback", "lose-qos0-delivery"},
       answers_are_binary},
      {"MQTT-6.0.0-1/text-frame",
       "A connection with a text frame is ended",
       binary_only,
       {"omit-suback", "lose-qos0-delivery"},
       text_frame_is_refused},
      {"MQTT-6.0.0-2/fragmented",
       "A packet may be spread over the frames of a message",
       any_frames,
       {"drop-packet-in-pieces"},
       fragmented_message},
      {"MQTT-6.0.0-2/several-messages",
       "A packet may be spread over several messages",
       any_frames,
       {"drop-packet-in-pieces"},
       packet_over_messages},
      {"MQTT-6.0.0-2/one-frame",
       "A frame may hold several packets",
       any_frames,
       {"drop-further-packets-of-segment"},
       packets_in_one_frame},
      {"MQTT-6.0.0-2/across-frames",
       "A frame may end within a packet that follows another",
       any_frames,
       {"drop-packet-in-pieces", "drop-further-packets-of-segment"},
       packets_across_frames},
      {"MQTT-6.0.0-4/mqtt",
       "The broker selects the sub protocol \"mqtt\"",
       subprotocol,
       {"omit-suback", "lose-qos0-delivery"},
       only_mqtt_offered},
      {"MQTT-6.0.0-4/among-others",
       "The broker selects \"mqtt\" among others that are offered",
       subprotocol,
       {"omit-suback", "lose-qos0-delivery"},
       others_offered},
  };
  for (const frame_case& each : cases) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = each.covers,
            .needs = {need::websocket},
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
