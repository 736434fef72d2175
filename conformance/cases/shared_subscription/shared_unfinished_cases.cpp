// What becomes of a message whose member fails. MQTT 5.0 §4.8.2, §4.8.2-4 to -6

#include "conformance/cases/shared_subscription/shared_group.hpp"
#include "conformance/cases/shared_subscription/shared_subscription_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

// A group of two in which one member has a message that it has not acknowledged.
struct chosen {
  client* holder = nullptr;
  client* other = nullptr;
  const char* holder_name = "";
  mqtt::publish message;
};

// The broker chooses: whoever gets the first message is the holder.
chosen choose(context& test, qos of) {
  client& first = member(test, "first", "g", of, true);
  client& second = member(test, "second", "g", of, true);
  test.connected("publisher").publish(test.topic("t"), "x", of);
  event_loop& loop = test.where().network.loop();
  const auto came = [&] { return first.has_arrivals() || second.has_arrivals(); };
  if (!test.over()) loop.run_until(came, loop.now() + test.answer_limit());
  chosen story;
  const bool is_first = first.has_arrivals() || !second.has_arrivals();
  story.holder = is_first ? &first : &second;
  story.other = is_first ? &second : &first;
  story.holder_name = is_first ? "first" : "second";
  story.message = story.holder->take("x");
  return story;
}

// The session of the holder ends, and with it all that was under way to it.
void end_session(const chosen& story) {
  story.holder->disconnect({.properties = {mqtt::session_expiry_interval(0)}});
}

// The other member is alive and served: a message that follows comes to it, and only that.
void expect_only_later(context& test, const chosen& story) {
  story.other->expect_quiet();
  test.connected("publisher").publish(test.topic("t"), "later");
  story.other->acknowledge(story.other->expect_publish("later"));
}

void qos2_is_completed_at_publish(context& test) {
  const chosen story = choose(test, qos::exactly_once);
  story.holder->drop();
  client& again = test.connected(story.holder_name, lasting_connect(test.version()));
  again.acknowledge(again.expect_publish("x"));
  story.other->expect_quiet();
}

void qos2_is_completed_at_pubrel(context& test) {
  const chosen story = choose(test, qos::exactly_once);
  const std::uint16_t identifier = story.message.packet_identifier;
  const auto is_its = [identifier](const mqtt::pubrel& came) {
    return came.packet_identifier == identifier;
  };
  story.holder->send(mqtt::pubrec{.packet_identifier = identifier});
  story.holder->expect<mqtt::pubrel>("PUBREL", is_its);
  story.holder->drop();
  client& again = test.connected(story.holder_name, lasting_connect(test.version()));
  again.expect<mqtt::pubrel>("PUBREL again", is_its);
  story.other->expect_quiet();
}

void qos2_goes_to_nobody_else(context& test) {
  const chosen story = choose(test, qos::exactly_once);
  end_session(story);
  expect_only_later(test, story);
}

void qos2_goes_to_nobody_else_after_clean_start(context& test) {
  const chosen story = choose(test, qos::exactly_once);
  story.holder->drop();
  test.connected(story.holder_name, lasting_connect(test.version(), true)).disconnect();
  expect_only_later(test, story);
}

void refused_goes_to_nobody_else(context& test, qos of) {
  const chosen story = choose(test, of);
  const std::uint16_t identifier = story.message.packet_identifier;
  if (of == qos::at_least_once) {
    story.holder->send(mqtt::puback{identifier, reason_code::unspecified_error});
  } else {
    story.holder->send(mqtt::pubrec{identifier, reason_code::unspecified_error});
  }
  story.holder->ping();
  story.other->expect_quiet();
  story.holder->expect_quiet();
  publish_numbered(test, test.connected("publisher"), 2, of);
  expect_shared(test, {story.holder, story.other}, 2);
}

void refused_at_qos1(context& test) { refused_goes_to_nobody_else(test, qos::at_least_once); }
void refused_at_qos2(context& test) { refused_goes_to_nobody_else(test, qos::exactly_once); }

void qos1_goes_to_another(context& test) {
  const chosen story = choose(test, qos::at_least_once);
  end_session(story);
  story.other->acknowledge(story.other->expect_publish("x"));
}

void qos1_comes_again_to_its_member(context& test) {
  const chosen story = choose(test, qos::at_least_once);
  story.holder->drop();
  client& again = test.connected(story.holder_name, lasting_connect(test.version()));
  const auto all = receive_together(test, {&again, story.other}, 1);
  if (test.over()) return;
  demand(test, again, !all.empty() && payload_of(all.front().message) == "x",
         "the message again, to its member or another", "another message");
}

struct unfinished_case {
  const char* id;
  const char* title;
  const char* statement;
  std::vector<caught_defect> defects;
  void (*body)(context&);
  requirement_level level = requirement_level::must;
};

}  // namespace

void add_shared_unfinished_cases(suite& to) {
  const std::vector<unfinished_case> cases = {
      {"MQTT-4.8.2-4/publish",
       "A QoS 2 message is completed with its member after a resume",
       "MQTT-4.8.2-4",
       {"lose-unfinished-qos2-message-of-member"},
       qos2_is_completed_at_publish},
      {"MQTT-4.8.2-4/pubrel",
       "A PUBREL is sent again to the member that has the message",
       "MQTT-4.8.2-4",
       {"omit-pubrel-at-resume"},
       qos2_is_completed_at_pubrel},
      {"MQTT-4.8.2-5/session-ended",
       "A QoS 2 message goes to no other member when the session of its own ends",
       "MQTT-4.8.2-5",
       {"redistribute-unfinished-qos2-message"},
       qos2_goes_to_nobody_else},
      {"MQTT-4.8.2-5/clean-start",
       "A QoS 2 message goes to no other member when its own starts clean",
       "MQTT-4.8.2-5",
       {"redistribute-unfinished-qos2-message"},
       qos2_goes_to_nobody_else_after_clean_start},
      {"MQTT-4.8.2-6/puback",
       "A message that a member refuses with PUBACK goes to no other",
       "MQTT-4.8.2-6",
       {"redistribute-refused-message"},
       refused_at_qos1},
      {"MQTT-4.8.2-6/pubrec",
       "A message that a member refuses with PUBREC goes to no other",
       "MQTT-4.8.2-6",
       {"redistribute-refused-message"},
       refused_at_qos2},
      {"PR5-4.8.2-d/redistributed",
       "An unacknowledged QoS 1 message goes to another member when the session of its own ends",
       "PR5-4.8.2-d",
       {"omit-redistribution"},
       qos1_goes_to_another,
       requirement_level::should},
      {"MQTT-4.4.0-1/shared",
       "An unacknowledged QoS 1 message of a group is sent again",
       "MQTT-4.4.0-1",
       {"omit-redelivery"},
       qos1_comes_again_to_its_member},
  };
  for (const unfinished_case& each : cases) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = {v5(each.statement)},
            .needs = {need::qos2, need::shared_subscriptions},
            .defects = each.defects,
            .level = each.level,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
