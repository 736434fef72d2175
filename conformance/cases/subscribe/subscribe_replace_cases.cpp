// A repeated subscribe to an identical filter replaces the subscription. MQTT 5.0 §3.8.4

#include <fmt/format.h>

#include "conformance/cases/subscribe/subscribe_cases.hpp"
#include "conformance/cases/support/deliveries.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void qos_is_replaced(context& test, qos before, qos after) {
  client& to = test.connected("subscriber");
  to.subscribe(test.topic("t"), before);
  to.subscribe(test.topic("t"), after);
  test.connected("publisher").publish(test.topic("t"), "x", qos::exactly_once);
  to.acknowledge(to.expect_publish(
      "x", [after](const mqtt::publish& came) { return came.qos == after; },
      fmt::format("QoS {}", static_cast<int>(after))));
}

void qos_is_raised(context& test) { qos_is_replaced(test, qos::at_most_once, qos::exactly_once); }
void qos_is_lowered(context& test) { qos_is_replaced(test, qos::exactly_once, qos::at_most_once); }

void one_copy(context& test, qos of) {
  client& to = test.connected("subscriber");
  for (int i = 0; i < 3; ++i) to.subscribe(test.topic("t"), of);
  test.connected("publisher").publish(test.topic("t"), "x", of);
  expect_only(to, {"x"});
}

void one_copy_at_qos0(context& test) { one_copy(test, qos::at_most_once); }
void one_copy_at_qos2(context& test) { one_copy(test, qos::exactly_once); }

void one_copy_for_a_wildcard(context& test) {
  client& to = test.connected("subscriber");
  for (int i = 0; i < 2; ++i) to.subscribe(test.topic("a/+"), qos::at_most_once);
  test.connected("publisher").publish(test.topic("a/b"), "x", qos::at_most_once);
  expect_only(to, {"x"});
}

// Messages that wait, because the client takes one at a time, are kept at a repeated subscribe.
void waiting_messages_are_kept(context& test) {
  mqtt::connect packet;
  if (test.is_v5()) packet.properties.add(mqtt::receive_maximum(1));
  client& to = test.connected("subscriber", packet);
  to.subscribe(test.topic("t"), qos::at_least_once);
  client& publisher = test.connected("publisher");
  for (const char* payload : {"1", "2", "3"}) publisher.publish(test.topic("t"), payload);
  const auto first = to.expect_publish("1");
  to.subscribe(test.topic("t"), qos::at_least_once);
  to.acknowledge(first);
  for (const char* payload : {"2", "3"}) to.acknowledge(to.expect_publish(payload));
}

void stream_is_not_interrupted(context& test) {
  client& to = test.connected("subscriber");
  to.subscribe(test.topic("t"), qos::at_least_once);
  client& publisher = test.connected("publisher");
  for (int i = 0; i < 20; ++i) {
    publisher.publish(test.topic("t"), std::to_string(i));
    to.subscribe(test.topic("t"), qos::at_least_once);
  }
  for (int i = 0; i < 20; ++i) to.acknowledge(to.expect_publish(std::to_string(i)));
}

void replaced_for_good(context& test) {
  client& before = test.connected("subscriber", lasting_connect(test.version(), true));
  before.subscribe(test.topic("t"), qos::at_most_once);
  before.subscribe(test.topic("t"), qos::at_least_once);
  before.disconnect();
  test.connected("publisher").publish(test.topic("t"), "x");
  client& to = test.connected("subscriber", lasting_connect(test.version()));
  to.acknowledge(to.expect_publish(
      "x", [](const mqtt::publish& came) { return came.qos == qos::at_least_once; }, "QoS 1"));
}

void other_filters_stay(context& test) {
  client& to = test.connected("subscriber");
  to.subscribe(test.topic("t"), qos::at_least_once);
  to.subscribe(test.topic("u"), qos::at_least_once);
  to.subscribe(test.topic("t"), qos::at_most_once);
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("t"), "t");
  publisher.publish(test.topic("u"), "u");
  to.acknowledge(to.expect_publish(
      "t", [](const mqtt::publish& came) { return came.qos == qos::at_most_once; }, "QoS 0"));
  to.acknowledge(to.expect_publish(
      "u", [](const mqtt::publish& came) { return came.qos == qos::at_least_once; }, "QoS 1"));
}

struct replace_case {
  const char* id;
  const char* title;
  std::vector<statement_name> covers;
  std::vector<need> needs;
  std::vector<caught_defect> defects;
  void (*body)(context&);
};

}  // namespace

void add_subscribe_replace_cases(suite& to) {
  const statement_name replaces = v5("MQTT-3.8.4-3");
  const statement_name replaces_in_3 = v3("MQTT-3.8.4-3");
  const std::vector<replace_case> cases = {
      {"MQTT-3.8.4-3/qos-raised",
       "A repeated subscribe raises the QoS granted",
       {replaces, replaces_in_3},
       {need::qos2},
       {"keep-older-subscription"},
       qos_is_raised},
      {"MQTT-3.8.4-3/qos-lowered",
       "A repeated subscribe lowers the QoS granted",
       {replaces, replaces_in_3},
       {need::qos2},
       {"keep-older-subscription"},
       qos_is_lowered},
      {"MQTT-3.8.4-3/one-copy",
       "A repeated subscribe adds no second QoS 0 delivery",
       {replaces, replaces_in_3},
       {},
       {"deliver-twice-after-repeated-subscribe"},
       one_copy_at_qos0},
      {"MQTT-3.8.4-3/one-copy-at-qos2",
       "A repeated subscribe adds no second QoS 2 delivery",
       {replaces, replaces_in_3},
       {need::qos2},
       {"deliver-twice-after-repeated-subscribe"},
       one_copy_at_qos2},
      {"MQTT-3.8.4-3/one-copy-for-wildcard",
       "A repeated subscribe with a wildcard adds no delivery",
       {replaces, replaces_in_3},
       {need::wildcard_subscriptions},
       {"deliver-twice-after-repeated-subscribe"},
       one_copy_for_a_wildcard},
      {"MQTT-3.8.4-4/waiting-messages",
       "A repeated subscribe drops no message that waits",
       {v5("MQTT-3.8.4-4")},
       {need::qos1},
       {"lose-messages-at-repeated-subscribe"},
       waiting_messages_are_kept},
      {"MQTT-3.8.4-4/stream",
       "A stream of messages goes on whole while its subscription is repeated",
       {v5("MQTT-3.8.4-4"), replaces_in_3},
       {need::qos1},
       {"lose-qos1-delivery"},
       stream_is_not_interrupted},
      {"MQTT-3.8.4-3/for-good",
       "What a repeated subscribe replaced stays so in the session",
       {replaces, v5("PR5-4.1-b"), replaces_in_3},
       {need::qos1},
       {"keep-older-subscription"},
       replaced_for_good},
      {"MQTT-3.8.4-3/other-filters",
       "A repeated subscribe leaves other subscriptions alone",
       {replaces, replaces_in_3},
       {need::qos1},
       {"keep-older-subscription", "deliver-at-qos0"},
       other_filters_stay},
  };
  for (const replace_case& each : cases) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = each.covers,
            .needs = each.needs,
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
