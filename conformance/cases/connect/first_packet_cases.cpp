// CONNECT as the first and only one on a connection, and PINGREQ. MQTT 5.0 §3.1, §3.12

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/suite/breach.hpp"
#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::reason_code;

void second_connect(context& test) {
  const auto again = [](client& c) { c.send(c.prepared({.client_id = "again"})); };
  expect_refused(test, {.control = [](client& c) { c.ping(); },
                        .commit = again,
                        .manner = {{reason_code::protocol_error}}});
}

void first_packet_is_no_connect(context& test) {
  expect_refused(test,
                 {.control = [&](client& c) { c.connect({.client_id = test.client_id("c")}); },
                  .commit = [](client& c) { c.send(mqtt::pingreq{}); },
                  .stage = breach_stage::opened});
}

void ping_is_answered(context& test) {
  client& a = test.connected("a");
  for (int i = 0; i < 3; ++i) {
    a.send(mqtt::pingreq{});
    a.expect<mqtt::pingresp>("PINGRESP");
  }
}

}  // namespace

void add_first_packet_cases(suite& to) {
  to.add({.id = "MQTT-3.1.0-2/second-connect",
          .title = "A second CONNECT on a connection ends it",
          .covers = {v5("MQTT-3.1.0-2"), v3("MQTT-3.1.0-2")},
          .defects = {"accept-second-connect"},
          .body = second_connect});
  to.add({.id = "MQTT-3.1.0-1/ping-first",
          .title = "A connection that begins with another packet than CONNECT is ended",
          .covers = {v5("MQTT-3.1.0-1"), v3("MQTT-3.1.0-1")},
          .defects = {"ignore-packet-before-connect"},
          .body = first_packet_is_no_connect});
  to.add({.id = "MQTT-3.12.4-1/answered",
          .title = "Each PINGREQ is answered",
          .covers = {v5("MQTT-3.12.4-1"), v3("MQTT-3.12.4-1")},
          .defects = {"omit-pingresp"},
          .body = ping_is_answered});
}

}  // namespace gauntlet::conformance
