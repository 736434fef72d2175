// Topics that begin with "$". MQTT 5.0 §4.7.2

#include <algorithm>
#include <optional>

#include "conformance/cases/support/deliveries.hpp"
#include "conformance/cases/topics/topics_cases.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::chrono_literals;
using mqtt::qos;

// The topic of a message that comes to a client which asked for a topic with "$" by name.
std::optional<std::string> topic_with_dollar(context& test, client& watcher, duration within) {
  const script::arrival what = watcher.next(within);
  const auto* const came = script::packet_of<mqtt::publish>(what);
  if (test.over() || came == nullptr || !came->topic_name.starts_with('$')) return std::nullopt;
  return came->topic_name;
}

// The broker's own messages below $SYS, if it has any at once, else one of ours, if it takes that.
std::optional<std::string> find_topic_with_dollar(context& test, client& watcher,
                                                  client& publisher) {
  watcher.subscribe("$SYS/#", qos::at_most_once);
  if (auto found = topic_with_dollar(test, watcher, 1s)) return found;
  const std::string own = "$probe/" + test.client_id("probe") + "/x";
  watcher.subscribe(own, qos::at_most_once);
  publisher.publish(message(own, "x", qos::at_most_once));
  return topic_with_dollar(test, watcher, 1s);
}

// So wide a filter matches messages of other clients as well; wrong is one on a topic with "$".
void expect_none_with_dollar(context& test, client& to) {
  if (test.over()) return;
  const time_point until = to.wire().loop().now() + test.quiet_time();
  while (!test.over()) {
    const duration left = std::max(until - to.wire().loop().now(), duration{});
    const script::arrival what = to.next(left);
    if (std::holds_alternative<script::arrived_nothing>(what)) return;
    const auto* const came = script::packet_of<mqtt::publish>(what);
    if (came != nullptr && !came->topic_name.starts_with('$')) continue;
    test.fail({.client = to.name(),
               .expected = "no message on a topic that begins with \"$\"",
               .observed = script::to_text(what, to.version()),
               .signature = "no message on a topic with $ -> another"});
  }
}

// "+" in place of the first level must not bring that topic, whoever publishes it.
void wildcard_in_front(context& test, std::string_view behind) {
  client& watcher = test.connected("watcher");
  client& publisher = test.connected("publisher");
  const auto topic = find_topic_with_dollar(test, watcher, publisher);
  if (test.over()) return;
  if (!topic) return test.leave_undecided("no message came on a topic that begins with \"$\"");
  const std::size_t first_level = topic->find('/');
  const std::string rest = topic->substr(first_level);
  client& to = test.connected("subscriber");
  to.subscribe(behind.empty() ? "+" + rest
                              : "+" + rest.substr(0, rest.rfind('/')) + "/" + std::string(behind),
               qos::at_most_once);
  // What is below $SYS is the broker's alone and comes as retained messages do.
  if (topic->starts_with("$probe")) publisher.publish(message(*topic, "x", qos::at_most_once));
  expect_none_with_dollar(test, to);
  // The same filter does bring a topic without "$".
  const std::string payload = test.client_id("payload");
  publisher.publish(message(test.client_id("level") + rest, payload, qos::at_most_once));
  to.expect_publish(payload);
}

void plus_in_front(context& test) { wildcard_in_front(test, ""); }
void plus_and_hash(context& test) { wildcard_in_front(test, "#"); }

void not_for_clients(context& test) {
  const std::string topic = "$probe/" + test.client_id("probe") + "/x";
  client& to = test.connected("subscriber");
  to.subscribe(test.topic("t"), qos::at_most_once);
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("t"), "control", qos::at_most_once);
  to.receive("control");
  to.subscribe(topic, qos::at_most_once);
  publisher.publish(topic, "through the broker", qos::at_most_once);
  to.expect_quiet();
}

void dollar_further_behind(context& test) {
  client& to = test.connected("subscriber");
  to.subscribe(test.topic("+/x"), qos::at_least_once);
  test.connected("publisher").publish(test.topic("$a/x"), "x");
  to.acknowledge(to.expect_publish("x"));
}

}  // namespace

void add_dollar_topic_cases(suite& to) {
  to.add({.id = "MQTT-4.7.2-1/single-level-wildcard",
          .title = "A filter that begins with + does not match a topic that begins with $",
          .covers = {v5("MQTT-4.7.2-1"), v3("MQTT-4.7.2-1")},
          .needs = {need::wildcard_subscriptions},
          .defects = {"match-dollar-topic-with-wildcard"},
          .body = plus_in_front});
  to.add({.id = "MQTT-4.7.2-1/both-wildcards",
          .title = "A filter that begins with + and ends with # does not match it either",
          .covers = {v5("MQTT-4.7.2-1"), v3("MQTT-4.7.2-1")},
          .needs = {need::wildcard_subscriptions},
          .defects = {"match-dollar-topic-with-wildcard"},
          .body = plus_and_hash});
  to.add({.id = "PR5-4.7.2-a/not-for-clients",
          .title = "Clients cannot exchange messages on topics that begin with $",
          .covers = {v5("PR5-4.7.2-a"), v3("PR3-4.7.2-a")},
          .defects = {"accept-publish-to-dollar-topic"},
          .level = requirement_level::should,
          .body = not_for_clients});
  to.add({.id = "PR5-4.7.1-a/dollar-further-behind",
          .title = "Behind the first level $ is a character like others",
          .covers = {v5("PR5-4.7.1-a"), v3("PR3-4.7.1-a")},
          .needs = {need::qos1, need::wildcard_subscriptions},
          .defects = {"match-single-level-wildcard-literally"},
          .body = dollar_further_behind});
}

}  // namespace gauntlet::conformance
