// Who gets a message: every session with a matching subscription, and no other. MQTT 5.0 §4.5

#include "conformance/cases/subscribe/subscribe_cases.hpp"
#include "conformance/cases/support/deliveries.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void all_subscribers(context& test, qos of) {
  std::vector<client*> subscribers;
  for (const char* name : {"first", "second", "third"}) {
    subscribers.push_back(&test.connected(name));
    subscribers.back()->subscribe(test.topic("t"), of);
  }
  test.connected("publisher").publish(test.topic("t"), "x", of);
  for (client* const each : subscribers) each->acknowledge(each->expect_publish("x"));
}

void all_at_qos0(context& test) { all_subscribers(test, qos::at_most_once); }
void all_at_qos1(context& test) { all_subscribers(test, qos::at_least_once); }
void all_at_qos2(context& test) { all_subscribers(test, qos::exactly_once); }

void nobody_else(context& test) {
  client& subscriber = test.connected("subscriber");
  client& other = test.connected("other");
  client& idle = test.connected("idle");
  subscriber.subscribe(test.topic("t"), qos::at_least_once);
  other.subscribe(test.topic("u"), qos::at_least_once);
  test.connected("publisher").publish(test.topic("t"), "x");
  subscriber.acknowledge(subscriber.expect_publish("x"));
  other.expect_quiet();
  idle.expect_quiet();
}

void the_publisher_itself(context& test) {
  client& c = test.connected("client");
  c.subscribe(test.topic("t"), qos::at_least_once);
  c.publish(test.topic("t"), "own");
  c.acknowledge(c.expect_publish("own"));
}

void sessions_that_are_away(context& test, qos of) {
  client& before = test.connected("away", lasting_connect(test.version(), true));
  before.subscribe(test.topic("t"), of);
  before.disconnect();
  client& online = test.connected("online");
  online.subscribe(test.topic("t"), of);
  test.connected("publisher").publish(test.topic("t"), "x", of);
  online.acknowledge(online.expect_publish("x"));
  client& back = test.connected("away", lasting_connect(test.version()));
  back.acknowledge(back.expect_publish("x"));
}

void away_at_qos1(context& test) { sessions_that_are_away(test, qos::at_least_once); }
void away_at_qos2(context& test) { sessions_that_are_away(test, qos::exactly_once); }

void several_filters_of_one_client(context& test) {
  client& c = test.connected("subscriber");
  for (const char* tail : {"one", "two", "three"})
    c.subscribe(test.topic(tail), qos::at_least_once);
  client& publisher = test.connected("publisher");
  for (const char* tail : {"three", "one", "two"}) publisher.publish(test.topic(tail), tail);
  expect_only(c, {"one", "two", "three"});
}

void after_a_subscriber_left(context& test) {
  client& stays = test.connected("stays");
  client& leaves = test.connected("leaves");
  stays.subscribe(test.topic("t"), qos::at_least_once);
  leaves.subscribe(test.topic("t"), qos::at_least_once);
  leaves.drop();
  test.connected("publisher").publish(test.topic("t"), "x");
  stays.acknowledge(stays.expect_publish("x"));
}

void only_after_the_subscribe(context& test) {
  client& earlier = test.connected("earlier");
  earlier.subscribe(test.topic("t"), qos::at_least_once);
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("t"), "before");
  earlier.receive("before");
  client& later = test.connected("later");
  later.subscribe(test.topic("t"), qos::at_least_once);
  publisher.publish(test.topic("t"), "after");
  expect_only(later, {"after"});
}

struct subscriber_case {
  const char* id;
  const char* title;
  std::vector<statement_name> covers;
  std::vector<need> needs;
  std::vector<caught_defect> defects;
  void (*body)(context&);
};

}  // namespace

void add_subscriber_cases(suite& to) {
  const std::vector<statement_name> every_session = {v5("MQTT-4.5.0-1"), v3("MQTT-4.5.0-1")};
  const std::vector<statement_name> matching_only = {v5("MQTT-3.3.2-3"), v3("MQTT-3.3.2-3")};
  const std::vector<subscriber_case> cases = {
      {"MQTT-4.5.0-1/all-at-qos0",
       "A QoS 0 message goes to all of its subscribers",
       every_session,
       {},
       {"deliver-to-first-subscriber-only", "lose-qos0-delivery"},
       all_at_qos0},
      {"MQTT-4.5.0-1/all-at-qos1",
       "A QoS 1 message goes to all of its subscribers",
       every_session,
       {need::qos1},
       {"deliver-to-first-subscriber-only", "lose-qos1-delivery"},
       all_at_qos1},
      {"MQTT-4.5.0-1/all-at-qos2",
       "A QoS 2 message goes to all of its subscribers",
       every_session,
       {need::qos2},
       {"deliver-to-first-subscriber-only", "lose-qos2-delivery"},
       all_at_qos2},
      {"MQTT-3.3.2-3/nobody-else",
       "A message goes to no client without a matching subscription",
       matching_only,
       {need::qos1},
       {"deliver-to-everybody"},
       nobody_else},
      {"MQTT-4.5.0-1/publisher",
       "A message goes to its own publisher if that has subscribed to it",
       every_session,
       {need::qos1},
       {"withhold-from-publisher"},
       the_publisher_itself},
      {"MQTT-4.5.0-1/away-at-qos1",
       "A QoS 1 message goes to sessions that are away, too",
       every_session,
       {need::qos1},
       {"lose-qos1-while-disconnected"},
       away_at_qos1},
      {"MQTT-4.5.0-1/away-at-qos2",
       "A QoS 2 message goes to sessions that are away, too",
       every_session,
       {need::qos2},
       {"lose-qos2-while-disconnected"},
       away_at_qos2},
      {"MQTT-4.5.0-1/several-filters",
       "A client gets the messages of all of its filters",
       every_session,
       {need::qos1},
       {"lose-qos1-delivery"},
       several_filters_of_one_client},
      {"MQTT-4.5.0-1/one-left",
       "A subscriber that has left takes nothing from the others",
       every_session,
       {need::qos1},
       {"lose-qos1-delivery"},
       after_a_subscriber_left},
      {"MQTT-3.3.2-3/after-subscribe",
       "A subscription brings what is published after it",
       matching_only,
       {need::qos1},
       {"store-message-without-retain"},
       only_after_the_subscribe},
  };
  for (const subscriber_case& each : cases) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = each.covers,
            .needs = each.needs,
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
