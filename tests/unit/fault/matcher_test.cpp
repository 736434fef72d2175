// Which packets a rule picks, by what they are and by their number; and when a rule is active.

#include "harness/fault/matcher.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "harness/fault/rule_state.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::fault {
namespace {

using history::direction;
using mqtt::packet_type;
using std::chrono::seconds;

/// A packet with its bytes, towards the side that its type goes to in these tests.
struct sample {
  byte_buffer bytes;
  packet_facts facts;

  sample(const mqtt::packet& packet, direction towards) {
    EXPECT_TRUE(mqtt::encode(packet, mqtt::protocol_version::v5, bytes));
    facts = facts_of(bytes, towards, mqtt::protocol_version::v5);
  }
};

sample some_publish() {
  return {mqtt::publish{.qos = mqtt::qos::at_least_once,
                        .topic_name = "plant/1/state",
                        .packet_identifier = 7,
                        .properties = {mqtt::content_type("text")},
                        .payload = {1, 2, 3}},
          direction::to_broker};
}

sample some_puback() {
  return {mqtt::puback{.packet_identifier = 9, .reason_code = mqtt::reason_code::quota_exceeded},
          direction::to_client};
}

/// Which of `count` equal packets are picked, by number from 1.
std::vector<int> picked_of(const selection& who, int count, std::uint64_t seed = 1) {
  tally counted;
  seeded_stream draws(stream_key{seed});
  std::vector<int> picked;
  for (int number = 1; number <= count; ++number) {
    if (picks(who, counted, draws)) picked.push_back(number);
  }
  return picked;
}

TEST(Matcher, PicksByEachFieldOfThePacket) {
  const sample publish = some_publish();
  const sample puback = some_puback();
  const auto both = [&](const selection& who) {
    return std::pair(selects_packet(who, publish.facts), selects_packet(who, puback.facts));
  };
  const std::pair publish_only(true, false);
  const std::pair puback_only(false, true);
  EXPECT_EQ(both({}), std::pair(true, true));
  EXPECT_EQ(both({.packets = {packet_type::publish, packet_type::pubrel}}), publish_only);
  EXPECT_EQ(both({.towards = direction::to_client}), puback_only);
  EXPECT_EQ(both({.topic_filter = "plant/+/state"}), publish_only);
  EXPECT_EQ(both({.topic_filter = "plant/+/command"}), std::pair(false, false));
  EXPECT_EQ(both({.qos = mqtt::qos::at_least_once}), publish_only);
  EXPECT_EQ(both({.qos = mqtt::qos::exactly_once}), std::pair(false, false));
  EXPECT_EQ(both({.packet_identifier = 9}), puback_only);
  EXPECT_EQ(both({.reason_code = 0x97}), puback_only);
  EXPECT_EQ(both({.property = mqtt::property_id::content_type}), publish_only);
  EXPECT_EQ(both({.property = mqtt::property_id::topic_alias}), std::pair(false, false));
}

TEST(Matcher, ReadsTheReasonCodesOfEachPacketThatHasOne) {
  const auto code = [](const mqtt::packet& packet) {
    return sample(packet, direction::to_client).facts.reason_code();
  };
  EXPECT_EQ(code(mqtt::puback{.packet_identifier = 1}), 0);
  EXPECT_EQ(code(mqtt::disconnect{.reason_code = mqtt::reason_code::session_taken_over}), 0x8E);
  EXPECT_EQ(code(mqtt::suback{.packet_identifier = 1,
                              .reason_codes = {mqtt::reason_code::granted_qos_1},
                              .properties = {mqtt::reason_string("why")}}),
            1);
  EXPECT_EQ(code(mqtt::connack{.reason_code = mqtt::reason_code::not_authorized}), 0x87);
  EXPECT_EQ(code(mqtt::pingresp{}), std::nullopt);
}

TEST(Matcher, PicksByNumber) {
  EXPECT_EQ(picked_of({}, 3), (std::vector{1, 2, 3}));
  EXPECT_EQ(picked_of({.nth = 3}, 9), (std::vector{3}));
  EXPECT_EQ(picked_of({.every = 4}, 9), (std::vector{4, 8}));
  EXPECT_EQ(picked_of({.nth = 2, .every = 3}, 9), (std::vector{2, 5, 8}));
  EXPECT_EQ(picked_of({.times = 2}, 9), (std::vector{1, 2}));
  EXPECT_EQ(picked_of({.every = 2, .times = 2}, 9), (std::vector{2, 4}));
}

TEST(Matcher, DrawsTheSameShareFromTheSameSeed) {
  const selection half{.probability = 0.5};
  const auto picked = picked_of(half, 1'000);
  EXPECT_EQ(picked, picked_of(half, 1'000));
  EXPECT_NE(picked, picked_of(half, 1'000, 2));
  EXPECT_GT(picked.size(), 420U);
  EXPECT_LT(picked.size(), 580U);
  EXPECT_TRUE(picked_of({.probability = 0}, 100).empty());
}

TEST(Matcher, SelectsConnectionsByGlobSetAndNumber) {
  EXPECT_TRUE(selects_connection({}, "any", 1));
  EXPECT_TRUE(selects_connection({.clients = "meter-*"}, "meter-12", 1));
  EXPECT_FALSE(selects_connection({.clients = "meter-?"}, "meter-12", 1));
  EXPECT_TRUE(selects_connection({.connect = 2}, "a", 2));
  EXPECT_FALSE(selects_connection({.connect = 2}, "a", 1));
  selection some;
  some.client_ids =
      std::make_shared<std::unordered_set<std::string>>(std::unordered_set<std::string>{"a", "b"});
  EXPECT_TRUE(selects_connection(some, "b", 1));
  EXPECT_FALSE(selects_connection(some, "c", 1));
}

TEST(ActiveTime, LastsAndComesAgain) {
  const active_time always{};
  EXPECT_TRUE(is_active_at(always, seconds(0)));
  EXPECT_EQ(next_change(always, seconds(0)), duration::max());

  const active_time once{.at = seconds(5), .lasting = seconds(2)};
  EXPECT_FALSE(is_active_at(once, seconds(4)));
  EXPECT_TRUE(is_active_at(once, seconds(5)));
  EXPECT_FALSE(is_active_at(once, seconds(7)));
  EXPECT_EQ(next_change(once, seconds(4)), seconds(5));
  EXPECT_EQ(next_change(once, seconds(5)), seconds(7));
  EXPECT_EQ(next_change(once, seconds(7)), duration::max());

  const active_time again{.at = seconds(5), .lasting = seconds(2), .every = seconds(10)};
  EXPECT_TRUE(is_active_at(again, seconds(26)));
  EXPECT_FALSE(is_active_at(again, seconds(28)));
  EXPECT_EQ(next_change(again, seconds(7)), seconds(15));
  EXPECT_EQ(next_change(again, seconds(16)), seconds(17));
}

}  // namespace
}  // namespace gauntlet::fault
