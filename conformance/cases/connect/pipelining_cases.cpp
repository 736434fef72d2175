// Packets that a client sends right after CONNECT, without waiting for CONNACK. MQTT 5.0 §3.1.4

#include <fmt/format.h>

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/cases/support/raw_connect.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

// CONNECT and these packets in one piece.
client& send_together(context& test, std::string_view name,
                      const std::vector<mqtt::packet>& packets) {
  client& c = test.open(name);
  byte_buffer bytes = right_connect(test, c).bytes();
  for (const mqtt::packet& each : packets) {
    const bool encoded = mqtt::encode(each, c.version(), bytes).has_value();
    if (!encoded) test.leave_undecided("a packet of the test's own cannot be written");
  }
  c.send_bytes(bytes);
  return c;
}

mqtt::subscribe subscription_to(std::string filter) {
  return {.packet_identifier = 1, .subscriptions = {{std::move(filter), {qos::at_least_once}}}};
}

// The first packet that comes is CONNACK.
void expect_connack_first(context& test, client& c) {
  script::arrival first = c.next(test.answer_limit());
  if (test.over()) return;
  if (script::packet_of<mqtt::connack>(first) == nullptr) {
    return deviate(test, c, "CONNACK as the first packet", script::to_text(first, c.version()));
  }
  c.set_aside(std::move(first));
  c.expect_connack();
}

void ping(context& test) {
  prove_delivery(test, test.connected("control"), qos::at_most_once);
  client& c = send_together(test, "c", {mqtt::pingreq{}});
  expect_connack_first(test, c);
  c.expect<mqtt::pingresp>("PINGRESP");
}

void subscribe(context& test) {
  client& c = send_together(test, "c", {subscription_to(test.topic("t"))});
  expect_connack_first(test, c);
  c.expect<mqtt::suback>("SUBACK");
  test.connected("publisher").publish(test.topic("t"), "x");
  c.expect_publish("x");
}

void publish(context& test, qos level) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), level);
  const std::uint16_t identifier = level == qos::at_most_once ? 0 : 1;
  client& c = send_together(test, "c", {publish_of(test.topic("t"), "x", level, identifier)});
  expect_connack_first(test, c);
  if (level == qos::at_least_once) expect_puback(test, c, 1);
  watcher.expect_publish("x");
}

void all_together(context& test) {
  client& c = send_together(
      test, "c",
      {subscription_to(test.topic("t")), publish_of(test.topic("t"), "x", qos::at_least_once, 2),
       mqtt::unsubscribe{.packet_identifier = 3, .topic_filters = {test.topic("other")}},
       mqtt::pingreq{}});
  expect_connack_first(test, c);
  c.expect<mqtt::suback>("SUBACK");
  expect_puback(test, c, 2);
  c.expect<mqtt::unsuback>("UNSUBACK");
  c.expect<mqtt::pingresp>("PINGRESP");
  c.expect_publish("x");
}

void disconnect(context& test) {
  prove_delivery(test, test.connected("control"), qos::at_most_once);
  client& c = send_together(test, "c", {mqtt::disconnect{}});
  c.expect_connack();
  c.expect_bare_close();
}

}  // namespace

void add_pipelining_cases(suite& to) {
  const auto add = [&](std::string_view word, std::string_view what, bool needs_qos1,
                       std::function<void(context&)> body) {
    test_case added{
        .id = fmt::format("PR5-3.1.4-b/{}", word),
        .title = fmt::format("{} in one segment with CONNECT is handled", what),
        .covers = {v5("PR5-3.1.4-b"), v5("MQTT-3.2.0-1"), v3("PR3-3.1.4-c"), v3("MQTT-3.2.0-1")},
        .defects = {"refuse-packets-sent-with-connect", "drop-further-packets-of-segment"},
        .body = std::move(body)};
    if (needs_qos1) added.needs.push_back(need::qos1);
    to.add(std::move(added));
  };
  add("ping", "PINGREQ", false, ping);
  add("subscribe", "SUBSCRIBE", true, subscribe);
  add("publish-qos-0", "A message of QoS 0", false,
      [](context& test) { publish(test, qos::at_most_once); });
  add("publish-qos-1", "A message of QoS 1", true,
      [](context& test) { publish(test, qos::at_least_once); });
  add("all", "A whole exchange", true, all_together);
  to.add({.id = "PR5-3.1.4-b/disconnect",
          .title = "DISCONNECT in one segment with CONNECT ends a connection that was accepted",
          .covers = {v5("PR5-3.1.4-b"), v5("PR5-3.14.4-a"), v3("PR3-3.1.4-c"), v3("PR3-3.14.4-a")},
          .defects = {{"refuse-packets-sent-with-connect", caught_defect::in::v5_only},
                      "ignore-disconnect"},
          .level = requirement_level::should,
          .body = disconnect});
}

}  // namespace gauntlet::conformance
