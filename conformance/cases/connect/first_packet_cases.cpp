// CONNECT has to be the first packet on a connection, and the only one of its kind. MQTT 5.0 §3.1

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/suite/breach.hpp"
#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

constexpr auto v5_only = caught_defect::in::v5_only;

// The packet is not answered, and the connection ends. A client that begins with CONNECT and then
// sends the same is served.
void expect_refused_as_first(context& test, const mqtt::packet& first) {
  client& control = test.connected("control");
  control.send(first);
  control.ping();

  client& wrong = test.open("wrong");
  wrong.send(first);
  wrong.expect_bare_close();
  test.expect_served();
}

void publish_first(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::at_least_once);
  mqtt::publish packet{.topic_name = test.topic("t"), .payload = {'1'}};
  client& control = test.connected("control");
  control.send(packet);
  watcher.receive("1");

  packet.payload = {'2'};
  client& wrong = test.open("wrong");
  wrong.send(packet);
  wrong.expect_bare_close();
  watcher.expect_quiet();
}

void disconnect_first(context& test) {
  client& control = test.connected("control");
  prove_delivery(test, control);
  control.disconnect();
  client& wrong = test.open("wrong");
  wrong.send(mqtt::disconnect{});
  wrong.expect_bare_close();
  test.expect_served();
}

void auth_first(context& test) {
  client& control = test.connected("control");
  control.ping();
  client& wrong = test.open("wrong");
  wrong.send(mqtt::auth{.reason_code = reason_code::continue_authentication,
                        .properties = {mqtt::authentication_method("SCRAM-SHA-256")}});
  wrong.expect_bare_close();
  test.expect_served();
}

void second_connect(context& test, std::string_view client_id) {
  const std::string again = client_id.empty() ? test.client_id("breaker") : std::string(client_id);
  expect_refused(test, {.control = [](client& c) { c.ping(); },
                        .commit = [&](client& c) { c.send(c.prepared({.client_id = again})); },
                        .manner = {{reason_code::protocol_error}}});
}

void will_after_second_connect(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("will"), qos::at_least_once);
  const mqtt::connect packet{.will = mqtt::will{.topic_name = test.topic("will"),
                                                .payload = {'g', 'o', 'n', 'e'},
                                                .qos = qos::at_least_once}};
  client& device = test.connected("device", packet);
  device.send_connect({.client_id = test.client_id("device")});
  device.expect_close();
  watcher.expect_publish("gone");
}

test_case refused_as_first(std::string word, std::string title, const mqtt::packet& first) {
  return {.id = "MQTT-3.1.0-1/" + word,
          .title = std::move(title),
          .covers = {v5("MQTT-3.1.0-1"), v3("MQTT-3.1.0-1")},
          .defects = {"ignore-packet-before-connect"},
          .body = [first](context& test) { expect_refused_as_first(test, first); }};
}

void add_other_first_packets(suite& to) {
  to.add(refused_as_first("ping-first", "A connection that begins with PINGREQ is ended",
                          mqtt::pingreq{}));
  to.add(refused_as_first(
      "subscribe-first", "A connection that begins with SUBSCRIBE is ended, without SUBACK",
      mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{"gauntlet/first", {}}}}));
  to.add(refused_as_first(
      "unsubscribe-first", "A connection that begins with UNSUBSCRIBE is ended, without UNSUBACK",
      mqtt::unsubscribe{.packet_identifier = 1, .topic_filters = {"gauntlet/first"}}));
  to.add({.id = "MQTT-3.1.0-1/publish-first",
          .title = "A connection that begins with PUBLISH is ended, and nobody gets the message",
          .covers = {v5("MQTT-3.1.0-1"), v3("MQTT-3.1.0-1")},
          .needs = {need::qos1},
          .defects = {"ignore-packet-before-connect"},
          .body = publish_first});
  to.add({.id = "MQTT-3.1.0-1/disconnect-first",
          .title = "A connection that begins with DISCONNECT is ended",
          .covers = {v5("MQTT-3.1.0-1"), v5("MQTT-3.14.0-1"), v3("MQTT-3.1.0-1")},
          .needs = {need::qos1},
          .defects = {"ignore-packet-before-connect"},
          .body = disconnect_first});
  to.add({.id = "MQTT-3.1.0-1/auth-first",
          .title = "A connection that begins with AUTH is ended",
          .covers = {v5("MQTT-3.1.0-1"), v5("MQTT-3.14.0-1")},
          .defects = {"ignore-packet-before-connect"},
          .body = auth_first});
}

}  // namespace

void add_first_packet_cases(suite& to) {
  add_other_first_packets(to);
  to.add({.id = "MQTT-3.1.0-2/second-connect",
          .title = "A second CONNECT on a connection ends it",
          .covers = {v5("MQTT-3.1.0-2"), v5("MQTT-3.2.0-2"), v3("MQTT-3.1.0-2")},
          .defects = {"accept-second-connect",
                      "ignore-protocol-error",
                      {"keep-connection-after-disconnect", v5_only}},
          .body = [](context& test) { second_connect(test, ""); }});
  to.add({.id = "MQTT-3.1.0-2/second-connect-of-another",
          .title = "A second CONNECT ends the connection also if it names another client",
          .covers = {v5("MQTT-3.1.0-2"), v3("MQTT-3.1.0-2")},
          .defects = {"accept-second-connect"},
          .body = [](context& test) { second_connect(test, test.client_id("another")); }});
  to.add({.id = "MQTT-3.1.0-2/will",
          .title = "The will of a client that is ended for a second CONNECT is published",
          .covers = {v5("MQTT-3.1.0-2"), v5("MQTT-3.1.2-8"), v5("PR5-3.1.2.5-a"),
                     v3("MQTT-3.1.0-2"), v3("MQTT-3.1.2-8"), v3("PR3-3.1.2.5-a")},
          .needs = {need::qos1},
          .defects = {"lose-will-at-error", "accept-second-connect"},
          .body = will_after_second_connect});
}

}  // namespace gauntlet::conformance
