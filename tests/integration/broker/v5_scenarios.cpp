// Scenarios about what MQTT 5.0 adds.

#include <algorithm>

#include "tests/integration/broker/scenarios.hpp"

namespace gauntlet::broker {

void pass_properties_on(stage& on) {
  constexpr int expiry_s = 600;
  constexpr int expiry_left_s = 500;  // no machine is that slow
  auto& reader = on.connect(on.reader, {.client_id = "reader"});
  auto& writer = on.connect(on.writer, {.client_id = "writer"});
  on.subscribe(reader, {{.filter = "a", .qos = 1}});
  // mosquitto_pub takes correlation data as an argument, where no byte can be 0.
  const bool any_byte = on.reader.end.takes_commands() && on.writer.end.takes_commands();
  const message sent{
      .topic = "a",
      .payload = "42",
      .qos = 1,
      .content_type = "text/plain",
      .response_topic = "answers/here",
      .correlation_data = any_byte ? std::string("\x00\xff\x0a", 3) : std::string("7a"),
      .message_expiry_interval = expiry_s,
      .payload_format_indicator = 1,
      .user_properties = {{"site", "north"}, {"site", "south"}, {"unit", "kelvin"}}};
  on.publish(writer, {sent});
  auto seen = on.messages(reader, writer, 1);
  for (message& each : seen) {
    const int left = each.message_expiry_interval.value_or(0);
    if (left <= expiry_s && left > expiry_left_s) each.message_expiry_interval = expiry_s;
  }
  on.expect_same(seen, {sent}, "properties");
}

void obey_subscription_options(stage& on) {
  auto& reader = on.connect(on.reader, {.client_id = "reader"});
  auto& writer = on.connect(on.writer, {.client_id = "writer"});
  const message kept{.topic = "kept", .payload = "1", .qos = 1, .retain = true};
  on.publish(writer, {kept});

  on.subscribe(reader, {{.filter = "kept", .qos = 1, .retain_handling = 2},
                        {.filter = "own", .qos = 1, .no_local = true},
                        {.filter = "flagged", .qos = 1, .retain_as_published = true}});
  on.expect_same(on.messages(reader, writer, 1), {}, "Retain Handling 2");
  on.subscribe(reader, {{.filter = "kept", .qos = 1, .retain_handling = 1}});
  on.expect_same(on.messages(reader, writer, 1), {}, "Retain Handling 1, known subscription");
  on.subscribe(reader, {{.filter = "kept/#", .qos = 1, .retain_handling = 1}});
  on.expect_same(on.messages(reader, writer, 1), {kept}, "Retain Handling 1, new subscription");

  const message own{.topic = "own", .payload = "2", .qos = 1};
  on.publish(reader, {own});
  on.publish(writer, {own});
  on.expect_same(on.messages(reader, writer, 1), {own}, "No Local");

  const message flagged{.topic = "flagged", .payload = "3", .qos = 1, .retain = true};
  on.publish(writer, {flagged});
  on.expect_same(on.messages(reader, writer, 1), {flagged}, "Retain As Published");
}

void name_subscriptions(stage& on) {
  auto& reader = on.connect(on.reader, {.client_id = "reader"});
  auto& writer = on.connect(on.writer, {.client_id = "writer"});
  on.subscribe(reader, {{.filter = "a/b", .qos = 1}}, 7);
  on.subscribe(reader, {{.filter = "c", .qos = 1}}, 268'435'455);
  const message first{.topic = "a/b", .payload = "1", .qos = 1};
  const message second{.topic = "c", .payload = "2", .qos = 1};
  on.publish(writer, {first, second});
  message first_named = first;
  first_named.subscription_identifiers = {7};
  message second_named = second;
  second_named.subscription_identifiers = {268'435'455};
  on.expect_same(on.messages(reader, writer, 1), {first_named, second_named}, "identifiers");
}

void resolve_topic_aliases(stage& on) {
  auto& reader = on.connect(on.reader, {.client_id = "reader"});
  auto& writer = on.connect(on.writer, {.client_id = "writer"});
  on.subscribe(reader, {{.filter = "long/topic/name/#", .qos = 1}});
  on.publish(writer, {{.topic = "long/topic/name/1", .payload = "1", .qos = 1, .topic_alias = 3},
                      {.topic = "", .payload = "2", .qos = 1, .topic_alias = 3},
                      {.topic = "long/topic/name/2", .payload = "3", .qos = 1, .topic_alias = 3},
                      {.topic = "", .payload = "4", .qos = 1, .topic_alias = 3}});
  on.expect_same(on.messages(reader, writer, 1),
                 {{.topic = "long/topic/name/1", .payload = "1", .qos = 1},
                  {.topic = "long/topic/name/1", .payload = "2", .qos = 1},
                  {.topic = "long/topic/name/2", .payload = "3", .qos = 1},
                  {.topic = "long/topic/name/2", .payload = "4", .qos = 1}},
                 "under an alias");
}

void share_subscriptions(stage& on) {
  constexpr int count = 20;
  auto& one = on.connect(on.reader, {.client_id = "one"});
  auto& two = on.connect(on.reader, {.client_id = "two"});
  auto& writer = on.connect(on.writer, {.client_id = "writer"});
  for (stage_client* const member : {&one, &two}) {
    on.subscribe(*member, {{.filter = "$share/group/work/#", .qos = 1}});
  }
  std::vector<message> sent;
  for (int i = 0; i < count; ++i) {
    sent.push_back({.topic = "work/" + std::to_string(10 + i), .payload = "x", .qos = 1});
  }
  on.publish(writer, sent);
  auto seen = on.messages(one, writer, 1);
  const auto more = on.messages(two, writer, 1);
  on.expect(!seen.empty() && !more.empty(), "one member got everything");
  seen.insert(seen.end(), more.begin(), more.end());
  std::ranges::sort(seen, {}, &message::topic);
  on.expect_same(seen, sent, "the messages of both members");
}

void assign_client_identifiers(stage& on) {
  std::vector<std::string> names;
  for (int i = 0; i < 2; ++i) {
    auto& client = on.connect(on.reader, {});
    const auto connack = on.await(client, "connack");
    const auto* const assigned = connack.if_contains("assigned");
    if (assigned == nullptr) return on.complain("no Assigned Client Identifier");
    names.emplace_back(assigned->as_string());
  }
  on.expect(!names[0].empty() && names[0] != names[1], "two clients were given one identifier");
}

}  // namespace gauntlet::broker
