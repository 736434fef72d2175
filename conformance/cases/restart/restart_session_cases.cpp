// Sessions over a restart: subscriptions, messages that wait, exchanges that were not finished.

#include <fmt/format.h>

#include "conformance/cases/restart/restart_cases.hpp"
#include "conformance/cases/support/deliveries.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

client& begun(context& test) {
  return test.connected("device", lasting_connect(test.version(), true));
}

client& resumed(context& test) {
  client& device = test.open("device");
  mqtt::connect packet = lasting_connect(test.version());
  packet.client_id = test.client_id("device");
  device.send_connect(packet);
  device.expect_session_present(true);
  return device;
}

void subscriptions(context& test) {
  begun(test).subscribe(test.topic("t"), qos::at_least_once);
  test.restart_broker();
  client& device = resumed(test);
  test.connected("publisher after").publish(test.topic("t"), "x");
  device.acknowledge(device.expect_publish("x"));
}

void given_up_subscription(context& test) {
  client& before = begun(test);
  before.subscribe(test.topic("t"), qos::at_least_once);
  before.subscribe(test.topic("u"), qos::at_least_once);
  before.unsubscribe(test.topic("t"));
  test.restart_broker();
  client& device = resumed(test);
  client& publisher = test.connected("publisher after");
  publisher.publish(test.topic("t"), "given up");
  publisher.publish(test.topic("u"), "held");
  expect_only(device, {"held"});
}

void queued(context& test, qos of) {
  client& before = begun(test);
  before.subscribe(test.topic("t"), of);
  before.disconnect();
  client& publisher = test.connected("publisher");
  for (const char* payload : {"1", "2"}) publisher.publish(test.topic("t"), payload, of);
  test.restart_broker();
  client& device = resumed(test);
  for (const char* payload : {"1", "2"}) device.acknowledge(device.expect_publish(payload));
}

void queued_at_qos1(context& test) { queued(test, qos::at_least_once); }
void queued_at_qos2(context& test) { queued(test, qos::exactly_once); }

void in_flight(context& test, qos of) {
  client& before = begun(test);
  before.subscribe(test.topic("t"), of);
  test.connected("publisher").publish(test.topic("t"), "x", of);
  const std::uint16_t identifier = before.take("x").packet_identifier;
  test.restart_broker();
  client& device = resumed(test);
  device.acknowledge(device.expect_publish(
      "x",
      [identifier](const mqtt::publish& came) {
        return came.dup && came.packet_identifier == identifier;
      },
      fmt::format("DUP 1 and Packet Identifier {}", identifier)));
}

void in_flight_at_qos1(context& test) { in_flight(test, qos::at_least_once); }
void in_flight_at_qos2(context& test) { in_flight(test, qos::exactly_once); }

void owed_pubrel(context& test) {
  client& before = begun(test);
  before.subscribe(test.topic("t"), qos::exactly_once);
  test.connected("publisher").publish(test.topic("t"), "x", qos::exactly_once);
  const std::uint16_t identifier = before.take("x").packet_identifier;
  const auto is_its = [identifier](const mqtt::pubrel& came) {
    return came.packet_identifier == identifier;
  };
  before.send(mqtt::pubrec{.packet_identifier = identifier});
  before.expect<mqtt::pubrel>("PUBREL", is_its);
  test.restart_broker();
  client& device = resumed(test);
  device.expect<mqtt::pubrel>("PUBREL again", is_its);
}

// The same message with the same identifier, begun before and finished after, is one message.
void inbound_identifiers(context& test) {
  client& watcher = test.connected("watcher", lasting_connect(test.version(), true));
  watcher.subscribe(test.topic("t"), qos::exactly_once);
  client& before = begun(test);
  mqtt::publish packet = message(test.topic("t"), "x", qos::exactly_once);
  packet.packet_identifier = 17;
  before.publish_unreleased(packet);
  test.restart_broker();
  client& again = test.connected("watcher", lasting_connect(test.version()));
  client& device = resumed(test);
  packet.dup = true;
  device.publish_unreleased(packet);
  device.send(mqtt::pubrel{.packet_identifier = 17});
  device.expect<mqtt::pubcomp>("PUBCOMP for packet 17");
  expect_only(again, {"x"});
}

void acknowledged_is_over(context& test) {
  client& before = begun(test);
  before.subscribe(test.topic("t"), qos::at_least_once);
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("t"), "done");
  before.receive("done");
  before.ping();
  before.disconnect();
  publisher.publish(test.topic("t"), "waiting");
  test.restart_broker();
  expect_only(resumed(test), {"waiting"});
}

void ended_session(context& test) {
  client& before = test.connected("device");
  before.subscribe(test.topic("t"), qos::at_least_once);
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("t"), "control");
  before.receive("control");
  test.restart_broker();
  client& device = test.open("device");
  mqtt::connect packet = lasting_connect(test.version());
  packet.client_id = test.client_id("device");
  device.send_connect(packet);
  device.expect_session_present(false);
}

void identifiers(context& test) {
  subscribe_with_identifier(begun(test), test.topic("t"), qos::at_least_once, 300);
  test.restart_broker();
  client& device = resumed(test);
  test.connected("publisher after").publish(test.topic("t"), "x");
  expect_identifiers(device, "x", {300});
}

void shared_membership(context& test) {
  begun(test).subscribe("$share/g/" + test.topic("t"), qos::at_least_once);
  test.restart_broker();
  client& device = resumed(test);
  test.connected("publisher after").publish(test.topic("t"), "x");
  expect_only(device, {"x"});
}

struct session_case {
  const char* id;
  const char* title;
  std::vector<statement_name> covers;
  std::vector<caught_defect> defects;
  void (*body)(context&);
  need needed = need::qos2;
};

}  // namespace

void add_restart_session_cases(suite& to) {
  const std::vector<session_case> cases = {
      {"MQTT-3.1.2-23/restart",
       "A session and its subscriptions outlive a restart",
       {v5("MQTT-3.1.2-23"), v3("MQTT-3.1.2-4"), v3("MQTT-4.1.0-1")},
       {"forget-session-at-restart"},
       subscriptions},
      {"MQTT-3.10.4-1/restart",
       "A subscription that was given up does not come back",
       {v5("MQTT-3.10.4-1"), v3("MQTT-3.10.4-1")},
       {"ignore-unsubscribe", "forget-session-at-restart"},
       given_up_subscription},
      {"PR5-4.1-b/restart-queued-qos1",
       "QoS 1 messages that wait for a session outlive a restart",
       {v5("PR5-4.1-b"), v3("MQTT-3.1.2-5")},
       {"forget-deliveries-at-restart"},
       queued_at_qos1},
      {"PR5-4.1-b/restart-queued-qos2",
       "QoS 2 messages that wait for a session outlive a restart",
       {v5("PR5-4.1-b"), v3("MQTT-3.1.2-5")},
       {"forget-deliveries-at-restart"},
       queued_at_qos2},
      {"MQTT-4.4.0-1/restart-qos1",
       "An unacknowledged QoS 1 message comes again after a restart, with its identifier",
       {v5("MQTT-4.4.0-1"), v3("MQTT-4.4.0-1")},
       {"forget-deliveries-at-restart", "redeliver-without-dup", "redeliver-with-new-identifier"},
       in_flight_at_qos1},
      {"MQTT-4.4.0-1/restart-qos2",
       "An unacknowledged QoS 2 message comes again after a restart, with its identifier",
       {v5("MQTT-4.4.0-1"), v3("MQTT-4.4.0-1")},
       {"forget-deliveries-at-restart", "redeliver-with-new-identifier"},
       in_flight_at_qos2},
      {"MQTT-4.4.0-1/restart-pubrel",
       "An owed PUBREL comes again after a restart",
       {v5("MQTT-4.4.0-1"), v3("MQTT-4.4.0-1")},
       {"forget-deliveries-at-restart", "omit-pubrel-at-resume"},
       owed_pubrel},
      {"MQTT-4.3.3-10/restart",
       "A QoS 2 message is taken over once although a restart comes between",
       {v5("MQTT-4.3.3-10"), v3("MQTT-4.3.3-2")},
       {"forget-inbound-identifiers-at-restart"},
       inbound_identifiers},
      {"PR5-4.1-b/restart-acknowledged",
       "What was acknowledged does not come again after a restart",
       {v5("PR5-4.1-b"), v3("MQTT-3.1.2-5")},
       {"forget-deliveries-at-restart", "forget-session-at-restart"},
       acknowledged_is_over},
      {"MQTT-3.2.2-2/restart",
       "A session that ends with its connection does not outlive a restart",
       {v5("MQTT-3.2.2-2"), v3("MQTT-3.2.2-3")},
       {"claim-session-present"},
       ended_session},
      {"PR5-3.8.2.1.2-a/restart",
       "Subscription Identifiers outlive a restart",
       {v5("PR5-3.8.2.1.2-a")},
       {"forget-session-at-restart", "forget-subscription-identifiers-at-resume"},
       identifiers,
       need::subscription_identifiers},
      {"PR5-4.8.2-f/restart",
       "A shared subscription outlives a restart",
       {v5("PR5-4.8.2-f")},
       {"forget-session-at-restart", "deliver-to-no-member"},
       shared_membership,
       need::shared_subscriptions},
  };
  for (const session_case& each : cases) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = each.covers,
            .needs = {need::qos2, need::restart, each.needed},
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
