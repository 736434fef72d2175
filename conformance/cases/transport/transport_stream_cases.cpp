// Packets cut and joined in any way, and a whole conversation, over each transport. MQTT 5.0 §4.2

#include <fmt/format.h>

#include "conformance/cases/support/deliveries.hpp"
#include "conformance/cases/transport/transport_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

enum class over : std::uint8_t { tcp, tls, websocket };

client& open_over(context& test, over which, std::string_view name) {
  switch (which) {
    case over::tls:
      return test.open_at(*test.where().tls_endpoint, name);
    case over::websocket:
      return test.open_at(*test.where().websocket, name);
    default:
      return test.open(name);
  }
}

client& connected_over(context& test, over which, std::string_view name,
                       mqtt::connect packet = {}) {
  client& c = open_over(test, which, name);
  if (packet.client_id.empty()) packet.client_id = test.client_id(name);
  c.connect(std::move(packet));
  return c;
}

// CONNECT, SUBSCRIBE, PUBLISH at each QoS, UNSUBSCRIBE and a will, as over any transport.
void conversation(context& test, over which) {
  client& watcher = connected_over(test, which, "watcher");
  for (const qos of : {qos::at_most_once, qos::at_least_once, qos::exactly_once}) {
    const std::string topic = test.topic(fmt::format("t{}", static_cast<int>(of)));
    expect_suback(watcher, {{topic, {of}}});
    client& publisher =
        connected_over(test, which, fmt::format("publisher {}", static_cast<int>(of)));
    publisher.publish(topic, "x", of);
    watcher.acknowledge(watcher.expect_publish("x"));
    publisher.disconnect();
  }
  expect_unsuback(watcher, {test.topic("t0")});
  expect_suback(watcher, {{test.topic("will"), {qos::at_least_once}}});
  connected_over(test, which, "device",
                 {.will = mqtt::will{.topic_name = test.topic("will"),
                                     .payload = {'g', 'o', 'n', 'e'},
                                     .qos = qos::at_least_once}})
      .drop();
  watcher.acknowledge(watcher.expect_publish("gone"));
}

byte_buffer bytes_of(const client& by, const mqtt::packet& packet) {
  return mqtt::raw_packet::of(packet, by.version()).bytes();
}

// Each byte goes out on its own, and over WebSocket in a frame of its own.
void byte_by_byte(context& test, over which) {
  client& c = open_over(test, which, "client");
  const auto send_slowly = [&](const mqtt::packet& packet) {
    for (const std::uint8_t each : bytes_of(c, packet)) {
      c.send_bytes(byte_buffer{each});
      if (!test.over()) c.wire().drain(test.answer_limit());
    }
  };
  send_slowly(c.prepared({.client_id = test.client_id("client")}));
  c.expect_connack();
  send_slowly(mqtt::subscribe{.packet_identifier = 1,
                              .subscriptions = {{test.topic("t"), {qos::at_most_once}}}});
  c.expect<mqtt::suback>("SUBACK");
  send_slowly(message(test.topic("t"), "x", qos::at_most_once));
  c.expect_publish("x");
}

void all_at_once(context& test, over which) {
  client& c = open_over(test, which, "client");
  const mqtt::packet packets[] = {
      c.prepared({.client_id = test.client_id("client")}),
      mqtt::subscribe{.packet_identifier = 1,
                      .subscriptions = {{test.topic("t"), {qos::at_most_once}}}},
      message(test.topic("t"), "1", qos::at_most_once),
      message(test.topic("t"), "2", qos::at_most_once), mqtt::pingreq{}};
  byte_buffer together;
  for (const mqtt::packet& each : packets) {
    const byte_buffer bytes = bytes_of(c, each);
    together.insert(together.end(), bytes.begin(), bytes.end());
  }
  c.send_bytes(together);
  c.expect_connack();
  c.expect<mqtt::suback>("SUBACK");
  c.expect_publish("1");
  c.expect_publish("2");
  c.expect<mqtt::pingresp>("PINGRESP");
}

void large_message(context& test, over which) {
  const std::string large(60'000, 'x');
  client& c = connected_over(test, which, "client");
  expect_suback(c, {{test.topic("t"), {qos::at_least_once}}});
  c.publish(test.topic("t"), large);
  c.acknowledge(c.expect_publish(large));
}

struct transport_words {
  over which;
  const char* word;
  const char* name;
  std::vector<need> needs;
  std::vector<statement_name> covers;
};

}  // namespace

void add_transport_stream_cases(suite& to) {
  const std::vector<statement_name> stream = {v5("MQTT-4.2-1"), v3("MQTT-7.1.1-1")};
  const std::vector<transport_words> transports = {
      {over::tcp, "tcp", "TCP", {}, stream},
      {over::tls, "tls", "TLS", {need::tls}, stream},
      {over::websocket,
       "websocket",
       "WebSocket",
       {need::websocket},
       {v5("MQTT-6.0.0-2"), v3("MQTT-6.0.0-2")}},
  };
  for (const transport_words& each : transports) {
    const over which = each.which;
    const auto add = [&](const char* id, std::string title, std::vector<statement_name> covers,
                         std::vector<caught_defect> defects, void (*body)(context&, over),
                         std::vector<need> more) {
      std::vector<need> needs = each.needs;
      needs.insert(needs.end(), more.begin(), more.end());
      to.add({.id = fmt::format("{}-{}", id, each.word),
              .title = std::move(title),
              .covers = std::move(covers),
              .needs = needs,
              .defects = std::move(defects),
              .body = [which, body](context& test) { body(test, which); }});
    };
    const bool is_websocket = which == over::websocket;
    add("PR5-6-a/conversation",
        fmt::format("Over {} a client can do what MQTT lets it do", each.name),
        is_websocket ? std::vector<statement_name>{v5("PR5-6-a"), v3("PR3-6-a")} : each.covers,
        {"lose-qos0-delivery", "lose-qos1-delivery", "lose-qos2-delivery", "lose-will",
         "omit-unsuback"},
        conversation, {need::qos2});
    add("MQTT-4.2-1/byte-by-byte", fmt::format("Over {} packets may come byte by byte", each.name),
        each.covers, {"drop-packet-in-pieces"}, byte_by_byte, {});
    add("MQTT-4.2-1/all-at-once",
        fmt::format("Over {} several packets may come at once", each.name), each.covers,
        {"drop-further-packets-of-segment"}, all_at_once, {});
    add("MQTT-4.2-1/large", fmt::format("Over {} a message of 60,000 bytes comes whole", each.name),
        each.covers, {"cut-long-payload"}, large_message, {need::qos1});
  }
}

}  // namespace gauntlet::conformance
