// Topic Aliases of a client: mapped, used, mapped anew, and gone with the connection.
// MQTT 5.0 §3.3.2.3.4

#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/cases/topic_alias/topic_alias_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

mqtt::publish aliased(std::string topic, std::uint16_t alias, std::string_view payload,
                      qos level = qos::at_most_once, std::uint16_t identifier = 0) {
  return with(publish_of(std::move(topic), payload, level, identifier), {mqtt::topic_alias(alias)});
}

// A watcher of some topics and a publisher.
struct aliases {
  context& test;
  client& to;
  client& from;

  explicit aliases(context& of, qos level = qos::at_least_once)
      : test(of), to(of.connected("watcher")), from(of.connected("publisher")) {
    for (const char* tail : {"a", "b", "c"}) to.subscribe(test.topic(tail), level);
  }
  // The message comes, on this topic.
  mqtt::publish expect(std::string_view payload, std::string_view tail) {
    return to.expect<mqtt::publish>(
        "PUBLISH with payload \"" + std::string(payload) + "\" on topic " + std::string(tail), {},
        [&](const mqtt::publish& came) {
          return as_text(came.payload) == payload && came.topic_name == test.topic(tail);
        });
  }
};

void alias_takes_the_place_of_the_topic(context& test, std::uint16_t alias) {
  aliases story(test);
  story.from.send(aliased(test.topic("a"), alias, "1"));
  story.expect("1", "a");
  story.from.send(aliased("", alias, "2"));
  story.expect("2", "a");
}

void alias_with_acknowledgement(context& test, qos level) {
  aliases story(test, level);
  const std::uint16_t highest = test.able().topic_alias_maximum;
  expect_taken(test, story.from, aliased(test.topic("a"), highest, "1", level));
  story.to.acknowledge(story.expect("1", "a"));
  expect_taken(test, story.from, aliased("", highest, "2", level));
  story.expect("2", "a");
}

// Each alias that the broker allows, all at once; a hundred at most.
void all_aliases(context& test) {
  aliases story(test);
  const std::uint16_t highest = test.able().topic_alias_maximum;
  const char* const tails[] = {"a", "b", "c"};
  const int first = std::max(1, highest - 99);
  for (int alias = first; alias <= highest; ++alias) {
    const auto number = static_cast<std::uint16_t>(alias);
    story.from.send(aliased(test.topic(tails[alias % 3]), number, "map"));
    story.expect("map", tails[alias % 3]);
  }
  for (int alias = first; alias <= highest; ++alias) {
    story.from.send(aliased("", static_cast<std::uint16_t>(alias), "use"));
    story.expect("use", tails[alias % 3]);
  }
}

void alias_is_mapped_anew(context& test) {
  aliases story(test);
  story.from.send(aliased(test.topic("a"), 1, "1"));
  story.expect("1", "a");
  story.from.send(aliased(test.topic("b"), 1, "2"));
  story.expect("2", "b");
  story.from.send(aliased("", 1, "3"));
  story.expect("3", "b");
}

void alias_is_mapped_back(context& test) {
  aliases story(test);
  for (const char* tail : {"a", "b", "a"}) {
    story.from.send(aliased(test.topic(tail), 1, "map"));
    story.expect("map", tail);
    story.from.send(aliased("", 1, "use"));
    story.expect("use", tail);
  }
}

void topic_without_alias_leaves_the_mapping(context& test) {
  aliases story(test);
  story.from.send(aliased(test.topic("a"), 1, "1"));
  story.from.send(aliased(test.topic("b"), 1, "2"));
  story.from.send(publish_of(test.topic("c"), "3"));
  story.from.send(aliased("", 1, "4"));
  story.expect("1", "a");
  story.expect("2", "b");
  story.expect("3", "c");
  story.expect("4", "b");
}

void two_aliases_of_one_topic(context& test) {
  aliases story(test);
  if (test.able().topic_alias_maximum < 2) return test.skip("it allows one Topic Alias only");
  const std::uint16_t highest = test.able().topic_alias_maximum;
  story.from.send(aliased(test.topic("a"), 1, "1"));
  story.from.send(aliased(test.topic("a"), highest, "2"));
  story.from.send(aliased("", 1, "3"));
  story.from.send(aliased("", highest, "4"));
  for (const char* payload : {"1", "2", "3", "4"}) story.expect(payload, "a");
}

void mappings_are_of_one_client(context& test) {
  aliases story(test);
  client& other = test.connected("other");
  story.from.send(aliased(test.topic("a"), 1, "1"));
  story.expect("1", "a");
  other.send(aliased(test.topic("b"), 1, "2"));
  story.expect("2", "b");
  story.from.send(aliased("", 1, "3"));
  story.expect("3", "a");
  other.send(aliased("", 1, "4"));
  story.expect("4", "b");
}

void alias_is_not_passed_on(context& test) {
  aliases story(test);
  story.from.send(aliased(test.topic("a"), 1, "1"));
  const auto came = story.expect("1", "a");
  if (came.properties.contains(mqtt::property_id::topic_alias)) {
    deviate(test, story.to, "PUBLISH without Topic Alias to a client that allows none",
            "the publisher's Topic Alias");
  }
}

void message_by_alias_is_retained(context& test) {
  client& from = test.connected("publisher");
  const std::uint16_t highest = test.able().topic_alias_maximum;
  expect_taken(test, from, aliased(test.topic("a"), highest, "1", qos::at_least_once));
  mqtt::publish retained = aliased("", highest, "2", qos::at_least_once);
  retained.retain = true;
  test.will_clear_retained(test.topic("a"));
  expect_taken(test, from, retained);
  client& to = test.connected("late");
  to.subscribe(test.topic("a"), qos::at_least_once);
  to.expect_publish(
      "2", [&](const auto& came) { return came.topic_name == test.topic("a"); },
      "the Topic Name that the alias stands for");
}

void highest(suite& to, std::string id, std::string title, std::function<void(context&)> body,
             std::vector<need> more = {}) {
  more.push_back(need::topic_aliases);
  to.add({.id = "MQTT-3.3.2-12/" + std::move(id),
          .title = std::move(title),
          .covers = {v5("MQTT-3.3.2-12")},
          .needs = std::move(more),
          .defects = {"refuse-highest-topic-alias"},
          .body = std::move(body)});
}

}  // namespace

void add_client_alias_cases(suite& to) {
  highest(to, "highest", "The highest Topic Alias that the broker announces can be used",
          [](context& test) {
            alias_takes_the_place_of_the_topic(test, test.able().topic_alias_maximum);
          });
  highest(to, "all", "All Topic Aliases up to the broker's maximum can be used at once",
          all_aliases);
  highest(to, "qos1", "A Topic Alias can be used at QoS 1",
          [](context& test) { alias_with_acknowledgement(test, qos::at_least_once); },
          {need::qos1});
  highest(to, "qos2", "A Topic Alias can be used at QoS 2",
          [](context& test) { alias_with_acknowledgement(test, qos::exactly_once); }, {need::qos2});
  highest(to, "one-topic", "Two Topic Aliases can stand for one topic", two_aliases_of_one_topic);
  highest(to, "retained", "A message published by Topic Alias can be retained",
          message_by_alias_is_retained, {need::qos1, need::retained});
  to.add({.id = "PR5-3.3.2.3.4-a/anew",
          .title = "A Topic Alias can be mapped to another topic",
          .covers = {v5("PR5-3.3.2.3.4-a"), v5("MQTT-3.3.2-12")},
          .needs = {need::topic_aliases},
          .defects = {"ignore-new-topic-alias-mapping"},
          .body = alias_is_mapped_anew});
  to.add({.id = "PR5-3.3.2.3.4-a/back",
          .title = "A Topic Alias can be mapped to and fro",
          .covers = {v5("PR5-3.3.2.3.4-a")},
          .needs = {need::topic_aliases},
          .defects = {"ignore-new-topic-alias-mapping"},
          .body = alias_is_mapped_back});
  to.add({.id = "PR5-3.3.2.3.4-a/topic-between",
          .title = "A PUBLISH without Topic Alias leaves the mappings alone",
          .covers = {v5("PR5-3.3.2.3.4-a")},
          .needs = {need::topic_aliases},
          .defects = {"ignore-new-topic-alias-mapping"},
          .body = topic_without_alias_leaves_the_mapping});
  to.add({.id = "MQTT-3.3.2-7/two-clients",
          .title = "Two clients can map the same Topic Alias to different topics",
          .covers = {v5("MQTT-3.3.2-7")},
          .needs = {need::topic_aliases},
          .defects = {"share-topic-aliases-between-clients"},
          .body = mappings_are_of_one_client});
  to.add({.id = "PR5-3.3.2.3.4-b/not-passed-on",
          .title = "The publisher's Topic Alias does not reach subscribers",
          .covers = {v5("PR5-3.3.2.3.4-b"), v5("MQTT-3.1.2-27")},
          .needs = {need::topic_aliases},
          .defects = {"forward-topic-alias"},
          .body = alias_is_not_passed_on});
}

}  // namespace gauntlet::conformance
