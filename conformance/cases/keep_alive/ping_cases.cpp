// PINGREQ and PINGRESP. MQTT 5.0 §3.12, §3.13

#include "conformance/cases/keep_alive/keep_alive_cases.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/suite/breach.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::reason_code;

void expect_pingresp(client& c, int times) {
  for (int i = 0; i < times; ++i) c.expect<mqtt::pingresp>("PINGRESP");
}

void each_is_answered(context& test) {
  client& c = test.connected("c");
  prove_delivery(test, c, mqtt::qos::at_most_once);
  for (int i = 0; i < 3; ++i) {
    c.send(mqtt::pingreq{});
    expect_pingresp(c, 1);
  }
}

void answered_once(context& test) {
  client& c = test.connected("c");
  prove_delivery(test, c, mqtt::qos::at_most_once);
  c.send(mqtt::pingreq{});
  expect_pingresp(c, 1);
  c.expect_quiet();
}

void ten_at_once(context& test) {
  client& c = test.connected("c");
  prove_delivery(test, c, mqtt::qos::at_most_once);
  byte_buffer bytes;
  for (int i = 0; i < 10; ++i) bytes.insert(bytes.end(), {0xC0, 0x00});
  c.send_bytes(bytes);
  expect_pingresp(c, 10);
  c.expect_quiet();
}

void in_two_pieces(context& test) {
  client& c = test.connected("c");
  prove_delivery(test, c, mqtt::qos::at_most_once);
  c.send_bytes(byte_buffer{0xC0});
  test.pause(std::chrono::milliseconds(50), "between the two bytes of PINGREQ");
  c.send_bytes(byte_buffer{0x00});
  expect_pingresp(c, 1);
}

void refused_form(context& test, const byte_buffer& bytes) {
  expect_refused(test, {.control = [](client& c) { c.ping(); },
                        .commit = [&](client& c) { c.send_bytes(bytes); },
                        .manner = {{reason_code::malformed_packet, reason_code::protocol_error}}});
}

}  // namespace

void add_ping_cases(suite& to) {
  const auto covers = [] {
    return std::vector<statement_name>{v5("MQTT-3.12.4-1"), v3("MQTT-3.12.4-1")};
  };
  to.add({.id = "MQTT-3.12.4-1/answered",
          .title = "Each PINGREQ is answered with PINGRESP",
          .covers = {v5("MQTT-3.12.4-1"), v5("PE-2.1.2-c"), v5("PE-2.1.4-b"), v3("MQTT-3.12.4-1"),
                     v3("PR3-2.2.1-a"), v3("PR3-7.1.1-a")},
          .defects = {"omit-pingresp", "answer-pingreq-with-pingreq", "send-packet-of-type-0",
                      "send-reserved-flags-in-pingresp", "send-surplus-in-pingresp"},
          .body = each_is_answered});
  to.add({.id = "MQTT-3.12.4-1/once",
          .title = "A PINGREQ is answered once",
          .covers = covers(),
          .defects = {"send-pingresp-twice", "omit-pingresp"},
          .body = answered_once});
  to.add(
      {.id = "MQTT-3.12.4-1/ten-at-once",
       .title = "Ten PINGREQ in one segment are answered with ten PINGRESP",
       .covers = {v5("MQTT-3.12.4-1"), v5("MQTT-4.2-1"), v3("MQTT-3.12.4-1"), v3("MQTT-7.1.1-1")},
       .defects = {"drop-further-packets-of-segment", "send-pingresp-twice"},
       .body = ten_at_once});
  to.add({.id = "MQTT-4.2-1/ping-in-pieces",
          .title = "A PINGREQ whose two bytes come apart is answered",
          .covers = {v5("MQTT-4.2-1"), v3("MQTT-7.1.1-1")},
          .defects = {"drop-packet-in-pieces"},
          .body = in_two_pieces});
  to.add({.id = "PE-3.12.1-a/surplus",
          .title = "A PINGREQ whose Remaining Length is not 0 ends the connection",
          .covers = {v5("PE-3.12.1-a"), v5("PE-2.1.4-a"), v3("PR3-3.4.1-a")},
          .defects = {"accept-surplus-in-pingreq"},
          .level = requirement_level::should,
          .body = [](context& test) {
            refused_form(test, {0xC0, 0x01, 0x00});
          }});
  to.add({.id = "PE-2.1.3-a/pingreq",
          .title = "A PINGREQ with flags in its fixed header ends the connection",
          .covers = {v5("PE-2.1.3-a"), v5("MQTT-2.1.3-1"), v3("MQTT-2.2.2-2")},
          .defects = {"accept-reserved-flags-of-pingreq"},
          .body = [](context& test) {
            refused_form(test, {0xC1, 0x00});
          }});
}

}  // namespace gauntlet::conformance
