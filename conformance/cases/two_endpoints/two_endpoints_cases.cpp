#include "conformance/cases/two_endpoints/two_endpoints_cases.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "conformance/cases/support/deliveries.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::chrono_literals;
using mqtt::qos;

client& at_b(context& test, std::string_view name) {
  return test.connected_at(*test.where().second, name);
}

// A cluster may answer SUBACK before all of it knows of the subscription. So probes are published
// until one comes through; those that come later are told apart by their payload.
void await_path(context& test, client& from, const std::vector<client*>& to,
                const std::string& topic) {
  for (client* const each : to) {
    bool open = false;
    for (int attempt = 0; attempt < 10 && !open && !test.over(); ++attempt) {
      from.publish(topic, "probe");
      event_loop& loop = test.where().network.loop();
      open = loop.run_until([each] { return each->has_arrivals(); }, loop.now() + 300ms);
    }
  }
}

// The next message that is no probe.
mqtt::publish expect_beyond_probes(client& to, std::string_view payload,
                                   const std::function<bool(const mqtt::publish&)>& holds = {},
                                   std::string_view what_holds = {}) {
  const mqtt::publish came = to.expect_publish(payload, holds, what_holds);
  to.acknowledge(came);
  return came;
}

void at_qos(context& test, qos of, bool from_b) {
  client& to = from_b ? test.connected("subscriber") : at_b(test, "subscriber");
  client& from = from_b ? at_b(test, "publisher") : test.connected("publisher");
  to.subscribe(test.topic("t"), qos::exactly_once);
  await_path(test, from, {&to}, test.topic("t"));
  from.publish(test.topic("t"), "x", of);
  expect_beyond_probes(
      to, "x", [of](const mqtt::publish& came) { return came.qos == of; },
      fmt::format("QoS {}", static_cast<int>(of)));
}

void both_sides(context& test) {
  client& a = test.connected("subscriber at A");
  client& b = at_b(test, "subscriber at B");
  client& from = test.connected("publisher");
  for (client* const each : {&a, &b}) each->subscribe(test.topic("t"), qos::at_least_once);
  await_path(test, from, {&a, &b}, test.topic("t"));
  from.publish(test.topic("t"), "x");
  expect_beyond_probes(a, "x");
  expect_beyond_probes(b, "x");
}

void with_a_wildcard(context& test) {
  client& b = at_b(test, "subscriber");
  client& from = test.connected("publisher");
  b.subscribe(test.topic("a/+"), qos::at_least_once);
  await_path(test, from, {&b}, test.topic("a/probe"));
  from.publish(test.topic("a/b"), "x");
  expect_beyond_probes(b, "x");
}

void retained(context& test) {
  test.connected("publisher").publish(test.topic("t"), "kept", qos::at_least_once, true);
  test.pause(300ms, "for the retained message to get around");
  client& b = at_b(test, "subscriber");
  b.subscribe(test.topic("t"), qos::at_least_once);
  expect_beyond_probes(b, "kept");
}

void properties(context& test) {
  const mqtt::property_list sent{mqtt::content_type("text"), mqtt::user_property("a", "1")};
  client& b = at_b(test, "subscriber");
  client& from = test.connected("publisher");
  b.subscribe(test.topic("t"), qos::at_least_once);
  await_path(test, from, {&b}, test.topic("t"));
  from.publish(message_with(sent, test.topic("t"), "x"));
  expect_beyond_probes(
      b, "x", [&](const mqtt::publish& came) { return came.properties == sent; },
      "the properties with which it was published");
}

void will(context& test) {
  client& b = at_b(test, "watcher");
  client& from = test.connected("publisher");
  b.subscribe(test.topic("t"), qos::at_least_once);
  await_path(test, from, {&b}, test.topic("t"));
  test.connected("device", {.will = mqtt::will{.topic_name = test.topic("t"),
                                               .payload = {'g', 'o', 'n', 'e'},
                                               .qos = qos::at_least_once}})
      .drop();
  expect_beyond_probes(b, "gone");
}

void order(context& test) {
  client& b = at_b(test, "subscriber");
  client& from = test.connected("publisher");
  b.subscribe(test.topic("t"), qos::at_least_once);
  await_path(test, from, {&b}, test.topic("t"));
  for (int i = 0; i < 6; ++i) from.publish(test.topic("t"), std::to_string(i));
  for (int i = 0; i < 6; ++i) {
    b.acknowledge(b.expect<mqtt::publish>(
        fmt::format("message \"{}\" in its turn", i),
        [](const mqtt::publish& came) { return payload_of(came) != "probe"; },
        [i](const mqtt::publish& came) { return payload_of(came) == std::to_string(i); }));
  }
}

struct crossing {
  const char* id;
  const char* title;
  std::vector<statement_name> covers;
  std::vector<caught_defect> defects;
  void (*body)(context&);
  need needed = need::qos1;
};

}  // namespace

void add_two_endpoints_cases(suite& to) {
  to.begin_theme("Two endpoints");
  for (const qos of : {qos::at_most_once, qos::at_least_once, qos::exactly_once}) {
    for (const bool from_b : {false, true}) {
      const char* const lost[] = {"lose-qos0-delivery", "lose-qos1-delivery", "lose-qos2-delivery"};
      to.add({.id = fmt::format("MQTT-4.5.0-1/{}-qos{}", from_b ? "b-to-a" : "a-to-b",
                                static_cast<int>(of)),
              .title = fmt::format("A QoS {} message gets from endpoint {}", static_cast<int>(of),
                                   from_b ? "B to A" : "A to B"),
              .covers = {v5("MQTT-4.5.0-1"), v3("MQTT-4.5.0-1")},
              .needs = {need::qos2, need::second_endpoint},
              .defects = {lost[static_cast<int>(of)]},
              .body = [of, from_b](context& test) { at_qos(test, of, from_b); }});
    }
  }
  const std::vector<statement_name> every_session = {v5("MQTT-4.5.0-1"), v3("MQTT-4.5.0-1")};
  for (const crossing& each : std::vector<crossing>{{"MQTT-4.5.0-1/both-endpoints",
                                                     "Subscribers at both endpoints get a message",
                                                     every_session,
                                                     {"deliver-to-first-subscriber-only"},
                                                     both_sides},
                                                    {"MQTT-4.5.0-1/wildcard-at-b",
                                                     "A wildcard at B brings messages of A",
                                                     every_session,
                                                     {"match-single-level-wildcard-literally"},
                                                     with_a_wildcard,
                                                     need::wildcard_subscriptions},
                                                    {"MQTT-3.3.1-5/a-to-b",
                                                     "A message retained at A is there at B",
                                                     {v5("MQTT-3.3.1-5"), v3("MQTT-3.3.1-5")},
                                                     {"forget-retained-message"},
                                                     retained,
                                                     need::retained},
                                                    {"MQTT-3.3.2-17/a-to-b",
                                                     "Properties get from A to B",
                                                     {v5("MQTT-3.3.2-17"), v5("MQTT-3.3.2-20")},
                                                     {"drop-user-properties", "drop-content-type"},
                                                     properties},
                                                    {"MQTT-3.1.2-8/a-to-b",
                                                     "A will of A comes at B",
                                                     {v5("MQTT-3.1.2-8"), v3("MQTT-3.1.2-8")},
                                                     {"lose-will"},
                                                     will},
                                                    {"MQTT-4.6.0-6/a-to-b",
                                                     "The order of messages is kept from A to B",
                                                     {v5("MQTT-4.6.0-6"), v3("MQTT-4.6.0-6")},
                                                     {"reorder-deliveries"},
                                                     order}}) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = each.covers,
            .needs = {need::qos1, need::second_endpoint, each.needed},
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
