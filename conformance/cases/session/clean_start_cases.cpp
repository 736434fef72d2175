// Clean Start 1: what was is gone, and what begins ends with the connection unless it is to last.
// MQTT 5.0 §3.1.2.4

#include "conformance/cases/session/session_cases.hpp"
#include "conformance/cases/support/lasting_session.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

// A session with a subscription and a message that waits.
void leave_session_with_message(context& test) {
  client& device = test.connected("device", lasting_session(test));
  device.subscribe(test.topic("t"), qos::at_least_once);
  device.disconnect();
  test.connected("publisher").publish(test.topic("t"), "while away");
}

void session_is_discarded(context& test) {
  leave_session_with_message(test);
  client& clean = test.connecting("device", {.clean_start = true});
  clean.expect_session_present(false);
  prove_delivery(test, clean);
  clean.expect_no_publish();
}

void subscription_is_gone(context& test) {
  leave_session_with_message(test);
  client& other = test.connected("other");
  other.subscribe(test.topic("t"), qos::at_least_once);
  client& clean = test.connected("device", {.clean_start = true});
  test.connected("publisher").publish(test.topic("t"), "now");
  other.receive("now");
  clean.expect_quiet();
}

void discarded_for_good(context& test) {
  leave_session_with_message(test);
  test.connected("device", {.clean_start = true}).disconnect();
  client& again = test.connecting("device", lasting_session(test));
  again.expect_session_present(false);
  prove_delivery(test, again);
  again.expect_no_publish();
}

// A session of CleanSession 1, or in 5.0 without Session Expiry Interval, ends with its connection.
void ends_with_the_connection(context& test, bool by_disconnect) {
  client& brief = test.connected("device");
  brief.subscribe(test.topic("t"), qos::at_least_once);
  if (by_disconnect) {
    brief.disconnect();
  } else {
    brief.drop();
  }
  // Control: one that is to last does, so that the broker has sessions at all.
  test.connected("lasting", lasting_session(test)).disconnect();
  test.connected("publisher").publish(test.topic("t"), "while away");
  client& again = test.connecting("device", lasting_session(test));
  again.expect_session_present(false);
  again.expect_no_publish();
  test.connecting("lasting", lasting_session(test)).expect_session_present(true);
}

void clean_session_may_last(context& test) {
  client& device = test.connected("device", lasting_session(test, true));
  device.subscribe(test.topic("t"), qos::at_least_once);
  device.disconnect();
  client& again = test.connecting("device", lasting_session(test));
  again.expect_session_present(true);
  test.connected("publisher").publish(test.topic("t"), "x");
  again.expect_publish("x");
}

void retained_message_outlives_the_session(context& test, bool by_disconnect) {
  client& device = test.connected("device");
  device.publish(test.topic("t"), "kept", qos::at_least_once, true);
  if (by_disconnect) {
    device.disconnect();
  } else {
    device.drop();
  }
  client& late = test.connected("late");
  late.subscribe(test.topic("t"), qos::at_least_once);
  late.expect_publish("kept");
}

void retained_message_outlives_clean_start(context& test) {
  client& device = test.connected("device", lasting_session(test));
  device.publish(test.topic("t"), "kept", qos::at_least_once, true);
  device.disconnect();
  client& clean = test.connected("device", {.clean_start = true});
  clean.subscribe(test.topic("t"), qos::at_least_once);
  clean.expect_publish("kept");
}

}  // namespace

void add_clean_start_cases(suite& to) {
  const auto covers = [] {
    return std::vector<statement_name>{v5("MQTT-3.1.2-4"), v5("MQTT-3.1.4-4"), v5("MQTT-3.2.2-2"),
                                       v3("MQTT-3.1.2-6"), v3("MQTT-3.1.4-3"), v3("MQTT-3.2.2-1")};
  };
  to.add({.id = "MQTT-3.1.2-4/discarded",
          .title = "Clean Start 1 discards the stored session and the messages in it",
          .covers = covers(),
          .needs = {need::qos1},
          .defects = {"keep-session-at-clean-start", "claim-session-present"},
          .body = session_is_discarded});
  to.add({.id = "MQTT-3.1.2-4/subscription-gone",
          .title = "Clean Start 1 discards the subscriptions of the stored session",
          .covers = covers(),
          .needs = {need::qos1},
          .defects = {"keep-session-at-clean-start"},
          .body = subscription_is_gone});
  to.add({.id = "MQTT-3.1.2-4/for-good",
          .title = "A session that Clean Start 1 discarded does not come back",
          .covers = covers(),
          .needs = {need::qos1},
          .defects = {"keep-session-that-ends"},
          .body = discarded_for_good});
  for (const bool by_disconnect : {true, false}) {
    to.add({.id = std::string("PR5-3.1.2.11.2-a/ends-") +
                  (by_disconnect ? "at-disconnect" : "at-drop"),
            .title = std::string("A session that is not to last ends ") +
                     (by_disconnect ? "at DISCONNECT" : "when the connection breaks"),
            .covers = {v5("PR5-3.1.2.11.2-a"), v5("MQTT-4.1.0-2"), v5("MQTT-3.2.2-3"),
                       v3("MQTT-3.1.2-6"), v3("MQTT-3.2.2-3")},
            .needs = {need::qos1},
            .defects = {"keep-session-that-ends", "claim-session-present"},
            .body = [by_disconnect](context& test) {
              ends_with_the_connection(test, by_disconnect);
            }});
    to.add(
        {.id = std::string("PR5-4.1-a/retained-after-") + (by_disconnect ? "disconnect" : "drop"),
         .title = std::string("A retained message outlives a session that ends ") +
                  (by_disconnect ? "at DISCONNECT" : "when the connection breaks"),
         .covers = {v5("PR5-4.1-a"), v3("MQTT-3.1.2-7"), v3("PR3-4.1-a")},
         .needs = {need::retained, need::qos1},
         .defects = {"delete-retained-with-session"},
         .body = [by_disconnect](context& test) {
           retained_message_outlives_the_session(test, by_disconnect);
         }});
  }
  to.add({.id = "PR5-4.1-a/retained-after-clean-start",
          .title = "A retained message outlives a session that Clean Start 1 discards",
          .covers = {v5("PR5-4.1-a"), v3("MQTT-3.1.2-7")},
          .needs = {need::retained, need::qos1},
          .defects = {"delete-retained-with-session"},
          .body = retained_message_outlives_clean_start});
  to.add(
      {.id = "MQTT-3.1.2-23/begun-by-clean-start",
       .title = "A session begun with Clean Start 1 lasts as long as its Session Expiry Interval",
       .covers = {v5("MQTT-3.1.2-23"), v5("MQTT-3.2.2-3")},
       .needs = {need::qos1},
       .defects = {"forget-session-at-disconnect"},
       .body = clean_session_may_last});
}

}  // namespace gauntlet::conformance
