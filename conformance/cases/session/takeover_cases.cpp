// A client that connects while its Client Identifier is connected. MQTT 5.0 §3.1.4

#include <fmt/format.h>

#include "conformance/cases/session/session_cases.hpp"
#include "conformance/cases/support/lasting_session.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

void existing_client_is_ended(context& test) {
  client& existing = test.connected("device");
  client& next = test.connecting("device");
  next.expect_connack();
  existing.expect_close({{reason_code::session_taken_over}});
  prove_delivery(test, next);
}

void newcomer_is_served(context& test) {
  client& existing = test.connected("device");
  client& other = test.connected("other");
  client& next = test.connecting("device");
  next.expect_connack();
  existing.expect_close();
  next.subscribe(test.topic("t"), qos::at_least_once);
  other.publish(test.topic("t"), "x");
  next.expect_publish("x");
}

void each_in_turn(context& test) {
  client* existing = &test.connected("device");
  for (int i = 0; i < 3; ++i) {
    client& next = test.connecting("device");
    next.expect_connack();
    existing->expect_close();
    existing = &next;
  }
  prove_delivery(test, *existing);
}

// The DISCONNECT is told as a fact, not as a demand.
void existing_client_is_told(context& test) {
  client& existing = test.connected("device");
  test.connected("device").ping();
  existing.expect<mqtt::disconnect>("DISCONNECT 0x8E (Session taken over)", {},
                                    [](const mqtt::disconnect& came) {
                                      return came.reason_code == reason_code::session_taken_over;
                                    });
  existing.expect_bare_close();
}

void session_is_resumed(context& test) {
  client& existing = test.connected("device", lasting_session(test, true));
  existing.subscribe(test.topic("t"), qos::at_least_once);
  client& next = test.connecting("device", lasting_session(test));
  next.expect_session_present(true);
  existing.expect_close();
  test.connected("publisher").publish(test.topic("t"), "x");
  next.expect_publish("x");
}

void session_is_discarded(context& test) {
  client& other = test.connected("other");
  other.subscribe(test.topic("t"), qos::at_least_once);
  client& existing = test.connected("device", lasting_session(test));
  existing.subscribe(test.topic("t"), qos::at_least_once);
  client& next = test.connecting("device", {.clean_start = true});
  next.expect_session_present(false);
  existing.expect_close();
  test.connected("publisher").publish(test.topic("t"), "x");
  other.receive("x");
  next.expect_quiet();
}

void delivery_is_made_again(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.publish("x", qos::at_least_once);
  path.to->take("x");
  client& next = test.connecting(path.to->name(), resumable(test));
  next.expect_session_present(true);
  next.expect_publish(
      "x", [](const mqtt::publish& came) { return came.dup; }, "DUP 1");
}

void others_stay(context& test) {
  client& other = test.connected("other");
  other.subscribe(test.topic("t"), qos::at_least_once);
  client& existing = test.connected("device");
  client& next = test.connected("device");
  existing.expect_close();
  next.publish(test.topic("t"), "x");
  other.expect_publish("x");
}

}  // namespace

void add_takeover_cases(suite& to) {
  const auto add = [&](std::string word, std::string title, std::vector<statement_name> covers,
                       std::vector<caught_defect> defects, std::function<void(context&)> body) {
    covers.push_back(v5("MQTT-3.1.4-3"));
    covers.push_back(v3("MQTT-3.1.4-2"));
    to.add({.id = "MQTT-3.1.4-3/" + std::move(word),
            .title = std::move(title),
            .covers = std::move(covers),
            .needs = {need::qos1},
            .defects = std::move(defects),
            .body = std::move(body)});
  };
  add("existing-client", "A second client with the same Client Identifier ends the first", {},
      {"leave-existing-client-connected", "refuse-client-already-connected"},
      existing_client_is_ended);
  add("newcomer", "A client that takes over is served", {},
      {"refuse-client-already-connected", "leave-existing-client-connected"}, newcomer_is_served);
  add("each-in-turn", "Each of several clients with the same Client Identifier ends the one before",
      {}, {"leave-existing-client-connected", "refuse-client-already-connected"}, each_in_turn);
  add("session-resumed", "A client that takes over with Clean Start 0 resumes the session",
      {v5("MQTT-3.1.4-4"), v5("MQTT-3.2.2-3"), v3("MQTT-3.1.4-3"), v3("MQTT-3.2.2-2")},
      {"deny-session-present", "forget-subscriptions-at-resume"}, session_is_resumed);
  add("session-discarded", "A client that takes over with Clean Start 1 discards the session",
      {v5("MQTT-3.1.4-4"), v5("MQTT-3.2.2-2"), v3("MQTT-3.1.4-3"), v3("MQTT-3.2.2-1")},
      {"keep-session-at-clean-start"}, session_is_discarded);
  add("delivery-again", "A delivery unacknowledged at the takeover is made to the newcomer", {},
      {"forget-session-at-disconnect"}, delivery_is_made_again);
  add("others", "A takeover leaves other clients connected", {},
      {"leave-existing-client-connected"}, others_stay);
  to.add({.id = "MQTT-3.1.4-3/told",
          .title = "A client that is taken over is told so by DISCONNECT 0x8E",
          .covers = {v5("MQTT-3.1.4-3"), v5("MQTT-3.14.4-2")},
          .defects = {"omit-session-taken-over"},
          .level = requirement_level::should,
          .body = existing_client_is_told});
}

}  // namespace gauntlet::conformance
