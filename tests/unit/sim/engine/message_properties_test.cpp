// Goal: what the file says about messages and windows stands in the packets that the broker gets.

#include <gmock/gmock.h>

#include "tests/unit/sim/engine/hand_broker.hpp"

namespace gauntlet::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

std::string scenario_of(const std::string& group_keys, const std::string& publication_keys) {
  return "name: a\nduration: 10s\nfleet:\n  - group: g\n    count: 1\n" + group_keys +
         "    publish:\n      - topic: \"t/{index}\"\n        every: 1s\n        first: 0s\n" +
         "        payload: x\n" + publication_keys;
}

std::vector<std::string> topics(const std::vector<mqtt::publish>& messages) {
  std::vector<std::string> all;
  for (const mqtt::publish& each : messages) all.push_back(each.topic_name);
  return all;
}

std::vector<int> aliases(const std::vector<mqtt::publish>& messages) {
  std::vector<int> all;
  for (const mqtt::publish& each : messages) {
    all.push_back(each.properties.find<mqtt::property_id::topic_alias>().value_or(0));
  }
  return all;
}

mqtt::connack aliases_up_to(std::uint16_t maximum) {
  mqtt::connack answer;
  answer.properties.add(mqtt::topic_alias_maximum(maximum));
  return answer;
}

TEST(MessageProperties, StandInEveryPublish) {
  hand_broker broker(scenario_of("",
                                 "        expiry: 90s\n        content_type: text/plain\n"
                                 "        utf8: true\n        user_properties: {unit: C, "
                                 "from: \"{client_id}\", site: north}\n"));
  broker.pass(milliseconds(1500));
  const auto messages = broker.connections.at(0)->all<mqtt::publish>();
  ASSERT_EQ(messages.size(), 2U);
  for (const mqtt::publish& each : messages) {
    EXPECT_EQ(each.properties.find<mqtt::property_id::message_expiry_interval>(), 90U);
    EXPECT_EQ(each.properties.find<mqtt::property_id::content_type>(), "text/plain");
    EXPECT_EQ(each.properties.find<mqtt::property_id::payload_format_indicator>(), 1U);
    EXPECT_THAT(
        each.properties.find_all<mqtt::property_id::user_property>(),
        ElementsAre(mqtt::string_pair_view{"unit", "C"}, mqtt::string_pair_view{"from", "g-0"},
                    mqtt::string_pair_view{"site", "north"}));
  }
}

TEST(MessageProperties, AliasReplacesTheTopicUntilTheConnectionIsLost) {
  hand_broker broker(scenario_of("", "        topic_alias: true\n"), aliases_up_to(1));
  broker.pass(milliseconds(2500));
  const auto before = broker.connections.at(0)->all<mqtt::publish>();
  EXPECT_THAT(topics(before), ElementsAre("t/0", "", ""));
  EXPECT_THAT(aliases(before), ElementsAre(1, 1, 1));

  broker.connections[0]->reset();
  broker.pass(seconds(4));
  ASSERT_EQ(broker.connections.size(), 2U);
  const auto after = broker.connections[1]->all<mqtt::publish>();
  ASSERT_GE(after.size(), 2U);
  EXPECT_EQ(after[0].topic_name, "t/0");
  EXPECT_EQ(after[1].topic_name, "");
  EXPECT_THAT(aliases(after), testing::Each(1));
}

TEST(MessageProperties, NoAliasBeyondWhatTheBrokerTakes) {
  hand_broker broker(scenario_of("", "        topic_alias: true\n"));
  broker.pass(milliseconds(1500));
  const auto messages = broker.connections.at(0)->all<mqtt::publish>();
  EXPECT_THAT(topics(messages), ElementsAre("t/0", "t/0"));
  EXPECT_THAT(aliases(messages), ElementsAre(0, 0));
}

TEST(SessionSettings, StandInConnect) {
  hand_broker broker(
      scenario_of("    receive_maximum: 7\n    maximum_packet_size: 4096\n"
                  "    topic_alias_maximum: 3\n"
                  "    user_properties: {role: \"meter {index}\"}\n",
                  ""));
  broker.pass(milliseconds(100));
  const auto requests = broker.connections.at(0)->all<mqtt::connect>();
  ASSERT_EQ(requests.size(), 1U);
  const mqtt::property_list& says = requests[0].properties;
  EXPECT_EQ(says.find<mqtt::property_id::receive_maximum>(), 7U);
  EXPECT_EQ(says.find<mqtt::property_id::maximum_packet_size>(), 4096U);
  EXPECT_EQ(says.find<mqtt::property_id::topic_alias_maximum>(), 3U);
  EXPECT_THAT(says.find_all<mqtt::property_id::user_property>(),
              ElementsAre(mqtt::string_pair_view{"role", "meter 0"}));
}

TEST(SessionSettings, MessagesBeyondTheWindowWaitForAcknowledgements) {
  hand_broker broker(scenario_of("    in_flight: 2\n", "        qos: 1\n"));
  broker.pass(milliseconds(5500));
  hand_connection& connection = *broker.connections.at(0);
  ASSERT_EQ(connection.all<mqtt::publish>().size(), 2U);
  connection.send(
      mqtt::puback{.packet_identifier = connection.all<mqtt::publish>()[0].packet_identifier});
  broker.pass(milliseconds(100));
  EXPECT_EQ(connection.all<mqtt::publish>().size(), 3U);
}

}  // namespace
}  // namespace gauntlet::sim
