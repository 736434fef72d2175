// Faults as files say them, and what is wrong with those that make no sense.

#include "harness/fault_config/rule_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::fault_config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string wrong_with(std::string_view text) {
  const auto rules = parse_rules(text, "faults.yaml");
  if (rules) return "nothing";
  return config::to_failure(rules.error()).message;
}

TEST(RuleReader, ReadsWhoWhenAndWhat) {
  const auto rules = parse_rules(R"(
- name: lost-puback
  at: 5s
  for: 10s
  every: 30s
  clients: "meter-*"
  when: {packet: puback, direction: to_client, identifier: 7, reason_code: 16, nth: 3, times: 1,
         per: connection, connect: 2, property: message_expiry_interval}
  drop: {}
- cut: {moment: mid, bytes: 3, how: fin, at_broker: silent}
  when: {packet: [publish, pubrel], qos: 2, topic: "a/#", probability: 5%, every: 4}
- inject: {packet: "40 02 00 07", direction: to_client}
- latency: {by: 50ms, jitter: 5ms}
)",
                                 "faults.yaml");
  ASSERT_TRUE(rules);
  const fault::rule& first = (*rules)[0];
  EXPECT_EQ(first.name, "lost-puback");
  EXPECT_EQ(first.when.at, std::chrono::seconds(5));
  EXPECT_EQ(first.when.lasting, std::chrono::seconds(10));
  EXPECT_EQ(first.when.every, std::chrono::seconds(30));
  EXPECT_EQ(first.who.clients, "meter-*");
  EXPECT_THAT(first.who.packets, ElementsAre(mqtt::packet_type::puback));
  EXPECT_EQ(first.who.towards, history::direction::to_client);
  EXPECT_EQ(first.who.packet_identifier, 7);
  EXPECT_EQ(first.who.reason_code, 16);
  EXPECT_EQ(first.who.property, mqtt::property_id::message_expiry_interval);
  EXPECT_EQ(first.who.nth, 3U);
  EXPECT_EQ(first.who.times, 1U);
  EXPECT_EQ(first.who.connect, 2U);
  EXPECT_EQ(first.who.counted, fault::selection::scope::connection);
  EXPECT_TRUE(std::holds_alternative<fault::drop>(first.what));
  const fault::rule& second = (*rules)[1];
  EXPECT_EQ(second.name, "cut");
  const auto& cut = std::get<fault::cut>(second.what);
  EXPECT_EQ(cut.when, fault::cut::moment::mid);
  EXPECT_EQ(cut.bytes, 3U);
  EXPECT_EQ(cut.how, fault::ending::fin);
  EXPECT_EQ(cut.at_broker, fault::ending::silent);
  EXPECT_EQ(second.who.qos, mqtt::qos::exactly_once);
  EXPECT_EQ(second.who.topic_filter, "a/#");
  EXPECT_DOUBLE_EQ(second.who.probability, 0.05);
  EXPECT_EQ(std::get<fault::inject>((*rules)[2].what).packet, (byte_buffer{0x40, 2, 0, 7}));
  EXPECT_EQ(std::get<fault::latency>((*rules)[3].what).jitter, std::chrono::milliseconds(5));
}

TEST(RuleReader, KnowsEveryAction) {
  // As many readers as there are faults, each under the fault's own name.
  EXPECT_EQ(action_readers().size(), std::variant_size_v<fault::action>);
  for (const action_key& each : action_readers()) {
    const std::string keys = each.name == "hold"         ? "{until: puback}"
                             : each.name == "rewrite"    ? "{field: qos, value: 1}"
                             : each.name == "inject"     ? "{packet: 'd0 00'}"
                             : each.name == "limit_data" ? "{bytes: 1KB}"
                             : each.name == "bandwidth" || each.name == "slow_reader"
                                 ? "{rate: 1KB}"
                                 : "{}";
    const auto rules = parse_rules("faults: [{" + each.name + ": " + keys + "}]", "f.yaml");
    ASSERT_TRUE(rules) << each.name << ": " << wrong_with("[{" + each.name + ": " + keys + "}]");
    EXPECT_EQ(fault::name_of(rules->front().what), each.name);
  }
}

TEST(RuleReader, GivesNamesToThoseWithout) {
  const auto rules =
      parse_rules("[{drop: {}}, {cut: {}}, {drop: {}}, {name: drop-1, cut: {}}]", "f.yaml");
  ASSERT_TRUE(rules);
  std::vector<std::string> names;
  for (const fault::rule& each : *rules) names.push_back(each.name);
  EXPECT_THAT(names, ElementsAre("drop-2", "cut", "drop-3", "drop-1"));
}

TEST(RuleReader, SaysWhatIsWrong) {
  EXPECT_THAT(wrong_with("[{name: a}]"), HasSubstr("faults.yaml:1:2"));
  EXPECT_THAT(wrong_with("[{drop: {}, cut: {}}]"),
              HasSubstr("faults.yaml:1:2: [0]: exactly one of 'cut'"));
  EXPECT_THAT(wrong_with("[{drp: {}}]"), HasSubstr("did you mean 'drop'"));
  EXPECT_THAT(wrong_with("[{when: {packet: pubak}, drop: {}}]"),
              HasSubstr("faults.yaml:1:18: [0].when.packet: expected one of connect, connack"));
  EXPECT_THAT(wrong_with("[{every: 5s, drop: {}}]"), HasSubstr("say 'for'"));
  EXPECT_THAT(wrong_with("[{every: 5s, for: 5s, drop: {}}]"), HasSubstr("before it is over"));
  EXPECT_THAT(wrong_with("[{for: 0s, drop: {}}]"), HasSubstr("longer than no time"));
  EXPECT_THAT(wrong_with("[{cut: {bytes: 2}}]"), HasSubstr("only a cut with 'moment: mid'"));
  EXPECT_THAT(wrong_with("[{inject: {packet: '4'}}]"), HasSubstr("in hexadecimal"));
  EXPECT_THAT(wrong_with("[{name: a, drop: {}}, {name: a, drop: {}}]"),
              HasSubstr("faults.yaml:1:30: [1].name: there is a fault 'a' already"));
  EXPECT_THAT(wrong_with("[{name: 'a b', drop: {}}]"), HasSubstr("made of letters"));
  EXPECT_THAT(wrong_with("fault: []"), HasSubstr("the one key 'faults'"));
}

}  // namespace
}  // namespace gauntlet::fault_config
