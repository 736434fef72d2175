// Sessions: resumed, discarded, taken over. MQTT 5.0 §3.1.2.4, §3.1.4, §4.1

#include "conformance/cases/session/session_cases.hpp"
#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

mqtt::connect lasting(const context& test, bool clean_start) {
  mqtt::connect packet{.clean_start = clean_start};
  if (test.is_v5()) packet.properties.add(mqtt::session_expiry_interval(60));
  return packet;
}

void session_is_resumed(context& test) {
  client& first = test.connected("device", lasting(test, test.is_v5()));
  first.subscribe(test.topic("t"), qos::at_least_once);
  first.disconnect();
  test.connected("publisher").publish(test.topic("t"), "while away");

  client& again = test.open("device");
  mqtt::connect packet = lasting(test, false);
  packet.client_id = test.client_id("device");
  again.send(again.prepared(packet));
  const mqtt::connack answer =
      again.expect<mqtt::connack>("CONNACK with Session Present 1", {},
                                  [](const mqtt::connack& came) { return came.session_present; });
  again.expect_publish("while away");
}

void existing_client_is_ended(context& test) {
  client& existing = test.connected("device");
  client& other = test.connected("other");
  client& next = test.connected("device");
  existing.expect_close({{mqtt::reason_code::session_taken_over}});
  next.ping();
  other.ping();
}

}  // namespace

void add_session_resume_cases(suite& to) {
  to.add(
      {.id = "MQTT-3.1.2-5/resumed",
       .title = "A session that was kept is resumed with its subscriptions and messages",
       .covers = {v5("MQTT-3.1.2-5"), v5("MQTT-3.2.2-3"), v3("MQTT-3.1.2-4"), v3("MQTT-3.1.2-5")},
       .needs = {need::qos1},
       .defects = {"forget-session-at-disconnect", "deny-session-present"},
       .body = session_is_resumed});
  to.add({.id = "MQTT-3.1.4-3/existing-client",
          .title = "A second client with the same Client Identifier ends the first",
          .covers = {v5("MQTT-3.1.4-3"), v3("MQTT-3.1.4-2")},
          .defects = {"leave-existing-client-connected"},
          .body = existing_client_is_ended});
}

}  // namespace gauntlet::conformance
