// What CONNACK announces, compared with what the broker then does: Maximum QoS and Retain
// Available. MQTT 5.0 §3.2.2.3.4, §3.2.2.3.5

#include <fmt/format.h>

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/suite/breach.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_id;
using mqtt::qos;
using mqtt::reason_code;

// The QoS that CONNACK permits.
qos permitted_by(const mqtt::connack& answer) {
  return static_cast<qos>(answer.properties.find<property_id::maximum_qos>().value_or(2));
}

void highest_qos_works(context& test) {
  client& c = test.connecting("c");
  const qos highest = permitted_by(c.expect_connack());
  if (highest == qos::at_most_once) return test.skip("its Maximum QoS is 0");
  c.send(publish_of(test.topic("t"), "x", highest, 1));
  if (highest == qos::at_least_once) {
    expect_puback(test, c, 1);
  } else {
    expect_pubrec(test, c, 1);
    release(c, 1);
  }
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::at_most_once);
  c.publish(test.topic("t"), "y", qos::at_most_once);
  watcher.expect_publish("y");
}

void higher_qos_is_refused(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::at_most_once);
  const qos highest = test.able().maximum_qos;
  const auto above = static_cast<qos>(static_cast<unsigned>(highest) + 1);
  expect_refused(test,
                 {.control = [&](client& c) { c.publish(test.topic("t"), "control", highest); },
                  .commit = [&](client& c) { c.send(publish_of(test.topic("t"), "x", above, 1)); },
                  .manner = {{reason_code::qos_not_supported}}});
  watcher.receive("control");
  watcher.expect_quiet();
}

mqtt::connect with_will_of(const context& test, qos level, bool retain) {
  return {.will = mqtt::will{
              .topic_name = test.topic("will"), .payload = {'x'}, .qos = level, .retain = retain}};
}

void higher_will_qos_is_refused(context& test) {
  const qos highest = test.able().maximum_qos;
  const auto above = static_cast<qos>(static_cast<unsigned>(highest) + 1);
  test.connected("control", with_will_of(test, highest, false)).ping();
  client& c = test.connecting("c", with_will_of(test, above, false));
  c.expect_close_within(test.answer_limit(), {{reason_code::qos_not_supported}});
  test.expect_served();
}

void any_subscription_is_granted(context& test, qos asked) {
  client& c = test.connected("c");
  c.send(mqtt::subscribe{.packet_identifier = 1,
                         .subscriptions = {{test.topic("t"), {.maximum_qos = asked}}}});
  c.expect<mqtt::suback>("SUBACK that grants the subscription", {}, [](const mqtt::suback& came) {
    return came.reason_codes.size() == 1 && !mqtt::is_error(came.reason_codes[0]);
  });
  c.publish(test.topic("t"), "x", qos::at_most_once);
  c.expect_publish("x");
}

void retained_message_is_refused(context& test) {
  expect_refused(
      test,
      {.control = [&](client& c) { c.publish(test.topic("t"), "x", qos::at_most_once, false); },
       .commit = [&](client& c) { c.publish(test.topic("t"), "x", qos::at_most_once, true); },
       .manner = {{reason_code::retain_not_supported}}});
}

void retained_will_is_refused(context& test) {
  test.connected("control", with_will_of(test, qos::at_most_once, false)).ping();
  client& c = test.connecting("c", with_will_of(test, qos::at_most_once, true));
  c.expect_close_within(test.answer_limit(), {{reason_code::retain_not_supported}});
  test.expect_served();
}

// The broker that announces no limit keeps the message.
void retained_messages_as_announced(context& test) {
  client& c = test.connecting("c");
  const auto answer = c.expect_connack();
  if (answer.properties.find<property_id::retain_available>().value_or(1) == 0) {
    return test.skip("it announces Retain Available 0");
  }
  c.publish(test.topic("t"), "kept", qos::at_least_once, true);
  client& late = test.connected("late");
  late.subscribe(test.topic("t"), qos::at_least_once);
  late.expect_publish("kept");
}

}  // namespace

void add_announced_cases(suite& to) {
  to.add({.id = "MQTT-3.2.2-9/works",
          .title = "The highest QoS that CONNACK permits works",
          .covers = {v5("MQTT-3.2.2-9")},
          .defects = {"omit-maximum-qos"},
          .body = highest_qos_works});
  to.add({.id = "PE-3.2.2.3.4-b/above",
          .title = "A message above the Maximum QoS ends the connection, and nobody gets it",
          .covers = {v5("PE-3.2.2.3.4-b"), v5("MQTT-3.2.2-11")},
          .needs = {need::maximum_qos_below_2},
          .defects = {"accept-publish-above-maximum-qos"},
          .body = higher_qos_is_refused});
  to.add({.id = "MQTT-3.2.2-12/above",
          .title = "A will above the Maximum QoS is refused",
          .covers = {v5("MQTT-3.2.2-12")},
          .needs = {need::maximum_qos_below_2},
          .defects = {"accept-will-above-maximum-qos"},
          .body = higher_will_qos_is_refused});
  to.add({.id = "MQTT-3.2.2-10/granted",
          .title = "A subscription for QoS 2 is granted, whatever the Maximum QoS",
          .covers = {v5("MQTT-3.2.2-10")},
          .needs = {need::maximum_qos_below_2},
          .defects = {"refuse-subscribe-above-maximum-qos"},
          .body = [](context& test) { any_subscription_is_granted(test, qos::exactly_once); }});
  to.add({.id = "PE-3.2.2.3.5-b/retained",
          .title = "A message with RETAIN 1 ends the connection where Retain Available is 0",
          .covers = {v5("PE-3.2.2.3.5-b"), v5("MQTT-3.2.2-14")},
          .needs = {need::no_retained},
          .defects = {"accept-retain-when-not-available"},
          .body = retained_message_is_refused});
  to.add({.id = "MQTT-3.2.2-13/retained",
          .title = "A will with Will Retain 1 is refused where Retain Available is 0",
          .covers = {v5("MQTT-3.2.2-13")},
          .needs = {need::no_retained},
          .defects = {"accept-retained-will-when-not-available"},
          .body = retained_will_is_refused});
  to.add({.id = "MQTT-3.3.1-5/as-announced",
          .title = "A message with RETAIN 1 is retained unless CONNACK says otherwise",
          .covers = {v5("MQTT-3.3.1-5")},
          .needs = {need::qos1},
          .defects = {"forget-retained-message"},
          .body = retained_messages_as_announced});
}

}  // namespace gauntlet::conformance
