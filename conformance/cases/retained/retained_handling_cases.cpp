// Retain Handling. MQTT 5.0 §3.8.3.1

#include "conformance/cases/retained/retained_cases.hpp"
#include "conformance/cases/retained/retained_stories.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::retain_handling;

const mqtt::subscription_options if_new{.retain_handling = retain_handling::send_if_new};
const mqtt::subscription_options never{.retain_handling = retain_handling::do_not_send};

void one_sends_to_a_new_subscription(context& test) {
  retain(test, "t", "kept");
  expect_retained(late_reader(test, "reader", "t", qos::at_least_once, if_new), "kept");
}

void one_does_not_send_again(context& test) {
  retain(test, "t", "kept");
  client& reader = late_reader(test, "reader", "t", qos::at_least_once, if_new);
  expect_retained(reader, "kept");
  reader.subscribe(test.topic("t"), qos::at_least_once, if_new);
  reader.expect_quiet();
}

// The subscription exists, whatever Retain Handling it was made with.
void one_looks_at_the_filter_only(context& test) {
  retain(test, "t", "kept");
  client& reader = late_reader(test, "reader", "t", qos::at_most_once);
  reader.receive("kept");
  mqtt::subscription_options changed = if_new;
  changed.retain_as_published = true;
  reader.subscribe(test.topic("t"), qos::at_least_once, changed);
  reader.expect_quiet();
}

void one_does_not_send_in_a_resumed_session(context& test) {
  retain(test, "t", "kept");
  client& reader = test.connected("reader", lasting_connect(test.version(), true));
  reader.subscribe(test.topic("t"), qos::at_least_once, if_new);
  expect_retained(reader, "kept");
  reader.ping();  // the acknowledgement has arrived, so that nothing is owed
  reader.disconnect();
  client& again = test.connected("reader", lasting_connect(test.version()));
  again.subscribe(test.topic("t"), qos::at_least_once, if_new);
  again.expect_quiet();
}

void one_sends_in_a_new_session(context& test) {
  retain(test, "t", "kept");
  client& reader = test.connected("reader", lasting_connect(test.version(), true));
  reader.subscribe(test.topic("t"), qos::at_least_once, if_new);
  expect_retained(reader, "kept");
  reader.disconnect();
  client& again = test.connected("reader", lasting_connect(test.version(), true));
  again.subscribe(test.topic("t"), qos::at_least_once, if_new);
  expect_retained(again, "kept");
}

void one_sends_after_unsubscribe(context& test) {
  retain(test, "t", "kept");
  client& reader = late_reader(test, "reader", "t", qos::at_least_once, if_new);
  expect_retained(reader, "kept");
  reader.unsubscribe(test.topic("t"));
  reader.subscribe(test.topic("t"), qos::at_least_once, if_new);
  expect_retained(reader, "kept");
}

void one_sends_for_another_filter(context& test) {
  retain(test, "a/b", "kept");
  client& reader = late_reader(test, "reader", "a/b", qos::at_least_once, if_new);
  expect_retained(reader, "kept");
  reader.subscribe(test.topic("a/+"), qos::at_least_once, if_new);
  expect_retained(reader, "kept");
}

void one_for_a_wildcard(context& test) {
  retain(test, "a/1", "1");
  retain(test, "a/2", "2");
  client& reader = late_reader(test, "reader", "a/#", qos::at_least_once, if_new);
  expect_only(reader, {"1", "2"});
  reader.subscribe(test.topic("a/#"), qos::at_least_once, if_new);
  reader.expect_quiet();
}

void two_sends_none(context& test) {
  retain(test, "t", "kept");
  expect_retained(late_reader(test, "control", "t"), "kept");
  late_reader(test, "reader", "t", qos::at_least_once, never).expect_quiet();
}

void two_sends_none_again(context& test) {
  retain(test, "t", "kept");
  client& reader = late_reader(test, "reader", "t");
  expect_retained(reader, "kept");
  reader.subscribe(test.topic("t"), qos::at_least_once, never);
  reader.expect_quiet();
}

void two_for_a_wildcard(context& test) {
  retain(test, "a/1", "1");
  retain(test, "a/2", "2");
  expect_only(late_reader(test, "control", "a/+"), {"1", "2"});
  late_reader(test, "reader", "a/+", qos::at_least_once, never).expect_quiet();
}

void two_does_not_keep_live_messages_away(context& test) {
  retain(test, "t", "kept");
  client& reader = late_reader(test, "reader", "t", qos::at_least_once, never);
  retain(test, "t", "live");
  expect_only(reader, {"live"});
}

void zero_after_two(context& test) {
  retain(test, "t", "kept");
  client& reader = late_reader(test, "reader", "t", qos::at_least_once, never);
  reader.subscribe(test.topic("t"), qos::at_least_once);
  expect_retained(reader, "kept");
}

void each_filter_has_its_own(context& test) {
  retain(test, "zero", "0");
  retain(test, "one", "1");
  retain(test, "two", "2");
  client& reader = test.connected("reader");
  mqtt::subscription_options always{.maximum_qos = qos::at_least_once};
  mqtt::subscription_options new_only = if_new;
  mqtt::subscription_options none = never;
  reader.subscribe(mqtt::subscribe{.subscriptions = {{test.topic("zero"), always},
                                                     {test.topic("one"), new_only},
                                                     {test.topic("two"), none}}});
  expect_only(reader, {"0", "1"});
}

struct handling_case {
  const char* id;
  const char* title;
  const char* statement;
  std::vector<caught_defect> defects;
  void (*body)(context&);
  bool wildcard = false;
};

const std::vector<handling_case>& handling_cases() {
  static const std::vector<handling_case> all = {
      {"MQTT-3.3.1-10/new",
       "Retain Handling 1 sends the retained message to a new subscription",
       "MQTT-3.3.1-10",
       {"omit-retained-with-retain-handling-1"},
       one_sends_to_a_new_subscription},
      {"MQTT-3.3.1-10/existing",
       "Retain Handling 1 sends nothing if the subscription existed",
       "MQTT-3.3.1-10",
       {"ignore-retain-handling"},
       one_does_not_send_again},
      {"MQTT-3.3.1-10/other-options",
       "For Retain Handling 1 a subscription exists whatever its options were",
       "MQTT-3.3.1-10",
       {"ignore-retain-handling"},
       one_looks_at_the_filter_only},
      {"MQTT-3.3.1-10/resumed",
       "For Retain Handling 1 the subscriptions of a resumed session exist",
       "MQTT-3.3.1-10",
       {"ignore-retain-handling", "forget-subscriptions-at-resume"},
       one_does_not_send_in_a_resumed_session},
      {"MQTT-3.3.1-10/new-session",
       "For Retain Handling 1 a new session has no subscriptions",
       "MQTT-3.3.1-10",
       {"omit-retained-with-retain-handling-1", "keep-subscriptions-at-clean-start"},
       one_sends_in_a_new_session},
      {"MQTT-3.3.1-10/after-unsubscribe",
       "For Retain Handling 1 a subscription is new again after UNSUBSCRIBE",
       "MQTT-3.3.1-10",
       {"omit-retained-with-retain-handling-1", "ignore-unsubscribe"},
       one_sends_after_unsubscribe},
      {"MQTT-3.3.1-10/another-filter",
       "For Retain Handling 1 a filter that overlaps one held is new",
       "MQTT-3.3.1-10",
       {"omit-retained-with-retain-handling-1"},
       one_sends_for_another_filter,
       true},
      {"MQTT-3.3.1-10/wildcard",
       "Retain Handling 1 holds for a filter with a wildcard",
       "MQTT-3.3.1-10",
       {"ignore-retain-handling"},
       one_for_a_wildcard,
       true},
      {"MQTT-3.3.1-11/new",
       "Retain Handling 2 sends no retained message to a new subscription",
       "MQTT-3.3.1-11",
       {"ignore-retain-handling"},
       two_sends_none},
      {"MQTT-3.3.1-11/existing",
       "Retain Handling 2 sends none to an existing one",
       "MQTT-3.3.1-11",
       {"ignore-retain-handling"},
       two_sends_none_again},
      {"MQTT-3.3.1-11/wildcard",
       "Retain Handling 2 holds for a filter with a wildcard",
       "MQTT-3.3.1-11",
       {"ignore-retain-handling"},
       two_for_a_wildcard,
       true},
      {"MQTT-3.3.1-11/live",
       "Retain Handling 2 does not keep later messages away",
       "MQTT-3.3.1-11",
       {"ignore-retain-handling", "forget-subscription"},
       two_does_not_keep_live_messages_away},
      {"MQTT-3.3.1-9/after-retain-handling-2",
       "Retain Handling 0 sends the retained message although the subscription existed",
       "MQTT-3.3.1-9",
       {"omit-retained-at-repeated-subscribe"},
       zero_after_two},
      {"MQTT-3.3.1-10/each-filter",
       "Each filter of a SUBSCRIBE has its own Retain Handling",
       "MQTT-3.3.1-10",
       {"ignore-retain-handling", "omit-retained-with-retain-handling-1"},
       each_filter_has_its_own},
  };
  return all;
}

}  // namespace

void add_retained_handling_cases(suite& to) {
  for (const handling_case& each : handling_cases()) {
    std::vector<need> needs = {need::qos1, need::retained};
    if (each.wildcard) needs.push_back(need::wildcard_subscriptions);
    to.add({.id = each.id,
            .title = each.title,
            .covers = {v5(each.statement)},
            .needs = needs,
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
