// Goal: what a device sends because of a message stands in its packets: set values, answers with
// the properties of their requests; and requests know their answers.

#include <gmock/gmock.h>

#include "harness/base/json_pointer.hpp"
#include "sim/plan/request_stamp.hpp"
#include "tests/unit/sim/engine/hand_broker.hpp"

namespace gauntlet::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string scenario_of(const std::string& keys) {
  return "name: a\nduration: 60s\nfleet:\n  - group: oven\n    count: 1\n"
         "    session_expiry: 1h\n    clean_start: false\n"
         "    sensors: {setpoint: {constant: 180}}\n"
         "    publish:\n      - {topic: telemetry, every: 10s, first: 5s, qos: 1, payload: {json: "
         "{setpoint: {sensor: setpoint}}}}\n"
         "    subscribe: [{filter: 'oven/#', qos: 0}]\n    on_message:\n" +
         keys;
}

mqtt::publish message(std::string topic, std::string_view payload) {
  mqtt::publish made;
  made.topic_name = std::move(topic);
  made.payload.assign(payload.begin(), payload.end());
  return made;
}

/// Lets the only device become active.
hand_connection& subscribed(hand_broker& broker) {
  broker.pass(milliseconds(100));
  hand_connection& device = *broker.connections.back();
  const auto asked = device.all<mqtt::subscribe>();
  EXPECT_EQ(asked.size(), 1U);
  device.send(mqtt::suback{.packet_identifier = asked.at(0).packet_identifier,
                           .reason_codes = {mqtt::reason_code::success}});
  broker.pass(milliseconds(100));
  return device;
}

std::vector<mqtt::publish> sent_to(const hand_connection& device, std::string_view topic) {
  std::vector<mqtt::publish> found;
  for (mqtt::publish& each : device.all<mqtt::publish>()) {
    if (each.topic_name == topic) found.push_back(std::move(each));
  }
  return found;
}

std::optional<json_scalar> value_in(const mqtt::publish& message, std::string_view pointer) {
  return find_json(as_text(message.payload), pointer);
}

TEST(Reactions, SetSensorsFromNowOn) {
  hand_broker broker(
      scenario_of("      - filter: 'oven/set'\n        set: {setpoint: /target/value}\n"
                  "        publish: {topic: state, after: 1s, payload: {json: {setpoint: {sensor: "
                  "setpoint}}}}\n"));
  hand_connection& device = subscribed(broker);
  broker.pass(seconds(6));
  device.send(message("oven/set", R"({"target":{"value":215}})"));
  broker.pass(milliseconds(900));
  EXPECT_TRUE(sent_to(device, "state").empty());
  broker.pass(seconds(12));
  const auto states = sent_to(device, "state");
  ASSERT_EQ(states.size(), 1U);
  EXPECT_EQ(value_in(states[0], "/setpoint"), json_scalar(std::int64_t{215}));
  const auto telemetry = sent_to(device, "telemetry");
  ASSERT_EQ(telemetry.size(), 2U);
  EXPECT_EQ(value_in(telemetry[0], "/setpoint"), json_scalar(std::int64_t{180}));
  EXPECT_EQ(value_in(telemetry[1], "/setpoint"), json_scalar(std::int64_t{215}));
}

TEST(Reactions, LeaveOutWhatTheMessageDoesNotSay) {
  hand_broker broker(
      scenario_of("      - filter: 'oven/set'\n        set: {setpoint: /value}\n"
                  "        publish: {topic: state, payload: {json: {setpoint: {sensor: "
                  "setpoint}}}}\n"));
  hand_connection& device = subscribed(broker);
  device.send(message("oven/set", "no JSON at all"));
  device.send(message("oven/other", R"({"value":1})"));
  broker.pass(seconds(1));
  const auto states = sent_to(device, "state");
  ASSERT_EQ(states.size(), 1U);
  EXPECT_EQ(value_in(states[0], "/setpoint"), json_scalar(std::int64_t{180}));
  const auto& events = broker.worker->books().measured.events.events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].text, "oven: a message on 'oven/set' has no value at /value");
}

TEST(Reactions, AnswerWithWhatTheRequestAsksFor) {
  hand_broker broker(
      scenario_of("      - {filter: 'oven/get', answer: {topic: fixed, payload: {json: {}}}}\n"));
  hand_connection& device = subscribed(broker);
  mqtt::publish request = message("oven/get", "a stranger asks");
  request.properties.add(mqtt::response_topic("replies/7"));
  request.properties.add(mqtt::correlation_data(byte_buffer{1, 0, 2}));
  device.send(request);
  device.send(message("oven/get", "by convention"));
  broker.pass(seconds(1));
  const auto replies = sent_to(device, "replies/7");
  ASSERT_EQ(replies.size(), 1U);
  const auto data = replies[0].properties.find<mqtt::property_id::correlation_data>();
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(byte_buffer(data->begin(), data->end()), (byte_buffer{1, 0, 2}));
  const auto fixed = sent_to(device, "fixed");
  ASSERT_EQ(fixed.size(), 1U);
  EXPECT_EQ(fixed[0].properties.find<mqtt::property_id::correlation_data>(), std::nullopt);
}

TEST(Requests, NameTheirAnswer) {
  hand_broker broker(
      "name: a\nduration: 60s\nfleet:\n  - group: g\n    count: 1\n"
      "    publish: [{topic: ask, every: 1s, first: 2s, qos: 1, payload: x,\n"
      "      request: {response_topic: 'replies/{client_id}', timeout: 1s}}]\n");
  hand_connection& device = subscribed(broker);
  broker.pass(seconds(2));
  const auto asked = sent_to(device, "ask");
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].properties.find<mqtt::property_id::response_topic>(), "replies/g-0");
  const auto data = asked[0].properties.find<mqtt::property_id::correlation_data>();
  ASSERT_TRUE(data.has_value());
  const auto named = read_correlation(*data);
  ASSERT_TRUE(named.has_value());
  EXPECT_EQ(named->sequence, 0U);
  EXPECT_EQ(named->scheduled, seconds(2));

  // A service of somebody else answers: once rightly, once more, once for nobody, once for nothing.
  const auto answer = [&](byte_buffer correlation) {
    mqtt::publish made = message("replies/g-0", "done");
    if (!correlation.empty()) made.properties.add(mqtt::correlation_data(std::move(correlation)));
    device.send(made);
  };
  const byte_buffer right(data->begin(), data->end());
  byte_buffer wrong = right;
  wrong[9] ^= 1U;
  answer(right);
  answer(right);
  answer(wrong);
  answer({});
  broker.pass(milliseconds(500));
  const record::request_account& account = broker.worker->books().measured.requests.at(0);
  EXPECT_EQ(account.answered, 1U);
  EXPECT_EQ(account.answered_twice, 1U);
  EXPECT_EQ(account.wrong_correlation, 2U);
  EXPECT_EQ(account.response_time.count(), 1U);
}

}  // namespace
}  // namespace gauntlet::sim
