// Sessions begun in one version and gone on with in the other, which is the test's.
//
// That a session outlives a change of version is not laid down. A broker that begins a new one says
// so with Session Present 0, and then nothing is judged; with Session Present 1 all of it has to be
// there.

#include <fmt/format.h>

#include "conformance/cases/mixed_versions/mixed_versions_cases.hpp"
#include "conformance/cases/mixed_versions/version_pair.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

client& begun(context& test) {
  return other_client(test, "device", lasting_connect(other_version(test), true));
}

// Connects in the test's version; undecided if the broker did not keep the session.
client& resumed(context& test) {
  client& device = test.open("device");
  mqtt::connect packet = lasting_connect(test.version());
  packet.client_id = test.client_id("device");
  const mqtt::connack answer = device.connect(packet);
  if (!answer.session_present) {
    test.leave_undecided("the broker begins a new session where the version changes");
  }
  return device;
}

void subscriptions(context& test) {
  client& before = begun(test);
  before.subscribe(test.topic("t"), qos::at_least_once);
  before.disconnect();
  client& device = resumed(test);
  test.connected("publisher").publish(test.topic("t"), "x");
  device.acknowledge(device.expect_publish("x"));
}

void queued_messages(context& test, qos of) {
  client& before = begun(test);
  before.subscribe(test.topic("t"), of);
  before.disconnect();
  client& publisher = test.connected("publisher");
  for (const char* payload : {"1", "2"}) publisher.publish(test.topic("t"), payload, of);
  expect_only(resumed(test), {"1", "2"});
}

void queued_at_qos1(context& test) { queued_messages(test, qos::at_least_once); }
void queued_at_qos2(context& test) { queued_messages(test, qos::exactly_once); }

void in_flight(context& test) {
  client& before = begun(test);
  before.subscribe(test.topic("t"), qos::at_least_once);
  test.connected("publisher").publish(test.topic("t"), "x");
  const std::uint16_t identifier = before.take("x").packet_identifier;
  before.drop();
  client& device = resumed(test);
  device.acknowledge(device.expect_publish(
      "x",
      [identifier](const mqtt::publish& came) {
        return came.dup && came.packet_identifier == identifier;
      },
      fmt::format("DUP 1 and Packet Identifier {}", identifier)));
}

void owed_pubrel(context& test) {
  client& before = begun(test);
  before.subscribe(test.topic("t"), qos::exactly_once);
  test.connected("publisher").publish(test.topic("t"), "x", qos::exactly_once);
  const std::uint16_t identifier = before.take("x").packet_identifier;
  before.send(mqtt::pubrec{.packet_identifier = identifier});
  const auto is_its = [identifier](const mqtt::pubrel& came) {
    return came.packet_identifier == identifier;
  };
  before.expect<mqtt::pubrel>("PUBREL", is_its);
  before.drop();
  client& device = resumed(test);
  device.expect<mqtt::pubrel>("PUBREL again", is_its);
  device.send(mqtt::pubcomp{.packet_identifier = identifier});
  device.ping();
}

// A QoS 2 message that was taken over but not released is no new one in the other version.
void inbound_identifiers(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::exactly_once);
  client& before = begun(test);
  mqtt::publish packet = message(test.topic("t"), "x", qos::exactly_once);
  packet.packet_identifier = 17;
  before.publish_unreleased(packet);
  before.drop();
  client& device = resumed(test);
  packet.dup = true;
  device.publish_unreleased(packet);
  device.send(mqtt::pubrel{.packet_identifier = 17});
  device.expect<mqtt::pubcomp>("PUBCOMP for packet 17");
  expect_only(watcher, {"x"});
}

void discarded(context& test) {
  client& before = begun(test);
  before.subscribe(test.topic("t"), qos::at_least_once);
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("t"), "control");
  before.receive("control");
  before.disconnect();
  client& device = test.open("device");
  device.send_connect({.client_id = test.client_id("device"), .clean_start = true});
  device.expect_session_present(false);
  publisher.publish(test.topic("t"), "too late");
  device.expect_quiet();
}

void taken_over(context& test) {
  client& existing = other_client(test, "device");
  client& bystander = other_client(test, "bystander");
  client& next = test.connected("device");
  existing.expect_close({{mqtt::reason_code::session_taken_over}});
  next.ping();
  bystander.ping();
}

// A subscription with options that 3.1.1 does not have is held by a session that 3.1.1 resumes.
void options_in_a_3_1_1_session(context& test) {
  client& before = begun(test);
  before.subscribe(mqtt::subscribe{
      .subscriptions = {{test.topic("t"),
                         {.maximum_qos = qos::at_least_once, .retain_as_published = true}}},
      .properties = {mqtt::subscription_identifier(5)}});
  before.disconnect();
  client& publisher = test.connected("publisher", {}, other_version(test));
  publisher.publish(message_with({mqtt::user_property("a", "1")}, test.topic("t"), "queued"));
  client& device = resumed(test);
  publisher.publish(message_with({mqtt::user_property("a", "1")}, test.topic("t"), "live"));
  device.acknowledge(device.expect_publish("queued"));
  device.acknowledge(device.expect_publish("live"));
}

void replaced_subscription(context& test) {
  client& before = begun(test);
  before.subscribe(test.topic("t"), qos::at_most_once);
  before.disconnect();
  client& device = resumed(test);
  device.subscribe(test.topic("t"), qos::at_least_once);
  test.connected("publisher").publish(test.topic("t"), "x");
  device.acknowledge(device.expect_publish(
      "x", [](const mqtt::publish& came) { return came.qos == qos::at_least_once; }, "QoS 1"));
  device.expect_quiet();
}

void given_up_subscription(context& test) {
  client& before = begun(test);
  before.subscribe(test.topic("t"), qos::at_least_once);
  before.disconnect();
  client& device = resumed(test);
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("t"), "control");
  device.receive("control");
  expect_unsuback(device, {test.topic("t")});
  publisher.publish(test.topic("t"), "too late");
  device.expect_quiet();
}

struct session_case {
  const char* id;
  const char* title;
  std::vector<statement_name> covers;
  std::vector<caught_defect> defects;
  void (*body)(context&);
};

}  // namespace

void add_mixed_session_cases(suite& to) {
  const auto v3_only = caught_defect::in::v3_1_1_only;
  const std::vector<session_case> cases = {
      {"MQTT-3.1.2-5/mixed",
       "A session resumed in the other version has its subscriptions",
       {v5("MQTT-3.1.2-5"), v3("MQTT-3.1.2-4")},
       {"forget-subscriptions-at-resume"},
       subscriptions},
      {"PR5-4.1-b/mixed-queued-qos1",
       "QoS 1 messages wait for a session that changes its version",
       {v5("PR5-4.1-b"), v3("MQTT-3.1.2-5")},
       {"forget-queued-messages"},
       queued_at_qos1},
      {"PR5-4.1-b/mixed-queued-qos2",
       "QoS 2 messages wait for a session that changes its version",
       {v5("PR5-4.1-b"), v3("MQTT-3.1.2-5")},
       {"forget-queued-messages"},
       queued_at_qos2},
      {"MQTT-4.4.0-1/mixed",
       "An unacknowledged message is sent again in the other version",
       {v5("MQTT-4.4.0-1"), v5("MQTT-3.3.1-1"), v3("MQTT-4.4.0-1"), v3("MQTT-3.3.1-1")},
       {"omit-redelivery", "redeliver-without-dup", "redeliver-with-new-identifier"},
       in_flight},
      {"MQTT-4.4.0-1/mixed-pubrel",
       "An owed PUBREL is sent again in the other version",
       {v5("MQTT-4.4.0-1"), v3("MQTT-4.4.0-1")},
       {"omit-pubrel-at-resume"},
       owed_pubrel},
      {"MQTT-4.3.3-10/mixed",
       "A QoS 2 message is taken over once although the version changes",
       {v5("MQTT-4.3.3-10"), v3("MQTT-4.3.3-2")},
       {"forget-inbound-identifiers-at-resume"},
       inbound_identifiers},
      {"MQTT-3.1.2-4/mixed",
       "A clean start discards the session of the other version",
       {v5("MQTT-3.1.2-4"), v5("MQTT-3.2.2-2"), v3("MQTT-3.1.2-6"), v3("MQTT-3.2.2-1")},
       {"keep-session-at-clean-start", "keep-subscriptions-at-clean-start",
        "claim-session-present"},
       discarded},
      {"MQTT-3.1.4-3/mixed",
       "A client of this version takes over from one of the other",
       {v5("MQTT-3.1.4-3"), v3("MQTT-3.1.4-2")},
       {"leave-existing-client-connected"},
       taken_over},
      {"PR3-7.1.1-a/mixed-session",
       "A 3.1.1 session with subscriptions of 5.0 gets no properties",
       {v3("PR3-7.1.1-a")},
       {{"send-properties-in-publish-of-3-1-1", v3_only}},
       options_in_a_3_1_1_session},
      {"MQTT-3.8.4-3/mixed",
       "A subscription of the other version can be replaced",
       {v5("MQTT-3.8.4-3"), v3("MQTT-3.8.4-3")},
       {"keep-older-subscription"},
       replaced_subscription},
      {"MQTT-3.10.4-1/mixed",
       "A subscription of the other version can be given up",
       {v5("MQTT-3.10.4-1"), v3("MQTT-3.10.4-1")},
       {"ignore-unsubscribe"},
       given_up_subscription},
  };
  for (const session_case& each : cases) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = each.covers,
            .needs = {need::qos2},
            .defects = each.defects,
            .body = between_versions(each.body)});
  }
}

}  // namespace gauntlet::conformance
