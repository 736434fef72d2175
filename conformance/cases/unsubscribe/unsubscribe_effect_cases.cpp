// Which subscriptions an UNSUBSCRIBE deletes, and which not. MQTT 5.0 §3.10.4

#include "conformance/cases/support/deliveries.hpp"
#include "conformance/cases/unsubscribe/unsubscribe_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

client& subscriber(context& test, std::initializer_list<const char*> tails) {
  client& c = test.connected("subscriber");
  for (const char* const tail : tails) c.subscribe(test.topic(tail), qos::at_least_once);
  return c;
}

// A message to `tail` comes, for the control of what is to stop.
void prove(context& test, client& to, const char* tail) {
  test.connected("control").publish(test.topic(tail), "control");
  to.receive("control");
}

void publish(context& test, const char* tail, std::string_view payload) {
  test.connected("publisher").publish(test.topic(tail), payload);
}

void deliveries_stop(context& test, qos of) {
  client& to = test.connected("subscriber");
  to.subscribe(test.topic("t"), of);
  test.connected("control").publish(test.topic("t"), "control", of);
  to.receive("control");
  expect_unsuback(to, {test.topic("t")});
  test.connected("publisher").publish(test.topic("t"), "too late", of);
  to.expect_quiet();
}

void stop_at_qos0(context& test) { deliveries_stop(test, qos::at_most_once); }
void stop_at_qos1(context& test) { deliveries_stop(test, qos::at_least_once); }
void stop_at_qos2(context& test) { deliveries_stop(test, qos::exactly_once); }

void wildcard_stops(context& test) {
  client& to = subscriber(test, {"a/#"});
  prove(test, to, "a/b");
  expect_unsuback(to, {test.topic("a/#")});
  publish(test, "a/b", "too late");
  to.expect_quiet();
}

void several_stop(context& test) {
  client& to = subscriber(test, {"one", "two", "three"});
  expect_unsuback(to, {test.topic("one"), test.topic("unknown"), test.topic("two")});
  for (const char* tail : {"one", "two", "three"}) publish(test, tail, tail);
  expect_only(to, {"three"});
}

void same_filter_twice(context& test) {
  client& to = subscriber(test, {"one", "two"});
  expect_unsuback(to, {test.topic("one"), test.topic("one")});
  for (const char* tail : {"one", "two"}) publish(test, tail, tail);
  expect_only(to, {"two"});
}

void wildcard_is_not_matched(context& test) {
  client& to = subscriber(test, {"a/b", "a/#"});
  expect_unsuback(to, {test.topic("a/#")});
  publish(test, "a/b", "still");
  expect_only(to, {"still"});
}

void plain_filter_leaves_the_wildcard(context& test) {
  client& to = subscriber(test, {"a/+", "a/b"});
  expect_unsuback(to, {test.topic("a/b")});
  publish(test, "a/b", "still");
  expect_only(to, {"still"});
}

// Filters that look alike: another case, a separator more, another wildcard.
void similar_filters_do_nothing(context& test) {
  client& to = subscriber(test, {"a/+"});
  expect_unsuback(to, {test.topic("A/+"), test.topic("a/+/"), test.topic("a/#"), test.topic("a/b"),
                       test.topic("a"), "/" + test.topic("a/+")});
  publish(test, "a/b", "still");
  expect_only(to, {"still"});
}

void other_clients_keep_theirs(context& test) {
  client& to = subscriber(test, {"t"});
  client& other = test.connected("other");
  other.subscribe(test.topic("t"), qos::at_least_once);
  expect_unsuback(to, {test.topic("t")});
  publish(test, "t", "still");
  expect_only(other, {"still"});
}

void subscribed_anew(context& test) {
  client& to = subscriber(test, {"t"});
  expect_unsuback(to, {test.topic("t")});
  to.subscribe(test.topic("t"), qos::at_least_once);
  publish(test, "t", "again");
  expect_only(to, {"again"});
}

void gone_for_good(context& test) {
  client& before = test.connected("subscriber", lasting_connect(test.version(), true));
  before.subscribe(test.topic("t"), qos::at_least_once);
  before.subscribe(test.topic("u"), qos::at_least_once);
  expect_unsuback(before, {test.topic("t")});
  before.disconnect();
  publish(test, "t", "too late");
  publish(test, "u", "in time");
  client& to = test.connected("subscriber", lasting_connect(test.version()));
  expect_only(to, {"in time"});
}

void in_a_resumed_session(context& test) {
  client& before = test.connected("subscriber", lasting_connect(test.version(), true));
  before.subscribe(test.topic("t"), qos::at_least_once);
  before.disconnect();
  client& to = test.connected("subscriber", lasting_connect(test.version()));
  prove(test, to, "t");
  expect_unsuback(to, {test.topic("t")});
  publish(test, "t", "too late");
  to.expect_quiet();
}

void retained_of_the_topic_stays(context& test) {
  client& to = subscriber(test, {"t"});
  test.connected("publisher").publish(test.topic("t"), "kept", qos::at_least_once, true);
  to.receive("kept");
  expect_unsuback(to, {test.topic("t")});
  to.subscribe(test.topic("t"), qos::at_least_once);
  to.acknowledge(to.expect_publish("kept"));
}

struct effect_case {
  const char* id;
  const char* title;
  std::vector<statement_name> covers;
  std::vector<caught_defect> defects;
  void (*body)(context&);
  need needed = need::qos1;
};

}  // namespace

void add_unsubscribe_effect_cases(suite& to) {
  const std::vector<statement_name> stops = {v5("MQTT-3.10.4-2"), v3("MQTT-3.10.4-2")};
  const std::vector<statement_name> deletes = {v5("MQTT-3.10.4-1"), v3("MQTT-3.10.4-1")};
  const std::vector<statement_name> several = {v5("MQTT-3.10.4-6"), v3("MQTT-3.10.4-6")};
  const std::vector<effect_case> cases = {
      {"MQTT-3.10.4-2/qos0",
       "After UNSUBSCRIBE no QoS 0 messages come",
       stops,
       {"ignore-unsubscribe"},
       stop_at_qos0},
      {"MQTT-3.10.4-2/qos1",
       "After UNSUBSCRIBE no QoS 1 messages come",
       stops,
       {"ignore-unsubscribe"},
       stop_at_qos1},
      {"MQTT-3.10.4-2/qos2",
       "After UNSUBSCRIBE no QoS 2 messages come",
       stops,
       {"ignore-unsubscribe"},
       stop_at_qos2,
       need::qos2},
      {"MQTT-3.10.4-2/wildcard",
       "UNSUBSCRIBE ends a subscription with a wildcard",
       stops,
       {"ignore-unsubscribe"},
       wildcard_stops,
       need::wildcard_subscriptions},
      {"MQTT-3.10.4-6/several",
       "UNSUBSCRIBE ends the subscriptions of all of its filters",
       several,
       {"unsubscribe-first-filter-only", "ignore-unsubscribe"},
       several_stop},
      {"MQTT-3.10.4-6/equal-filters",
       "A filter may stand twice in an UNSUBSCRIBE",
       several,
       {"ignore-unsubscribe"},
       same_filter_twice},
      {"MQTT-3.10.4-1/wildcard-not-matched",
       "UNSUBSCRIBE with a wildcard deletes that filter and not those that it matches",
       deletes,
       {"unsubscribe-matching-filters"},
       wildcard_is_not_matched,
       need::wildcard_subscriptions},
      {"MQTT-3.10.4-1/wildcard-stays",
       "UNSUBSCRIBE of a plain filter leaves a wildcard alone",
       deletes,
       {"match-single-level-wildcard-literally", "lose-qos1-delivery"},
       plain_filter_leaves_the_wildcard,
       need::wildcard_subscriptions},
      {"MQTT-3.10.4-1/similar",
       "UNSUBSCRIBE compares filters character by character",
       deletes,
       {"unsubscribe-matching-filters"},
       similar_filters_do_nothing,
       need::wildcard_subscriptions},
      {"MQTT-3.10.4-1/other-clients",
       "UNSUBSCRIBE leaves the subscriptions of other clients alone",
       deletes,
       {"unsubscribe-all-clients"},
       other_clients_keep_theirs},
      {"MQTT-3.10.4-1/anew",
       "A filter that was given up can be subscribed to again",
       deletes,
       {"forget-subscription", "lose-qos1-delivery"},
       subscribed_anew},
      {"MQTT-3.10.4-1/for-good",
       "A subscription that was given up does not come back with the session",
       deletes,
       {"ignore-unsubscribe"},
       gone_for_good},
      {"MQTT-3.10.4-1/resumed",
       "A subscription of a resumed session can be given up",
       deletes,
       {"ignore-unsubscribe"},
       in_a_resumed_session},
      {"MQTT-3.3.1-9/after-giving-up",
       "The retained message stays when its subscriber gives up the subscription",
       {v5("MQTT-3.3.1-9"), v3("MQTT-3.3.1-6")},
       {"forget-retained-message"},
       retained_of_the_topic_stays,
       need::retained},
  };
  for (const effect_case& each : cases) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = each.covers,
            .needs = {need::qos1, each.needed},
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
