// Topic Aliases of the broker towards a subscriber, if it uses any: within the client's maximum,
// and with a topic at first use. MQTT 5.0 §3.1.2.11.5, §3.3.2.3.4

#include <map>
#include <optional>

#include "conformance/cases/support/message_path.hpp"
#include "conformance/cases/topic_alias/topic_alias_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

constexpr auto alias_of = [](const mqtt::publish& packet) {
  return packet.properties.find<mqtt::property_id::topic_alias>();
};

// What a client knows of the broker's aliases on one connection.
class known_aliases {
 public:
  /// The topic that the packet is on, or nothing if its alias is unknown.
  std::optional<std::string> resolve(const mqtt::publish& packet) {
    const auto alias = alias_of(packet);
    if (!packet.topic_name.empty()) {
      if (alias) topics_[*alias] = packet.topic_name;
      return packet.topic_name;
    }
    const auto found = alias ? topics_.find(*alias) : topics_.end();
    if (found == topics_.end()) return std::nullopt;
    return found->second;
  }

 private:
  std::map<std::uint16_t, std::string> topics_;
};

// A subscriber of everything below its test's topics.
client& subscriber(context& test, mqtt::property_list properties) {
  client& to = test.connected("subscriber", resumable(test, std::move(properties)));
  to.subscribe(test.topic("#"), qos::at_least_once);
  return to;
}

// Each topic twice, with the topic as payload.
void publish_ten_topics(context& test, client& from) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 10; ++i) {
      const std::string topic =
          test.topic("a/rather/long/topic/worth/an/alias/" + std::to_string(i));
      from.publish(topic, topic, qos::at_least_once);
    }
  }
}

void no_alias_is_sent(context& test, mqtt::property_list properties) {
  client& to = subscriber(test, std::move(properties));
  publish_ten_topics(test, test.connected("publisher"));
  for (int i = 0; i < 20; ++i) {
    to.acknowledge(to.expect<mqtt::publish>(
        "PUBLISH with a Topic Name and no Topic Alias", {},
        [](const mqtt::publish& came) { return !alias_of(came) && !came.topic_name.empty(); }));
  }
}

void maximum_is_kept(context& test, std::uint16_t maximum) {
  client& to = subscriber(test, {mqtt::topic_alias_maximum(maximum)});
  publish_ten_topics(test, test.connected("publisher"));
  for (int i = 0; i < 20; ++i) {
    to.acknowledge(to.expect<mqtt::publish>(
        "PUBLISH with no Topic Alias above the client's maximum", {},
        [maximum](const mqtt::publish& came) { return alias_of(came).value_or(1) <= maximum; }));
  }
}

void zero_is_not_sent(context& test) {
  client& to = subscriber(test, {mqtt::topic_alias_maximum(10)});
  publish_ten_topics(test, test.connected("publisher"));
  for (int i = 0; i < 20; ++i) {
    to.acknowledge(to.expect<mqtt::publish>(
        "PUBLISH with no Topic Alias 0", {},
        [](const mqtt::publish& came) { return alias_of(came).value_or(1) != 0; }));
  }
}

// Demands twenty messages, each on the topic that its payload names.
void expect_right_topics(context& test, client& to) {
  known_aliases known;
  for (int i = 0; i < 20 && !test.over(); ++i) {
    const auto came = to.expect<mqtt::publish>("PUBLISH");
    if (test.over()) return;
    to.acknowledge(came);
    const auto topic = known.resolve(came);
    if (!topic) {
      return deviate(test, to, "a Topic Name, or a Topic Alias that was mapped on this connection",
                     "neither");
    }
    if (*topic != as_text(came.payload)) {
      return deviate(test, to, "the topic of the message", "another topic");
    }
  }
}

void aliases_resolve(context& test, std::uint16_t maximum) {
  client& to = subscriber(test, {mqtt::topic_alias_maximum(maximum)});
  publish_ten_topics(test, test.connected("publisher"));
  expect_right_topics(test, to);
}

void aliases_begin_anew(context& test) {
  client& before = subscriber(test, {mqtt::topic_alias_maximum(10)});
  client& from = test.connected("publisher");
  from.publish(test.topic("x"), "first", qos::at_least_once);
  const auto first = before.expect<mqtt::publish>(
      "PUBLISH with a Topic Name", {}, [](const auto& came) { return !came.topic_name.empty(); });
  before.acknowledge(first);
  before.ping();
  before.drop();
  client& after = test.connected("subscriber", resumable(test, {mqtt::topic_alias_maximum(10)}));
  from.publish(test.topic("x"), "second", qos::at_least_once);
  after.expect<mqtt::publish>("PUBLISH with a Topic Name on the new connection", {},
                              [](const auto& came) { return !came.topic_name.empty(); });
}

// Alias 1 stands for one topic towards the broker; what the broker makes of it is another matter.
void directions_are_independent(context& test) {
  client& both = subscriber(test, {mqtt::topic_alias_maximum(10)});
  const std::string mine = test.topic("mine");
  const std::string other = test.topic("other");
  both.send(with(publish_of(mine, mine), {mqtt::topic_alias(1)}));
  test.connected("publisher").publish(other, other, qos::at_least_once);
  both.send(with(publish_of("", mine), {mqtt::topic_alias(1)}));
  known_aliases known;
  for (int i = 0; i < 3 && !test.over(); ++i) {
    const auto came = both.expect<mqtt::publish>("PUBLISH");
    if (test.over()) return;
    both.acknowledge(came);
    if (known.resolve(came) != std::string(as_text(came.payload))) {
      return deviate(test, both, "the topic of the message", "another topic");
    }
  }
}

}  // namespace

void add_broker_alias_cases(suite& to) {
  const std::vector<need> needs = {need::qos1, need::wildcard_subscriptions};
  to.add({.id = "MQTT-3.1.2-27/absent",
          .title = "A client without Topic Alias Maximum is sent no Topic Alias",
          .covers = {v5("MQTT-3.1.2-27"), v5("MQTT-3.3.2-11")},
          .needs = needs,
          .defects = {"send-unasked-topic-alias"},
          .body = [](context& test) { no_alias_is_sent(test, {}); }});
  to.add({.id = "MQTT-3.1.2-27/zero",
          .title = "A client with Topic Alias Maximum 0 is sent no Topic Alias",
          .covers = {v5("MQTT-3.1.2-27"), v5("MQTT-3.3.2-11")},
          .needs = needs,
          .defects = {"send-unasked-topic-alias"},
          .body = [](context& test) { no_alias_is_sent(test, {mqtt::topic_alias_maximum(0)}); }});
  for (const auto maximum : {std::uint16_t{1}, std::uint16_t{2}, std::uint16_t{10}}) {
    to.add(
        {.id = "MQTT-3.1.2-26/maximum-" + std::to_string(maximum),
         .title = "No Topic Alias is sent above the client's maximum of " + std::to_string(maximum),
         .covers = {v5("MQTT-3.1.2-26"), v5("MQTT-3.3.2-11")},
         .needs = needs,
         .defects = {"exceed-topic-alias-maximum"},
         .body = [maximum](context& test) { maximum_is_kept(test, maximum); }});
  }
  to.add({.id = "MQTT-3.3.2-8/from-broker",
          .title = "The broker sends no Topic Alias 0",
          .covers = {v5("MQTT-3.3.2-8")},
          .needs = needs,
          .defects = {"send-topic-alias-0"},
          .body = zero_is_not_sent});
  to.add({.id = "MQTT-3.3.2-3/aliases",
          .title = "The broker's Topic Aliases stand for the topics of the messages",
          .covers = {v5("MQTT-3.3.2-3"), v5("PE-3.3.4-c")},
          .needs = needs,
          .defects = {"send-other-topic-name", "send-empty-topic-name"},
          .body = [](context& test) { aliases_resolve(test, 20); }});
  to.add({.id = "MQTT-3.3.2-3/few-aliases",
          .title = "With fewer Topic Aliases than topics all messages are on their topics",
          .covers = {v5("MQTT-3.3.2-3"), v5("PE-3.3.4-c")},
          .needs = needs,
          .defects = {"send-other-topic-name", "send-empty-topic-name"},
          .body = [](context& test) { aliases_resolve(test, 3); }});
  to.add({.id = "MQTT-3.3.2-7/from-broker",
          .title = "The broker's Topic Aliases begin anew with each connection",
          .covers = {v5("MQTT-3.3.2-7")},
          .needs = needs,
          .defects = {"send-empty-topic-name"},
          .body = aliases_begin_anew});
  to.add({.id = "PR5-3.3.2.3.4-b/both-directions",
          .title = "Topic Aliases of the two directions are independent",
          .covers = {v5("PR5-3.3.2.3.4-b")},
          .needs = {need::qos1, need::wildcard_subscriptions, need::topic_aliases},
          .defects = {"send-other-topic-name"},
          .body = directions_are_independent});
}

}  // namespace gauntlet::conformance
