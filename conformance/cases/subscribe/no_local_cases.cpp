// No Local: a client does not get its own messages back. MQTT 5.0 §3.8.3.1

#include "conformance/cases/subscribe/subscribe_cases.hpp"
#include "conformance/cases/support/deliveries.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

const mqtt::subscription_options no_local{.no_local = true};

// A client publishes to itself: nothing comes. The other's message shows that the path is open.
void own_messages(context& test, qos of) {
  client& c = test.connected("client");
  client& watcher = test.connected("watcher");
  c.subscribe(test.topic("t"), of, no_local);
  watcher.subscribe(test.topic("t"), of);
  c.publish(test.topic("t"), "own", of);
  watcher.receive("own");
  test.connected("other").publish(test.topic("t"), "of another", of);
  expect_only(c, {"of another"});
}

void own_at_qos0(context& test) { own_messages(test, qos::at_most_once); }
void own_at_qos1(context& test) { own_messages(test, qos::at_least_once); }
void own_at_qos2(context& test) { own_messages(test, qos::exactly_once); }

void not_after_a_resume(context& test) {
  client& before = test.connected("client", lasting_connect(test.version(), true));
  before.subscribe(test.topic("t"), qos::at_least_once, no_local);
  before.publish(test.topic("t"), "own");
  before.drop();
  test.connected("other").publish(test.topic("t"), "of another");
  client& c = test.connected("client", lasting_connect(test.version()));
  expect_only(c, {"of another"});
}

void kept_in_the_session(context& test) {
  client& before = test.connected("client", lasting_connect(test.version(), true));
  before.subscribe(test.topic("t"), qos::at_least_once, no_local);
  before.disconnect();
  client& c = test.connected("client", lasting_connect(test.version()));
  c.publish(test.topic("t"), "own");
  test.connected("other").publish(test.topic("t"), "of another");
  expect_only(c, {"of another"});
}

void turned_on(context& test) {
  client& c = test.connected("client");
  c.subscribe(test.topic("t"), qos::at_least_once);
  c.publish(test.topic("t"), "first");
  c.receive("first");
  c.subscribe(test.topic("t"), qos::at_least_once, no_local);
  c.publish(test.topic("t"), "second");
  test.connected("other").publish(test.topic("t"), "of another");
  expect_only(c, {"of another"});
}

void turned_off(context& test) {
  client& c = test.connected("client");
  c.subscribe(test.topic("t"), qos::at_least_once, no_local);
  c.subscribe(test.topic("t"), qos::at_least_once);
  c.publish(test.topic("t"), "own");
  c.acknowledge(c.expect_publish("own"));
}

void with_a_wildcard(context& test) {
  client& c = test.connected("client");
  c.subscribe(test.topic("a/+"), qos::at_least_once, no_local);
  c.publish(test.topic("a/b"), "own");
  test.connected("other").publish(test.topic("a/b"), "of another");
  expect_only(c, {"of another"});
}

// The overlapping subscription without No Local brings the message, the other one does not.
void beside_a_plain_one(context& test) {
  client& c = test.connected("client");
  c.subscribe(test.topic("a/+"), qos::at_most_once, no_local);
  c.subscribe(test.topic("a/b"), qos::at_most_once);
  c.publish(test.topic("a/b"), "own", qos::at_most_once);
  expect_only(c, {"own"});
}

void each_client_for_itself(context& test) {
  client& first = test.connected("first");
  client& second = test.connected("second");
  first.subscribe(test.topic("t"), qos::at_least_once, no_local);
  second.subscribe(test.topic("t"), qos::at_least_once, no_local);
  first.publish(test.topic("t"), "of the first");
  second.publish(test.topic("t"), "of the second");
  expect_only(first, {"of the second"});
  expect_only(second, {"of the first"});
}

void others_come(context& test) {
  client& c = test.connected("client");
  c.subscribe(test.topic("t"), qos::at_least_once, no_local);
  test.connected("other").publish(test.topic("t"), "of another");
  c.acknowledge(c.expect_publish("of another"));
}

void retained_own_message(context& test) {
  client& c = test.connected("client");
  c.publish(test.topic("t"), "own", qos::at_least_once, true);
  c.subscribe(test.topic("t"), qos::at_least_once, no_local);
  test.connected("other").publish(test.topic("t"), "of another");
  // Whether the retained message counts as its own is not laid down; the live one has to come.
  c.acknowledge(c.expect_publish("of another"));
}

struct no_local_case {
  const char* id;
  const char* title;
  std::vector<need> needs;
  std::vector<caught_defect> defects;
  void (*body)(context&);
};

}  // namespace

void add_no_local_cases(suite& to) {
  const std::vector<no_local_case> cases = {
      {"MQTT-3.8.3-3/qos0",
       "With No Local a client's own QoS 0 message does not come back",
       {},
       {"ignore-no-local"},
       own_at_qos0},
      {"MQTT-3.8.3-3/qos1",
       "With No Local a client's own QoS 1 message does not come back",
       {need::qos1},
       {"ignore-no-local"},
       own_at_qos1},
      {"MQTT-3.8.3-3/qos2",
       "With No Local a client's own QoS 2 message does not come back",
       {need::qos2},
       {"ignore-no-local"},
       own_at_qos2},
      {"MQTT-3.8.3-3/resumed",
       "A client's own message does not come after a resume either",
       {need::qos1},
       {"ignore-no-local"},
       not_after_a_resume},
      {"MQTT-3.8.3-3/session",
       "No Local is kept with the session",
       {need::qos1},
       {"ignore-no-local"},
       kept_in_the_session},
      {"MQTT-3.8.3-3/turned-on",
       "A repeated subscribe turns No Local on",
       {need::qos1},
       {"ignore-no-local", "keep-older-subscription"},
       turned_on},
      {"MQTT-3.8.3-3/turned-off",
       "A repeated subscribe turns No Local off",
       {need::qos1},
       {"keep-older-subscription", "withhold-from-publisher"},
       turned_off},
      {"MQTT-3.8.3-3/wildcard",
       "No Local holds for a filter with a wildcard",
       {need::qos1, need::wildcard_subscriptions},
       {"ignore-no-local"},
       with_a_wildcard},
      {"MQTT-3.8.3-3/beside-plain",
       "No Local holds for its own subscription, not for others",
       {need::wildcard_subscriptions},
       {"withhold-from-publisher"},
       beside_a_plain_one},
      {"MQTT-3.8.3-3/each-client",
       "With No Local each client gets the messages of the others",
       {need::qos1},
       {"ignore-no-local", "withhold-from-no-local-subscription"},
       each_client_for_itself},
      {"MQTT-3.8.3-3/others",
       "With No Local the messages of others come",
       {need::qos1},
       {"withhold-from-no-local-subscription"},
       others_come},
      {"MQTT-3.8.3-3/retained",
       "A message retained before does not close a No Local subscription",
       {need::qos1, need::retained},
       {"withhold-from-no-local-subscription"},
       retained_own_message},
  };
  for (const no_local_case& each : cases) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = {v5("MQTT-3.8.3-3")},
            .needs = each.needs,
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
