// Subscriptions of one client that overlap. MQTT 5.0 §3.3.4, MQTT 3.1.1 §3.3.5
//
// A broker may send one copy or one for each subscription.

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "conformance/cases/subscribe/subscribe_cases.hpp"
#include "conformance/cases/support/deliveries.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

// The copies of one message, between one and as many as there are subscriptions.
std::vector<delivery> copies(context& test, client& to, std::size_t subscriptions) {
  auto came = receive_together(test, {&to}, 1);
  if (!test.over()) {
    demand(test, to, came.size() <= subscriptions, fmt::format("at most {} copies", subscriptions),
           fmt::format("{}", came.size()));
  }
  return came;
}

void demand_highest(context& test, client& to, const std::vector<delivery>& came, qos wanted) {
  qos highest = qos::at_most_once;
  for (const delivery& each : came) highest = std::max(highest, each.message.qos);
  if (test.over()) return;
  demand(test, to, highest == wanted, fmt::format("a copy at QoS {}", static_cast<int>(wanted)),
         fmt::format("QoS {}", static_cast<int>(highest)));
}

void overlap(context& test, const std::vector<mqtt::subscription>& held, qos published,
             qos wanted) {
  client& to = test.connected("subscriber");
  for (const mqtt::subscription& each : held) {
    to.subscribe(each.topic_filter, each.options.maximum_qos);
  }
  test.connected("publisher").publish(test.topic("a/b"), "x", published);
  demand_highest(test, to, copies(test, to, held.size()), wanted);
}

void highest_of_three(context& test) {
  overlap(test,
          {{test.topic("a/#"), {qos::at_most_once}},
           {test.topic("a/+"), {qos::at_least_once}},
           {test.topic("a/b"), {qos::exactly_once}}},
          qos::exactly_once, qos::exactly_once);
}

void highest_is_the_wildcard(context& test) {
  overlap(test,
          {{test.topic("a/b"), {qos::at_most_once}}, {test.topic("a/#"), {qos::at_least_once}}},
          qos::at_least_once, qos::at_least_once);
}

void highest_is_the_first(context& test) {
  overlap(test,
          {{test.topic("a/+"), {qos::at_least_once}}, {test.topic("a/b"), {qos::at_most_once}}},
          qos::at_least_once, qos::at_least_once);
}

void not_above_published(context& test) {
  overlap(test,
          {{test.topic("a/+"), {qos::exactly_once}}, {test.topic("a/b"), {qos::at_most_once}}},
          qos::at_least_once, qos::at_least_once);
}

void one_is_left(context& test) {
  client& to = test.connected("subscriber");
  to.subscribe(test.topic("a/+"), qos::at_least_once);
  to.subscribe(test.topic("a/b"), qos::at_least_once);
  to.unsubscribe(test.topic("a/b"));
  test.connected("publisher").publish(test.topic("a/b"), "x");
  expect_only(to, {"x"});
}

void each_client_apart(context& test) {
  client& both = test.connected("both");
  client& one = test.connected("one");
  both.subscribe(test.topic("a/+"), qos::at_least_once);
  both.subscribe(test.topic("a/b"), qos::at_least_once);
  one.subscribe(test.topic("a/b"), qos::at_least_once);
  test.connected("publisher").publish(test.topic("a/b"), "x");
  copies(test, both, 2);
  expect_only(one, {"x"});
}

void while_away(context& test) {
  client& before = test.connected("subscriber", lasting_connect(test.version(), true));
  before.subscribe(test.topic("a/+"), qos::at_most_once);
  before.subscribe(test.topic("a/b"), qos::at_least_once);
  before.disconnect();
  test.connected("publisher").publish(test.topic("a/b"), "x");
  client& to = test.connected("subscriber", lasting_connect(test.version()));
  demand_highest(test, to, copies(test, to, 2), qos::at_least_once);
}

struct overlap_case {
  const char* id;
  const char* title;
  need needed;
  std::vector<caught_defect> defects;
  void (*body)(context&);
};

}  // namespace

void add_overlapping_cases(suite& to) {
  const std::vector<overlap_case> cases = {
      {"MQTT-3.3.4-2/three",
       "Of three overlapping subscriptions the highest QoS counts",
       need::qos2,
       {"deliver-at-lowest-qos"},
       highest_of_three},
      {"MQTT-3.3.4-2/wildcard",
       "The highest QoS counts although a plain filter has a lower one",
       need::qos1,
       {"deliver-at-lowest-qos"},
       highest_is_the_wildcard},
      {"MQTT-3.3.4-2/first",
       "The highest QoS counts although it was granted first",
       need::qos1,
       {"deliver-at-lowest-qos"},
       highest_is_the_first},
      {"MQTT-3.3.4-2/published",
       "Overlapping subscriptions do not raise the QoS of a message",
       need::qos2,
       {"raise-qos-to-granted", "deliver-at-lowest-qos"},
       not_above_published},
      {"MQTT-3.3.4-2/one-left",
       "A subscription goes on when one that overlaps it is given up",
       need::qos1,
       {"lose-qos1-delivery", "match-single-level-wildcard-literally"},
       one_is_left},
      {"MQTT-3.3.4-2/each-client",
       "Overlapping subscriptions of a client change nothing for others",
       need::qos1,
       {"deliver-to-first-subscriber-only"},
       each_client_apart},
      {"MQTT-3.3.4-2/away",
       "For a session that is away the highest QoS counts, too",
       need::qos1,
       {"deliver-at-lowest-qos"},
       while_away},
  };
  for (const overlap_case& each : cases) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = {v5("MQTT-3.3.4-2"), v3("MQTT-3.3.5-1")},
            .needs = {each.needed, need::wildcard_subscriptions},
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
