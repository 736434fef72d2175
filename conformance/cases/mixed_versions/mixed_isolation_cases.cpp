// What one version does must not disturb the other: errors, identifiers, groups, forms of packets.

#include "conformance/cases/mixed_versions/mixed_versions_cases.hpp"
#include "conformance/cases/mixed_versions/version_pair.hpp"
#include "conformance/cases/support/raw_subscribe.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void error_of_the_other(context& test) {
  client& own = test.connected("subscriber");
  own.subscribe(test.topic("t"), qos::at_least_once);
  client& breaker = other_client(test, "breaker");
  breaker.send_bytes(raw_filters{}.bytes(breaker.version()));
  breaker.expect_close({{mqtt::reason_code::protocol_error, mqtt::reason_code::malformed_packet}});
  test.connected("publisher").publish(test.topic("t"), "still here");
  own.acknowledge(own.expect_publish("still here"));
}

void same_identifier(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("+"), qos::exactly_once);
  client& own = test.connected("own");
  client& other = other_client(test, "other");
  mqtt::publish first = message(test.topic("one"), "1", qos::exactly_once);
  mqtt::publish second = message(test.topic("two"), "2", qos::exactly_once);
  first.packet_identifier = second.packet_identifier = 5;
  other.publish_unreleased(first);
  own.publish_unreleased(second);
  for (client* const each : {&own, &other}) {
    each->send(mqtt::pubrel{.packet_identifier = 5});
    each->expect<mqtt::pubcomp>("PUBCOMP for packet 5");
  }
  expect_only(watcher, {"1", "2"});
}

void unsubscribe_of_the_other(context& test) {
  client& own = test.connected("own");
  client& other = other_client(test, "other");
  own.subscribe(test.topic("t"), qos::at_least_once);
  other.subscribe(test.topic("t"), qos::at_least_once);
  other.unsubscribe(test.topic("t"));
  test.connected("publisher").publish(test.topic("t"), "x");
  expect_only(own, {"x"});
}

void acknowledgement_of_the_other(context& test) {
  client& own = test.connected("own", lasting_connect(test.version(), true));
  client& other = other_client(test, "other");
  own.subscribe(test.topic("t"), qos::at_least_once);
  other.subscribe(test.topic("t"), qos::at_least_once);
  test.connected("publisher").publish(test.topic("t"), "x");
  own.take("x");
  other.receive("x");
  own.drop();
  client& again = test.connected("own", lasting_connect(test.version()));
  again.acknowledge(again.expect_publish("x"));
}

void own_messages_with_no_local(context& test) {
  client& own = test.connected("own");
  own.subscribe(test.topic("t"), qos::at_least_once, {.no_local = true});
  own.publish(test.topic("t"), "own");
  other_client(test, "other").publish(test.topic("t"), "of another");
  expect_only(own, {"of another"});
}

void group_and_3_1_1_subscriber(context& test) {
  const std::string filter = "$share/g/" + test.topic("t");
  std::vector<client*> group;
  for (const char* name : {"first", "second"}) {
    group.push_back(&test.connected(name));
    group.back()->subscribe(filter, qos::at_least_once);
  }
  client& plain = other_client(test, "plain");
  plain.subscribe(test.topic("t"), qos::at_least_once);
  client& publisher = other_client(test, "publisher");
  for (const char* payload : {"0", "1", "2"}) publisher.publish(test.topic("t"), payload);
  const auto came = receive_together(test, group, 3);
  if (!test.over()) {
    demand(test, *group.front(), came.size() == 3, "each message once in the group",
           std::to_string(came.size()) + " messages");
  }
  expect_only(plain, {"0", "1", "2"});
}

// In 3.1.1 "$share/g/t" is a filter like others, though brokers may make it a shared subscription
// there, too. Either way no member of the group gets a message twice.
void group_beside_the_same_filter_in_3_1_1(context& test) {
  const std::string filter = "$share/g/" + test.topic("t");
  client& first = test.connected("first");
  client& second = test.connected("second");
  first.subscribe(filter, qos::at_least_once);
  second.subscribe(filter, qos::at_least_once);
  client& older = other_client(test, "older");
  older.subscribe(filter, qos::at_least_once);
  client& publisher = test.connected("publisher");
  for (const char* payload : {"0", "1", "2"}) publisher.publish(test.topic("t"), payload);
  const auto came = receive_together(test, {&first, &second, &older}, 3);
  if (test.over()) return;
  demand(test, first, came.size() == 3, "each message once in the group",
         std::to_string(came.size()) + " messages");
}

void connack_of_3_1_1(context& test) {
  other_client(test, "other").ping();
  client& own = test.open("own");
  own.send_connect({.client_id = test.client_id("own")});
  own.expect_connack();
  own.ping();
  client& to = other_client(test, "subscriber");
  to.subscribe(test.topic("t"), qos::at_most_once);
  own.publish(test.topic("t"), "x", qos::at_most_once);
  to.expect_publish("x");
}

void acknowledgements_of_3_1_1(context& test) {
  client& other = other_client(test, "other");
  other.subscribe(test.topic("t"), qos::at_least_once);
  client& own = test.connected("own");
  own.subscribe(test.topic("u"), qos::at_least_once);
  mqtt::publish packet = message(test.topic("t"), "x");
  packet.packet_identifier = 9;
  own.send(packet);
  own.expect<mqtt::puback>("PUBACK for packet 9");
  other.acknowledge(other.expect_publish("x"));
  expect_unsuback(own, {test.topic("u"), test.topic("unknown")});
}

struct isolation_case {
  const char* id;
  const char* title;
  std::vector<statement_name> covers;
  std::vector<caught_defect> defects;
  void (*body)(context&);
  need needed = need::qos1;
};

}  // namespace

void add_mixed_isolation_cases(suite& to) {
  const auto v3_only = caught_defect::in::v3_1_1_only;
  const std::vector<isolation_case> cases = {
      {"PE-4.13.1-b/mixed",
       "An error of a client of the other version ends its connection only",
       {v5("PE-4.13.1-b"), v3("PR3-4.8-a")},
       {"close-all-connections-at-error"},
       error_of_the_other},
      {"MQTT-4.3.3-12/mixed",
       "Clients of both versions may use the same Packet Identifier",
       {v5("MQTT-4.3.3-12"), v3("MQTT-4.3.3-2")},
       {"share-identifiers-between-clients"},
       same_identifier,
       need::qos2},
      {"MQTT-3.10.4-1/mixed-clients",
       "UNSUBSCRIBE of the other version is for its own client",
       {v5("MQTT-3.10.4-1"), v3("MQTT-3.10.4-1")},
       {"unsubscribe-all-clients"},
       unsubscribe_of_the_other},
      {"MQTT-4.3.2-3/mixed",
       "An acknowledgement of the other version is for its own client",
       {v5("MQTT-4.3.2-3"), v3("MQTT-4.3.2-1")},
       {"take-puback-for-all-clients"},
       acknowledgement_of_the_other},
      {"MQTT-3.8.3-3/mixed",
       "No Local lets messages of 3.1.1 clients through",
       {v5("MQTT-3.8.3-3")},
       {"ignore-no-local", "withhold-from-no-local-subscription"},
       own_messages_with_no_local},
      {"PR5-4.8.2-a/mixed-plain",
       "A 3.1.1 subscriber gets all that a group of 5.0 shares",
       {v5("PR5-4.8.2-a")},
       {"deliver-to-all-members", "deliver-to-no-member"},
       group_and_3_1_1_subscriber,
       need::shared_subscriptions},
      {"PR5-4.8.2-a/mixed-filter",
       "The same filter of a 3.1.1 client does not disturb a group",
       {v5("PR5-4.8.2-a")},
       {"deliver-to-all-members", "deliver-to-no-member"},
       group_beside_the_same_filter_in_3_1_1,
       need::shared_subscriptions},
      {"PR3-7.1.1-a/mixed-connack",
       "Beside 5.0 clients a 3.1.1 client gets a CONNACK of its own form",
       {v3("PR3-7.1.1-a")},
       {{"send-properties-in-connack-of-3-1-1", v3_only}},
       connack_of_3_1_1},
      {"PR3-3.4.1-a/mixed",
       "Beside 5.0 clients a 3.1.1 client gets acknowledgements of its form",
       {v3("PR3-3.4.1-a"), v3("PR3-7.1.1-a")},
       {{"send-surplus-in-puback", v3_only}, {"send-codes-in-unsuback-of-3-1-1", v3_only}},
       acknowledgements_of_3_1_1},
  };
  for (const isolation_case& each : cases) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = each.covers,
            .needs = {need::qos1, each.needed},
            .defects = each.defects,
            .body = between_versions(each.body)});
  }
}

}  // namespace gauntlet::conformance
