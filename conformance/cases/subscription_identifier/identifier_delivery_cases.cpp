// A message carries the identifier of the subscription that brought it. MQTT 5.0 §3.3.4

#include <fmt/format.h>

#include "conformance/cases/subscription_identifier/subscription_identifier_cases.hpp"
#include "conformance/cases/support/deliveries.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void value_comes_back(context& test, std::uint32_t value) {
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("t"), qos::at_least_once, value);
  test.connected("publisher").publish(test.topic("t"), "x");
  expect_identifiers(to, "x", {value});
}

void at_qos(context& test, qos of) {
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("t"), of, 7);
  test.connected("publisher").publish(test.topic("t"), "x", of);
  expect_identifiers(to, "x", {7});
}

void none_without(context& test) {
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("with"), qos::at_least_once, 5);
  to.subscribe(test.topic("without"), qos::at_least_once);
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("with"), "1");
  publisher.publish(test.topic("without"), "2");
  expect_identifiers(to, "1", {5});
  expect_identifiers(to, "2", {});
}

void all_filters_of_a_packet(context& test) {
  client& to = test.connected("subscriber");
  to.subscribe(mqtt::subscribe{.subscriptions = {{test.topic("one"), {qos::at_least_once}},
                                                 {test.topic("two"), {qos::at_least_once}}},
                               .properties = {mqtt::subscription_identifier(9)}});
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("one"), "1");
  publisher.publish(test.topic("two"), "2");
  expect_identifiers(to, "1", {9});
  expect_identifiers(to, "2", {9});
}

void each_client_its_own(context& test) {
  client& first = test.connected("first");
  client& second = test.connected("second");
  client& third = test.connected("third");
  subscribe_with_identifier(first, test.topic("t"), qos::at_least_once, 1);
  subscribe_with_identifier(second, test.topic("t"), qos::at_least_once, 2);
  third.subscribe(test.topic("t"), qos::at_least_once);
  test.connected("publisher").publish(test.topic("t"), "x");
  expect_identifiers(first, "x", {1});
  expect_identifiers(second, "x", {2});
  expect_identifiers(third, "x", {});
}

void with_a_wildcard(context& test) {
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("a/#"), qos::at_least_once, 3);
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("a/b"), "1");
  publisher.publish(test.topic("a"), "2");
  expect_identifiers(to, "1", {3});
  expect_identifiers(to, "2", {3});
}

void retained(context& test, std::uint32_t value) {
  test.connected("publisher").publish(test.topic("t"), "kept", qos::at_least_once, true);
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("t"), qos::at_least_once, value);
  expect_identifiers(to, "kept", {value});
}

void retained_for_a_wildcard(context& test) {
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("a/1"), "1", qos::at_least_once, true);
  publisher.publish(test.topic("a/2"), "2", qos::at_least_once, true);
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("a/+"), qos::at_least_once, 12);
  expect_identifiers(to, "1", {12});
  expect_identifiers(to, "2", {12});
}

void own_message(context& test) {
  client& c = test.connected("client");
  subscribe_with_identifier(c, test.topic("t"), qos::at_least_once, 4);
  c.publish(test.topic("t"), "own");
  expect_identifiers(c, "own", {4});
}

void wills_too(context& test) {
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("will"), qos::at_least_once, 6);
  test.connected("device", {.will = mqtt::will{.topic_name = test.topic("will"),
                                               .payload = {'x'},
                                               .qos = qos::at_least_once}})
      .drop();
  expect_identifiers(to, "x", {6});
}

void never_zero_or_unknown(context& test) {
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("t"), qos::at_most_once, 8);
  test.connected("publisher").publish(test.topic("t"), "x", qos::at_most_once);
  expect_identifiers(to, "x", {8});
}

}  // namespace

void add_identifier_delivery_cases(suite& to) {
  const std::vector<need> needs = {need::qos1, need::subscription_identifiers};
  // Where the form of a Variable Byte Integer gets one byte longer, and both ends.
  for (const std::uint32_t value :
       {1U, 127U, 128U, 16'383U, 16'384U, 2'097'151U, 2'097'152U, 268'435'455U}) {
    to.add({.id = fmt::format("PR5-3.8.2.1.2-b/value-{}", value),
            .title = fmt::format("Subscription Identifier {} comes back with messages", value),
            .covers = {v5("PR5-3.8.2.1.2-b"), v5("MQTT-3.3.4-4")},
            .needs = needs,
            .defects = {"omit-subscription-identifier", "send-unknown-subscription-identifier"},
            .body = [value](context& test) { value_comes_back(test, value); }});
  }
  for (const qos of : {qos::at_most_once, qos::exactly_once}) {
    to.add({.id = fmt::format("MQTT-3.3.4-3/qos{}", static_cast<int>(of)),
            .title = fmt::format("A QoS {} message carries the Subscription Identifier",
                                 static_cast<int>(of)),
            .covers = {v5("MQTT-3.3.4-3")},
            .needs = {need::qos2, need::subscription_identifiers},
            .defects = {"omit-subscription-identifier"},
            .body = [of](context& test) { at_qos(test, of); }});
  }
  for (const std::uint32_t value : {1U, 268'435'455U}) {
    to.add({.id = fmt::format("PR5-3.8.2.1.2-b/retained-{}", value),
            .title = fmt::format("A retained message carries Subscription Identifier {}", value),
            .covers = {v5("PR5-3.8.2.1.2-b"), v5("MQTT-3.3.4-3")},
            .needs = {need::qos1, need::subscription_identifiers, need::retained},
            .defects = {"omit-identifier-of-retained"},
            .body = [value](context& test) { retained(test, value); }});
  }
  struct delivery_case {
    const char* id;
    const char* title;
    const char* statement;
    std::vector<caught_defect> defects;
    void (*body)(context&);
    need needed = need::qos1;
  };
  for (const delivery_case& each : std::vector<delivery_case>{
           {"MQTT-3.3.4-3/without",
            "A subscription without identifier brings messages without",
            "MQTT-3.3.4-3",
            {"send-unknown-subscription-identifier", "omit-subscription-identifier"},
            none_without},
           {"PR5-3.8.2.1.2-a/all-filters",
            "All filters of a SUBSCRIBE get its identifier",
            "PR5-3.8.2.1.2-a",
            {"omit-subscription-identifier", "subscribe-first-filter-only"},
            all_filters_of_a_packet},
           {"PE-3.3.4-d/each-client",
            "Each client gets its own Subscription Identifier",
            "PE-3.3.4-d",
            {"send-identifiers-of-other-clients"},
            each_client_its_own},
           {"MQTT-3.3.4-3/wildcard",
            "A subscription with a wildcard has an identifier, too",
            "MQTT-3.3.4-3",
            {"omit-subscription-identifier"},
            with_a_wildcard,
            need::wildcard_subscriptions},
           {"PR5-3.8.2.1.2-b/retained-wildcard",
            "Each retained message that a wildcard brings carries the identifier",
            "PR5-3.8.2.1.2-b",
            {"omit-identifier-of-retained", "send-first-retained-only"},
            retained_for_a_wildcard,
            need::retained},
           {"MQTT-3.3.4-3/own",
            "A client's own message comes back with the identifier",
            "MQTT-3.3.4-3",
            {"omit-subscription-identifier"},
            own_message},
           {"MQTT-3.3.4-3/will",
            "A will comes with the identifier",
            "MQTT-3.3.4-3",
            {"omit-subscription-identifier", "lose-will"},
            wills_too},
           {"PE-3.3.2.3.8-a/never-zero",
            "No message comes with Subscription Identifier 0",
            "PE-3.3.2.3.8-a",
            {"send-subscription-identifier-0"},
            never_zero_or_unknown}}) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = {v5(each.statement)},
            .needs = {need::qos1, need::subscription_identifiers, each.needed},
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
