// Goal: whatever is wrong with reactions and requests is told at its place, in words that say what
// to do; and reactions that could go on for ever are refused.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/reaction_checks.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> errors(const std::string& text) {
  const auto loaded = parse_scenario(text, "f");
  if (loaded) return {"none"};
  std::vector<std::string> lines;
  for (const config::diagnostic& one : loaded.error()) lines.push_back(to_string(one));
  return lines;
}

std::vector<std::string> group_errors(const std::string& keys) {
  return errors("name: a\nduration: 10s\nfleet: [{group: g, count: 2, " + keys + "}]\n");
}

/// Errors of a group with one reaction, one sensor, one publication and one subscription.
std::vector<std::string> reaction_errors(const std::string& keys) {
  return group_errors(
      "sensors: {setpoint: {constant: 1}}, publish: [{topic: t, name: tick, every: 1s, payload: "
      "x}],"
      " subscribe: [{filter: 'in/{index}/#'}], on_message: [{" +
      keys + "}]");
}

std::vector<std::string> reaction_errors_here(const std::string& keys) {
  return reaction_errors("filter: 'in/{index}/set', " + keys);
}

TEST(BadReaction, RightOnesPass) {
  EXPECT_THAT(reaction_errors_here("set: {setpoint: /value}"), ElementsAre("none"));
  EXPECT_THAT(reaction_errors_here("set: {setpoint: 4.5}"), ElementsAre("none"));
  EXPECT_THAT(reaction_errors_here("interval: {publication: t, every: /every, for: 5s}"),
              ElementsAre("none"));
  EXPECT_THAT(reaction_errors_here("interval: {publication: tick, every: 100ms}"),
              ElementsAre("none"));
  EXPECT_THAT(reaction_errors_here("publish: {topic: out, payload: x, count: 3, every: 1s}"),
              ElementsAre("none"));
  EXPECT_THAT(reaction_errors_here("answer: {payload: x, after: 1s, jitter: 10%}"),
              ElementsAre("none"));
}

TEST(BadReaction, DoesNothing) {
  EXPECT_THAT(reaction_errors("filter: 'in/{index}/set'"),
              ElementsAre(HasSubstr("this reaction does nothing; add 'set', 'interval', 'publish' "
                                    "or 'answer'")));
}

TEST(BadReaction, FilterThatNothingBrings) {
  EXPECT_THAT(reaction_errors("filter: 'other/#', set: {setpoint: 1}"),
              ElementsAre(HasSubstr("no subscription of group 'g' covers 'other/#', so no such "
                                    "message would come; add it to 'subscribe'")));
  EXPECT_THAT(reaction_errors("filter: 'in/#/x', set: {setpoint: 1}"),
              ElementsAre(HasSubstr("'in/#/x' cannot be a topic filter")));
  EXPECT_THAT(reaction_errors("filter: '$share/a/in/1/x', set: {setpoint: 1}"),
              ElementsAre(HasSubstr("without '$share/'")));
}

TEST(BadReaction, UnknownSensor) {
  EXPECT_THAT(
      reaction_errors_here("set: {setpont: 1}"),
      ElementsAre(HasSubstr("group 'g' has no sensor 'setpont', did you mean 'setpoint'?")));
  EXPECT_THAT(reaction_errors_here("set: {setpoint: /a~b}"),
              ElementsAre(HasSubstr("'/a~b' is no JSON pointer")));
}

TEST(BadReaction, UnknownPublication) {
  EXPECT_THAT(reaction_errors_here("interval: {publication: tck, every: 1s}"),
              ElementsAre(HasSubstr("group 'g' publishes nothing with the name or topic 'tck', did "
                                    "you mean 'tick'?")));
  EXPECT_THAT(reaction_errors_here("interval: {publication: t, every: 0s}"),
              ElementsAre(HasSubstr("every")));
}

TEST(BadReaction, Messages) {
  EXPECT_THAT(reaction_errors_here("publish: {payload: x}"), ElementsAre(HasSubstr("'topic'")));
  EXPECT_THAT(reaction_errors_here("publish: {topic: 'a/#', payload: x}"),
              ElementsAre(HasSubstr("'a/#' cannot be a topic name")));
  EXPECT_THAT(reaction_errors_here("publish: {topic: a, payload: x, count: 5}"),
              ElementsAre(HasSubstr("the key 'every' is missing: how long between the 5")));
  EXPECT_THAT(reaction_errors_here("publish: {topic: a, payload: x, every: 5s}"),
              ElementsAre(HasSubstr("one message has no interval; add 'count'")));
  EXPECT_THAT(reaction_errors_here("publish: {topic: a, payload: x, jitter: 5%}"),
              ElementsAre(HasSubstr("the jitter is a part of 'after', which is missing")));
}

TEST(BadReaction, AnswersThatCannotBeGiven) {
  EXPECT_THAT(
      group_errors("protocol: 3.1.1, subscribe: [{filter: q}], "
                   "on_message: [{filter: q, answer: {payload: x}}]"),
      ElementsAre(HasSubstr("speak 3.1.1, which has no Response Topic; say as 'topic' where "
                            "answers go")));
  EXPECT_THAT(reaction_errors_here("answer: {topic: a, payload: {random: 64B}}"),
              ElementsAre(HasSubstr("only text and json have a place")));
}

TEST(BadReaction, Requests) {
  EXPECT_THAT(group_errors("publish: [{topic: t, every: 1s, payload: x, request: {}}]"),
              ElementsAre(HasSubstr("the key 'response_topic' is missing")));
  EXPECT_THAT(group_errors("publish: [{topic: t, every: 1s, payload: x, "
                           "request: {response_topic: 'a/+'}}]"),
              ElementsAre(HasSubstr("'a/+' cannot be a topic name, which a response topic is")));
  EXPECT_THAT(group_errors("publish: [{topic: t, every: 1s, payload: x, "
                           "request: {response_topic: 'a', timeout: 0s}}]"),
              ElementsAre(HasSubstr("timeout")));
}

TEST(BadReaction, Loops) {
  // A device that hears what it says.
  EXPECT_THAT(
      reaction_errors("filter: 'in/{index}/set', publish: {topic: 'in/{index}/set', "
                      "payload: x}"),
      ElementsAre(HasSubstr(
          "these reactions would set each other off for ever: g on "
          "'in/{index}/set' -> g on 'in/{index}/set'; let one of them publish to another topic")));
  // Two groups that pass a message to and fro.
  EXPECT_THAT(errors("name: a\nduration: 10s\nfleet:\n"
                     "  - {group: g, count: 1, subscribe: [{filter: ping}],"
                     " on_message: [{filter: ping, publish: {topic: pong, payload: x}}]}\n"
                     "  - {group: h, count: 1, subscribe: [{filter: '#'}],"
                     " on_message: [{filter: '#', publish: {topic: ping, payload: x}}]}\n"),
              ElementsAre(HasSubstr("for ever: ")));
  // A chain is none.
  EXPECT_THAT(errors("name: a\nduration: 10s\nfleet:\n"
                     "  - {group: g, count: 1, subscribe: [{filter: ping}],"
                     " on_message: [{filter: ping, publish: {topic: pong, payload: x}}]}\n"
                     "  - {group: h, count: 1, subscribe: [{filter: pong}],"
                     " on_message: [{filter: pong, publish: {topic: end, payload: x}}]}\n"),
              ElementsAre("none"));
}

TEST(Reaction, CompletesItsGroup) {
  const auto loaded = parse_scenario(
      "name: a\nduration: 10s\nfleet: [{group: g, count: 2,"
      " publish: [{topic: t, every: 1s, payload: x, qos: 1,"
      "   request: {response_topic: 'r/{index}'}}],"
      " subscribe: [{filter: q}],"
      " on_message: [{filter: q, publish: {topic: p, payload: x}, answer: {payload: y},"
      "   interval: {publication: t, every: 2s}}]}]\n",
      "f");
  ASSERT_TRUE(loaded.has_value());
  const device_group& group = loaded->fleet[0];
  ASSERT_EQ(group.publish.size(), 3U);
  EXPECT_TRUE(group.publish[0].recorded);
  EXPECT_FALSE(group.publish[0].triggered);
  EXPECT_TRUE(group.publish[1].triggered);
  EXPECT_FALSE(group.publish[1].answers);
  EXPECT_TRUE(group.publish[2].answers);
  EXPECT_EQ(group.on_message[0].publish[0].index, 1U);
  EXPECT_EQ(group.on_message[0].answer->index, 2U);
  ASSERT_EQ(group.subscribe.size(), 2U);
  EXPECT_EQ(group.subscribe[1].filter.source(), "r/{index}");
  EXPECT_EQ(group.subscribe[1].qos, mqtt::qos::at_least_once);
  EXPECT_TRUE(group.sends_requests);
}

TEST(Reaction, MayHearWhatATemplateCanBecome) {
  const auto may = [](const char* filter, const char* name) {
    return may_match(*text_template::parse(filter), *text_template::parse(name));
  };
  EXPECT_TRUE(may("a/{index}", "a/5"));
  EXPECT_TRUE(may("a/b{index}/c", "a/{device}/c"));
  EXPECT_TRUE(may("a/b", "{client_id}"));
  EXPECT_TRUE(may("a/#", "a"));
  EXPECT_FALSE(may("a/{index}", "a"));
  EXPECT_FALSE(may("a/{index}/c", "a/{index}/d"));
  EXPECT_FALSE(may("#", "$SYS/{index}"));
}

TEST(Reaction, ReadsIntervals) {
  using std::chrono::milliseconds;
  EXPECT_EQ(interval_of(literal_value(std::int64_t{5})), milliseconds(5000));
  EXPECT_EQ(interval_of(literal_value(decimal_number{.value = 0.25})), milliseconds(250));
  EXPECT_EQ(interval_of(literal_value(std::string("500ms"))), milliseconds(500));
  EXPECT_FALSE(interval_of(literal_value(std::int64_t{0})));
  EXPECT_FALSE(interval_of(literal_value(std::int64_t{-3})));
  EXPECT_FALSE(interval_of(literal_value(decimal_number{.value = 1e12})));
  EXPECT_FALSE(interval_of(literal_value(std::string("soon"))));
  EXPECT_FALSE(interval_of(literal_value(true)));
}

}  // namespace
}  // namespace gauntlet::sim
