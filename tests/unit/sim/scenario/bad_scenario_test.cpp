// Goal: whatever is wrong with a scenario is told at its place, in words that say what to do.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/scenario.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::sim {
namespace {

using testing::ElementsAre;

std::vector<std::string> errors(const std::string& text) {
  const auto loaded = parse_scenario(text, "f");
  std::vector<std::string> lines;
  if (loaded) return {"none"};
  for (const config::diagnostic& one : loaded.error()) lines.push_back(to_string(one));
  return lines;
}

/// Errors of a scenario whose third line holds these keys of its only group.
std::vector<std::string> group_errors(const std::string& keys) {
  return errors("name: a\nduration: 10s\nfleet: [{group: g, count: 2, " + keys + "}]\n");
}

/// Errors of a group with one publication.
std::vector<std::string> publish_errors(const std::string& keys) {
  return group_errors("publish: [{" + keys + "}]");
}

std::vector<std::string> payload_errors(const std::string& payload) {
  return publish_errors("topic: t, every: 1s, payload: " + payload);
}

std::vector<std::string> expect_errors(const std::string& item) {
  return errors(
      "name: a\nduration: 10s\nfleet: [{group: doors, count: 2, subscribe: [{filter: t}]}]\n"
      "expect: [" +
      item + "]\n");
}

TEST(BadScenario, MissingAndUnknownKeys) {
  EXPECT_THAT(errors("{}"),
              ElementsAre("f:1:1: the key 'name' is missing", "f:1:1: the key 'fleet' is missing",
                          "f:1:1: exactly one of 'duration', 'stages' must be "
                          "given, not 0"));
  EXPECT_THAT(errors("name: a\nduration: 1s\nflet: []\nfleet: [{group: g, count: 1}]\n"),
              ElementsAre("f:3:1: unknown key 'flet', did you mean 'fleet'?"));
  EXPECT_THAT(group_errors("colour: red"),
              ElementsAre(testing::StartsWith("f:3:30: fleet[0]: unknown key 'colour'; known here: "
                                              "group, count, scale, protocol, ")));
  EXPECT_THAT(errors("name: a\nduration: 1s\nfleet: []\n"),
              ElementsAre("f:3:8: fleet: expected 1 to 1000 elements, not 0"));
}

TEST(BadScenario, TellsEverythingAtOnce) {
  EXPECT_THAT(
      errors("name: a b\nduration: 10\nfleet:\n  - {group: g, count: 0}\n  - {group: h, count: 1, "
             "publish: [{topic: 'a/#', every: 1s, payload: x}]}\n"),
      ElementsAre("f:1:7: name: 'a b' may hold only letters, digits, '.', '-' and '_'",
                  "f:2:11: duration: '10' is not a duration; write a number with its unit, like "
                  "250ms, 10s, 5m, 1h30m or 1d, up to 100 years",
                  "f:4:23: fleet[0].count: expected a whole number from 1 to 1000000, not '0'",
                  "f:5:44: fleet[1].publish[0].topic: 'a/#' cannot be a topic name: a topic name "
                  "must not contain the wildcards \"+\" and \"#\""));
}

TEST(BadScenario, Groups) {
  EXPECT_THAT(errors("name: a\nduration: 1s\nfleet:\n  - {group: g, count: 1}\n"
                     "  - {group: g, count: 1}\n"),
              testing::Contains("f:5:13: fleet[1].group: there is already a group 'g'"));
  EXPECT_THAT(
      group_errors("protocol: 4"),
      ElementsAre("f:3:40: fleet[0].protocol: expected 3.1.1 or 5.0, or shares like {3.1.1: "
                  "50%, 5.0: 50%}, not '4'"));
  EXPECT_THAT(group_errors("protocol: {3.1.1: 50%, 5.0: 40%}"),
              ElementsAre("f:3:40: fleet[0].protocol: the shares must add up to 100%, not 90%"));
  EXPECT_THAT(group_errors("keep_alive: 1500ms"),
              ElementsAre("f:3:42: fleet[0].keep_alive: MQTT counts this in whole seconds, so 1.5s "
                          "cannot be sent"));
  EXPECT_THAT(group_errors("keep_alive: 1d"),
              ElementsAre("f:3:42: fleet[0].keep_alive: expected a duration of at most "
                          "18h12m15s, not '1d'"));
  EXPECT_THAT(group_errors("protocol: 3.1.1, password: x"),
              ElementsAre("f:3:57: fleet[0].password: MQTT 3.1.1 has no password without a "
                          "user_name"));
}

TEST(BadScenario, ClientIdentifiersThatMeet) {
  EXPECT_THAT(group_errors("client_id: 'me'"),
              testing::Contains("f:3:41: fleet[0].client_id: all 2 devices would be 'me'; add "
                                "{index}"));
  EXPECT_THAT(group_errors("client_id: 'x{client_id}'"),
              testing::Contains("f:3:41: fleet[0].client_id: {client_id} cannot be part of "
                                "itself"));
  EXPECT_THAT(
      errors("name: a\nduration: 1s\nfleet:\n  - {group: g, count: 3, client_id: 'd{index}'}\n"
             "  - {group: h, count: 3, client_id: 'd{device}'}\n"
             "  - {group: i, count: 3, client_id: 'd{index:02}'}\n"
             "  - {group: j, count: 3, client_id: 'd{index}'}\n"),
      ElementsAre("f:7:37: fleet[3].client_id: device 0 would have the client id 'd0' of device 0 "
                  "of group 'g'"));
}

TEST(BadScenario, OptionsThatMqtt311DoesNotHave) {
  const std::string advice =
      "only MQTT 5.0 has this, and devices of this group speak 3.1.1; set 'protocol: 5.0' or make "
      "two groups";
  EXPECT_THAT(
      group_errors("protocol: {3.1.1: 1%, 5.0: 99%}, session_expiry: 0s, will: {topic: w, delay: "
                   "1s}, subscribe: [{filter: t, no_local: false, retain_as_published: true, "
                   "retain_handling: 0, identifier: 1, share: s}]"),
      ElementsAre("f:3:79: fleet[0].session_expiry: " + advice,
                  "f:3:107: fleet[0].will.delay: " + advice,
                  "f:3:146: fleet[0].subscribe[0].no_local: " + advice,
                  "f:3:174: fleet[0].subscribe[0].retain_as_published: " + advice,
                  "f:3:197: fleet[0].subscribe[0].retain_handling: " + advice,
                  "f:3:212: fleet[0].subscribe[0].identifier: " + advice,
                  "f:3:222: fleet[0].subscribe[0].share: " + advice));
}

TEST(BadScenario, PropertiesThatMqtt311DoesNotHave) {
  const std::string advice =
      "only MQTT 5.0 has this, and devices of this group speak 3.1.1; set 'protocol: 5.0' or make "
      "two groups";
  EXPECT_THAT(group_errors("protocol: 3.1.1, in_flight: 5, receive_maximum: 1, "
                           "maximum_packet_size: 128, topic_alias_maximum: 1, user_properties: "
                           "{a: b}"),
              ElementsAre("f:3:78: fleet[0].receive_maximum: " + advice,
                          "f:3:102: fleet[0].maximum_packet_size: " + advice,
                          "f:3:128: fleet[0].topic_alias_maximum: " + advice,
                          "f:3:148: fleet[0].user_properties: " + advice));
  EXPECT_THAT(group_errors("protocol: 3.1.1, publish: [{topic: t, every: 1s, payload: x, expiry: "
                           "1s, content_type: a, utf8: true, topic_alias: true}]"),
              ElementsAre(testing::EndsWith("publish[0].expiry: " + advice),
                          testing::EndsWith("publish[0].content_type: " + advice),
                          testing::EndsWith("publish[0].utf8: " + advice),
                          testing::EndsWith("publish[0].topic_alias: " + advice)));
}

TEST(BadScenario, Credentials) {
  EXPECT_THAT(
      group_errors("credentials: {file: none.csv}"),
      ElementsAre(testing::AllOf(testing::StartsWith("f:3:"), testing::HasSubstr("none.csv"),
                                 testing::HasSubstr("there is no such file"))));
  const test::temporary_directory folder;
  const std::string file = folder.write("users.csv", "user,password\nanna,secret\n");
  EXPECT_THAT(group_errors("credentials: {file: '" + file + "'}"),
              ElementsAre(testing::HasSubstr("no column 'user_name'")));
  EXPECT_THAT(group_errors("credentials: {file: '" + file + "', user_name: user, password: word}"),
              ElementsAre(testing::HasSubstr("no column 'word'; known here: user, password")));
  EXPECT_THAT(group_errors("credentials: {file: '" + file + "', user_name: user}"),
              ElementsAre(testing::HasSubstr("the file has 1 rows, but the group 2 devices")));
  const std::string both = folder.write("both.csv", "user_name\nanna\nbert\n");
  EXPECT_THAT(group_errors("user_name: carl, credentials: {file: '" + both + "'}"),
              ElementsAre(testing::HasSubstr("either 'credentials', or 'user_name'")));
}

TEST(BadScenario, ClientIdentifiersOfAFile) {
  const test::temporary_directory folder;
  const std::string file = folder.write("ids.csv", "id,odd\nanna,a\nbert,b+\n");
  const auto with = [&](const std::string& more) {
    return group_errors("credentials: {file: '" + file + "', " + more);
  };
  EXPECT_THAT(with("client_id: idd}"), ElementsAre(testing::HasSubstr("no column 'idd'")));
  EXPECT_THAT(with("client_id: odd}"),
              ElementsAre(testing::HasSubstr("row 2 has the client identifier 'b+'; it may be")));
  EXPECT_THAT(with("client_id: id}, client_id: \"c-{index}\""),
              ElementsAre(testing::HasSubstr("either this column, or the group's 'client_id'")));
  EXPECT_THAT(with("client_id: id, user_name: user}"),
              ElementsAre(testing::HasSubstr("no column 'user'")));
  EXPECT_THAT(with("client_id: id}"), ElementsAre("none"));
  const std::string twice = folder.write("twice.csv", "id\nanna\nanna\n");
  EXPECT_THAT(group_errors("credentials: {file: '" + twice + "', client_id: id}"),
              ElementsAre(testing::HasSubstr("would have the client id 'anna'")));
}

TEST(BadScenario, Consumption) {
  EXPECT_THAT(group_errors("consume: {}"), ElementsAre(testing::HasSubstr("rate")));
  EXPECT_THAT(group_errors("consume: {rate: 1/s, bytes_per_second: 1KB}"),
              ElementsAre(testing::HasSubstr("bytes_per_second")));
  EXPECT_THAT(group_errors("consume: {rate: 10}"), ElementsAre(testing::HasSubstr("'10'")));
  EXPECT_THAT(group_errors("consume: {bytes_per_second: 0B}"),
              ElementsAre(testing::HasSubstr("consume.bytes_per_second")));
}

TEST(BadScenario, NarrowedFiguresThatEndTheRun) {
  std::string many =
      "name: a\nduration: 1s\nfleet: [{group: g, count: 1, subscribe: [{filter: "
      "t}]}]\nexpect:\n";
  for (int i = 0; i < 33; ++i) many += "  - {lost: 0, group: g, abort_on: true}\n";
  const auto loaded = parse_scenario(many, "f");
  ASSERT_FALSE(loaded);
  EXPECT_THAT(config::to_failure(loaded.error()).message,
              testing::HasSubstr("at most 32 figures with 'abort_on' can be narrowed"));
}

TEST(BadScenario, SessionSettings) {
  EXPECT_THAT(
      group_errors("in_flight: 0, receive_maximum: 0, maximum_packet_size: 100, "
                   "topic_alias_maximum: 65536"),
      ElementsAre(
          "f:3:41: fleet[0].in_flight: expected a whole number from 1 to 1024, not '0'",
          "f:3:61: fleet[0].receive_maximum: expected a whole number from 1 to 65535, not '0'",
          "f:3:85: fleet[0].maximum_packet_size: expected a whole number from 128 to 4294967295, "
          "not '100'",
          "f:3:111: fleet[0].topic_alias_maximum: expected a whole number from 1 to 65535, not "
          "'65536'"));
  EXPECT_THAT(
      publish_errors("topic: t, every: 1s, payload: x, expiry: 1500ms, user_properties: {}"),
      ElementsAre(testing::EndsWith("publish[0].expiry: MQTT counts this in whole seconds, so 1.5s "
                                    "cannot be sent"),
                  testing::EndsWith("publish[0].user_properties: expected 1 to 100 keys, not 0")));
}

TEST(BadScenario, Stages) {
  const auto stage_errors = [](const std::string& stages, const std::string& more = "") {
    return errors("name: a\n" + more + "stages: " + stages + "\nfleet: [{group: g, count: 1}]\n");
  };
  EXPECT_THAT(stage_errors("[{name: a, duration: 1s}]", "duration: 1s\n"),
              ElementsAre("f:1:1: exactly one of 'duration', 'stages' must be given, not 2"));
  EXPECT_THAT(stage_errors("[]"), ElementsAre("f:2:9: stages: expected 1 to 100 elements, not 0"));
  EXPECT_THAT(stage_errors("[{name: a}]"),
              ElementsAre("f:2:10: stages[0]: the key 'duration' is missing"));
  EXPECT_THAT(stage_errors("[{duration: 1s}]"),
              ElementsAre("f:2:10: stages[0]: the key 'name' is missing"));
  EXPECT_THAT(stage_errors("[{name: a, duration: 0s}]"),
              ElementsAre("f:2:30: stages[0].duration: expected a duration from 1ms to 366d, not "
                          "'0s'"));
  EXPECT_THAT(stage_errors("[{name: a, duration: 1s}, {name: a, duration: 1s}]"),
              ElementsAre("f:2:42: stages[1].name: there is already a stage 'a'"));
  EXPECT_THAT(stage_errors("[{name: a, duration: 366d}, {name: b, duration: 1s}]"),
              ElementsAre("f:2:9: stages: all stages together may take at most 366d, not "
                          "366d1s"));
  EXPECT_THAT(stage_errors("[{name: a, duration: 1s, load: 5}]"),
              ElementsAre("f:2:40: stages[0].load: '5' is not a load; write 0% to 10000%, like "
                          "50% or 500%"));
  EXPECT_THAT(stage_errors("[{name: a, duration: 1s, load: {from: -1%, to: 10001%}}]"),
              ElementsAre("f:2:47: stages[0].load.from: '-1%' is not a load; write 0% to 10000%, "
                          "like 50% or 500%",
                          "f:2:56: stages[0].load.to: '10001%' is not a load; write 0% to "
                          "10000%, like 50% or 500%"));
  EXPECT_THAT(stage_errors("[{name: a, duration: 1s, load: {from: 1%}}]"),
              ElementsAre("f:2:40: stages[0].load: the key 'to' is missing"));
}

TEST(BadScenario, Publications) {
  EXPECT_THAT(publish_errors("topic: t, payload: x"),
              ElementsAre("f:3:40: fleet[0].publish[0]: the key 'every' is missing (only 'count: "
                          "1' with 'first', or 'on_change', does without)"));
  EXPECT_THAT(publish_errors("topic: t, payload: x, every: 1s, poisson: true, jitter: 10%"),
              ElementsAre("f:3:97: fleet[0].publish[0].jitter: exponential intervals ('poisson: "
                          "true') have no jitter"));
  EXPECT_THAT(publish_errors("topic: t, payload: x, every: 1s, jitter: 0.5"),
              ElementsAre("f:3:82: fleet[0].publish[0].jitter: '0.5' is not a percentage; write 0% "
                          "to 100%, like 50% or 0.1%"));
  EXPECT_THAT(publish_errors("topic: t, payload: x, every: 1s, qos: 3"),
              ElementsAre("f:3:79: fleet[0].publish[0].qos: expected a whole number from 0 to 2, "
                          "not '3'"));
  EXPECT_THAT(publish_errors("topic: t, payload: x, every: 1s, count: 0"),
              ElementsAre("f:3:81: fleet[0].publish[0].count: expected a whole number from 1 to "
                          "4294967295, not '0'"));
  EXPECT_THAT(publish_errors("topic: 't/{idx}', payload: x, every: 1s"),
              ElementsAre("f:3:48: fleet[0].publish[0].topic: 't/{idx}': there is no placeholder "
                          "{idx}; there are {group}, {index}, {device}, {seed} and {client_id}, "
                          "and {{ for the brace itself"));
  EXPECT_THAT(publish_errors("topic: t, payload: x, every: 1s, first: 10s"),
              ElementsAre("f:3:81: fleet[0].publish[0].first: no message would ever be due: the "
                          "scenario's duration is 10s"));
  EXPECT_THAT(publish_errors("topic: t, payload: x, every: 0s"),
              ElementsAre("f:3:70: fleet[0].publish[0].every: expected a duration from 1us to "
                          "366d, not '0s'"));
}

TEST(BadScenario, Bursts) {
  EXPECT_THAT(publish_errors("topic: t, payload: x, every: 1s, burst: {count: 1}"),
              ElementsAre("f:3:89: fleet[0].publish[0].burst.count: expected a whole number from "
                          "2 to 1000000, not '1'"));
  EXPECT_THAT(publish_errors("topic: t, payload: x, every: 1s, burst: {spacing: 1s}"),
              ElementsAre("f:3:81: fleet[0].publish[0].burst: the key 'count' is missing"));
  EXPECT_THAT(publish_errors("topic: t, payload: x, every: 1s, burst: {count: 2, spacing: -1s}"),
              ElementsAre(testing::HasSubstr("burst.spacing: '-1s' is not a duration")));
  EXPECT_THAT(publish_errors("topic: t, payload: x, every: 1s, burst: {count: 11, spacing: 100ms}"),
              ElementsAre("f:3:81: fleet[0].publish[0].burst: a burst takes 1s, which does not fit "
                          "into 'every' (1s)"));
  EXPECT_THAT(
      publish_errors(
          "topic: t, payload: x, every: 1s, jitter: 50%, burst: {count: 6, spacing: 100ms}"),
      ElementsAre("f:3:94: fleet[0].publish[0].burst: a burst takes 500ms and is late by "
                  "up to 500ms, which does not fit into 'every' (1s)"));
  EXPECT_THAT(publish_errors("topic: t, payload: x, first: 1s, count: 1, burst: {count: 6}"),
              ElementsAre("f:3:91: fleet[0].publish[0].burst: this needs an interval ('every')"));
}

TEST(BadScenario, AlignedMessages) {
  EXPECT_THAT(publish_errors("topic: t, payload: x, every: 1s, aligned: 1h"),
              ElementsAre("f:3:83: fleet[0].publish[0].aligned: expected true or false, not '1h'"));
  EXPECT_THAT(publish_errors("topic: t, payload: x, every: 1s, aligned: true, first: 1s"),
              ElementsAre("f:3:96: fleet[0].publish[0].first: messages that are 'aligned' stand on "
                          "the clock; leave this out"));
}

TEST(BadScenario, LoadCurves) {
  const auto curve_errors = [](const std::string& curve) {
    return publish_errors("topic: t, payload: x, every: 1s, load_curve: " + curve);
  };
  EXPECT_THAT(curve_errors("50%"),
              ElementsAre("f:3:86: fleet[0].publish[0].load_curve: expected times of day with "
                          "their load, like {0h: 20%, 8h30m: 100%}, not '50%'"));
  EXPECT_THAT(curve_errors("{}"),
              ElementsAre("f:3:86: fleet[0].publish[0].load_curve: expected 1 to 96 times of day, "
                          "not 0"));
  EXPECT_THAT(curve_errors("{8: 10%}"),
              ElementsAre("f:3:90: fleet[0].publish[0].load_curve.8: '8' is not a time of day; "
                          "write the time since midnight, like 8h or 17h30m"));
  EXPECT_THAT(curve_errors("{24h: 10%}"),
              ElementsAre(testing::HasSubstr("load_curve.24h: '24h' is not a time of day")));
  EXPECT_THAT(curve_errors("{8h: 10%, 60m: 20%}"),
              ElementsAre("f:3:101: fleet[0].publish[0].load_curve.60m: the times of day must "
                          "ascend, and 60m does not come after 8h"));
  EXPECT_THAT(curve_errors("{8h: 10}"),
              ElementsAre("f:3:91: fleet[0].publish[0].load_curve.8h: '10' is not a load; write "
                          "0% to 10000%, like 50% or 500%"));
  EXPECT_THAT(curve_errors("{0h: 0%, 8h: 0%}"),
              ElementsAre("f:3:86: fleet[0].publish[0].load_curve: the load is 0% at all times, "
                          "so nothing would ever be published"));
  EXPECT_THAT(
      errors("name: a\nduration: 1s\ntime_of_day: 24h\nfleet: [{group: g, count: 1}]\n"),
      ElementsAre("f:3:14: time_of_day: expected a duration of at most 23h59m59s, not '24h'"));
}

TEST(BadScenario, ChangesOfSensors) {
  const auto change_errors = [](const std::string& change, const std::string& more = "") {
    return group_errors(
        "sensors: {t: {uniform: {min: 0, max: 9}, every: 1s}}, publish: [{topic: t, "
        "payload: x, " +
        more + "on_change: " + change + "}]");
  };
  EXPECT_THAT(change_errors("{}"),
              ElementsAre("f:3:128: fleet[0].publish[0].on_change: the key 'sensor' is missing"));
  EXPECT_THAT(change_errors("{sensor: u}"),
              ElementsAre("f:3:137: fleet[0].publish[0].on_change.sensor: there is no sensor 'u', "
                          "did you mean 't'?"));
  EXPECT_THAT(
      publish_errors("topic: t, payload: x, on_change: {sensor: u}"),
      ElementsAre("f:3:83: fleet[0].publish[0].on_change.sensor: the group has no sensors"));
  EXPECT_THAT(change_errors("{sensor: t, threshold: -1}"),
              ElementsAre("f:3:151: fleet[0].publish[0].on_change.threshold: expected a number "
                          "from 0 to 1000000000000000, not '-1'"));
  EXPECT_THAT(change_errors("{sensor: t, check_every: 0s}"),
              ElementsAre("f:3:153: fleet[0].publish[0].on_change.check_every: expected a duration "
                          "from 1ms to 366d, not '0s'"));
  EXPECT_THAT(change_errors("{sensor: t, at_most_every: 5}"),
              ElementsAre(testing::HasSubstr("on_change.at_most_every: '5' is not a duration")));
  EXPECT_THAT(change_errors("{sensor: t, at_most_every: 5s, heartbeat: 4s}"),
              ElementsAre("f:3:170: fleet[0].publish[0].on_change.heartbeat: a heartbeat each 4s "
                          "contradicts 'at_most_every' (5s)"));
  EXPECT_THAT(change_errors("{sensor: t}", "every: 1s, "),
              ElementsAre("f:3:124: fleet[0].publish[0].every: 'on_change' decides when messages "
                          "are due; leave this out"));
}

TEST(BadScenario, Payloads) {
  EXPECT_THAT(
      payload_errors("{}"),
      ElementsAre("f:3:71: fleet[0].publish[0].payload: exactly one of 'text', 'json', "
                  "'cbor', 'messagepack', 'layout', 'random', 'file' must be given, not 0"));
  EXPECT_THAT(payload_errors("{json: {_g: 1}}"),
              ElementsAre("f:3:78: fleet[0].publish[0].payload.json: the member '_g' is taken by "
                          "the message's stamp"));
  EXPECT_THAT(payload_errors("{json: {a: {uniform: {min: 2, max: 1}}}}"),
              ElementsAre("f:3:92: fleet[0].publish[0].payload.json.a.uniform: min is larger than "
                          "max"));
  EXPECT_THAT(payload_errors("{json: {a: {walk: {start: 5, step: 1, min: 6, max: 9}}}}"),
              ElementsAre("f:3:89: fleet[0].publish[0].payload.json.a.walk: start must lie between "
                          "min and max"));
  EXPECT_THAT(payload_errors("{json: {a: {choice: []}}}"),
              ElementsAre("f:3:91: fleet[0].publish[0].payload.json.a.choice: expected 1 to 10000 "
                          "elements, not 0"));
  EXPECT_THAT(payload_errors("{json: {a: {bool: true}}}"),
              ElementsAre("f:3:89: fleet[0].publish[0].payload.json.a.bool: 'true' is not a "
                          "percentage; write 0% to 100%, like 50% or 0.1%"));
  EXPECT_THAT(payload_errors("{json: {a: 007}}"),
              ElementsAre("f:3:82: fleet[0].publish[0].payload.json.a: expected text, not '007'; "
                          "put it into quotes if it is meant as text"));
  EXPECT_THAT(payload_errors("{json: {a: {normal: {mean: 1e10, stddev: -1}}}}"),
              ElementsAre("f:3:98: fleet[0].publish[0].payload.json.a.normal.mean: expected a "
                          "number from -1000000000 to 1000000000, not '1e10'",
                          "f:3:112: fleet[0].publish[0].payload.json.a.normal.stddev: expected a "
                          "number from 0 to 1000000000, not '-1'"));
}

TEST(BadScenario, WillsAndSubscriptions) {
  EXPECT_THAT(group_errors("will: {topic: 'a/+'}"),
              ElementsAre("f:3:44: fleet[0].will.topic: 'a/+' cannot be a topic name: a topic name "
                          "must not contain the wildcards \"+\" and \"#\""));
  EXPECT_THAT(group_errors("will: {payload: x}"),
              ElementsAre("f:3:36: fleet[0].will: the key 'topic' is missing"));
  EXPECT_THAT(group_errors("subscribe: [{filter: 'a/#/b'}]"),
              ElementsAre("f:3:51: fleet[0].subscribe[0].filter: 'a/#/b' cannot be a topic filter: "
                          "\"#\" must be the last level of the filter"));
  EXPECT_THAT(group_errors("subscribe: [{filter: '$share/x/a'}]"),
              ElementsAre("f:3:51: fleet[0].subscribe[0].filter: write the filter without "
                          "'$share/' and the name as 'share'"));
  EXPECT_THAT(group_errors("subscribe: [{filter: a, share: 'x/y'}]"),
              ElementsAre("f:3:61: fleet[0].subscribe[0].share: the share name 'x/y' may not hold "
                          "'/', '+' or '#'"));
  EXPECT_THAT(group_errors("subscribe: [{filter: a, share: x, no_local: true}]"),
              ElementsAre("f:3:74: fleet[0].subscribe[0].no_local: a shared subscription may not "
                          "have no_local"));
  EXPECT_THAT(group_errors("subscribe: [{filter: a, retain_handling: 3}]"),
              ElementsAre("f:3:71: fleet[0].subscribe[0].retain_handling: expected a whole number "
                          "from 0 to 2, not '3'"));
  EXPECT_THAT(group_errors("subscribe: [{filter: a, identifier: 0}]"),
              ElementsAre("f:3:66: fleet[0].subscribe[0].identifier: expected a whole number from "
                          "1 to 268435455, not '0'"));
}

TEST(BadScenario, Arrival) {
  const std::string rest = "\nfleet: [{group: g, count: 100}]\n";
  EXPECT_THAT(errors("name: a\nduration: 10s\narrival: slowly" + rest),
              ElementsAre("f:3:10: arrival: expected one of all_at_once, not 'slowly'"));
  EXPECT_THAT(errors("name: a\nduration: 10s\narrival: {rate: 1/s, ramp: 5s}" + rest),
              ElementsAre("f:3:10: arrival: exactly one of 'rate', 'ramp' must be given, not 2"));
  EXPECT_THAT(errors("name: a\nduration: 10s\npublishing: on_arrival\narrival: {rate: 5/s}" + rest),
              ElementsAre("f:4:10: arrival: the devices take 20s to arrive, but with 'publishing: "
                          "on_arrival' the run ends after 10s (duration)"));
  EXPECT_THAT(errors("name: a\nduration: 10s\narrival: {rate: 0.01/d}" + rest),
              ElementsAre("f:3:10: arrival: at this rate the devices would take more than a year"));
}

TEST(BadScenario, Tls) {
  EXPECT_THAT(errors("name: a\nduration: 10s\ntarget: {tls: {version_min: 1.3, version_max: 1.2, "
                     "key_file: k}}\nfleet: [{group: g, count: 1}]"),
              ElementsAre("f:3:15: target.tls: version_min is higher than version_max",
                          "f:3:15: target.tls: certificate_file and key_file belong together"));
}

TEST(BadScenario, Expectations) {
  EXPECT_THAT(expect_errors("{group: door, lost: 0, duplicated: 0}"),
              ElementsAre("f:4:18: expect[0].group: there is no group 'door', did you mean "
                          "'doors'?"));
  EXPECT_THAT(expect_errors("{qos: 1}"),
              ElementsAre("f:4:10: expect[0]: nothing is expected here; add a figure such as "
                          "'lost: 0'"));
  EXPECT_THAT(expect_errors("{qos: [1, 1], lost: 0}"),
              ElementsAre("f:4:16: expect[0].qos: the same QoS stands twice"));
  EXPECT_THAT(expect_errors("{qos: 1, connected: 100%}"),
              ElementsAre("f:4:16: expect[0].qos: 'connected' is not about messages, so no QoS "
                          "narrows it; put it into an entry of its own"));
  EXPECT_THAT(expect_errors("{lost: -1}"),
              ElementsAre("f:4:17: expect[0].lost: expected a number of messages or a percentage, "
                          "like 0, 25 or 0.1%, not '-1'"));
  EXPECT_THAT(expect_errors("{latency_p99: 50}"),
              ElementsAre("f:4:24: expect[0].latency_p99: '50' is not a duration; write a number "
                          "with its unit, like 250ms, 10s, 5m, 1h30m or 1d, up to 100 years"));
  EXPECT_THAT(expect_errors("{latency_p98: 50ms}"),
              ElementsAre("f:4:11: expect[0]: unknown key 'latency_p98', did you mean "
                          "'latency_p90'?"));
  EXPECT_THAT(errors("name: a\nduration: 10s\nfleet: [{group: g, count: 1}]\nexpect: [{sent: 100%, "
                     "lost: 0}]"),
              ElementsAre("f:4:10: expect[0]: no group subscribes to anything, so there would be "
                          "no delivery to judge 'lost' by"));
}

TEST(BadScenario, ExpectationsNarrowedByWhatTheyDoNotKnow) {
  EXPECT_THAT(expect_errors("{stage: spike, lost: 0}"),
              ElementsAre("f:4:18: expect[0].stage: there is no stage 'spike'; the scenario has "
                          "none"));
  EXPECT_THAT(errors("name: a\nstages: [{name: calm, duration: 10s}]\nfleet: [{group: g, count: 1, "
                     "subscribe: [{filter: t}]}]\nexpect: [{stage: clam, lost: 0}]\n"),
              ElementsAre("f:4:18: expect[0].stage: there is no stage 'clam', did you mean "
                          "'calm'?"));
  EXPECT_THAT(errors("name: a\nstages: [{name: calm, duration: 10s}]\nfleet: [{group: g, count: "
                     "1}]\nexpect: [{stage: calm, sessions_lost: 0}]\n"),
              ElementsAre("f:4:18: expect[0].stage: 'sessions_lost' is not about messages, so no "
                          "stage narrows it; put it into an entry of its own"));
  EXPECT_THAT(expect_errors("{group: doors, retained_stale: 0}"),
              ElementsAre("f:4:18: expect[0].group: 'retained_stale' is about the whole run, so no "
                          "group narrows it; put it into an entry of its own"));
  EXPECT_THAT(expect_errors("{qos: 1, answered: 100%}"),
              ElementsAre("f:4:16: expect[0].qos: 'answered' is not about messages, so no QoS "
                          "narrows it; put it into an entry of its own"));
}

TEST(BadScenario, ExpectationsThatCannotEndARun) {
  const std::string refused =
      " cannot be judged while the run goes on: that is possible for lost and duplicated as "
      "numbers, latency_p99, connected and broker_memory; put it into an entry of its own";
  EXPECT_THAT(expect_errors("{reordered: 0, abort_on: true}"),
              ElementsAre("f:4:35: expect[0].abort_on: 'reordered'" + refused));
  EXPECT_THAT(expect_errors("{lost: 1%, abort_on: true}"),
              ElementsAre("f:4:31: expect[0].abort_on: 'lost'" + refused));
  EXPECT_THAT(expect_errors("{lost: 0, for: 5s}"),
              ElementsAre("f:4:25: expect[0].for: only has a meaning with 'abort_on: true'"));
  EXPECT_THAT(expect_errors("{lost: 0, abort_on: true, for: 10ms}"),
              ElementsAre("f:4:41: expect[0].for: expected a duration from 1s to 1h, not '10ms'"));
  EXPECT_THAT(expect_errors("{lost: 0, abort_on: maybe}"),
              ElementsAre("f:4:30: expect[0].abort_on: expected true or false, not 'maybe'"));
}

TEST(BadScenario, ExpectationsWithWrongLimits) {
  EXPECT_THAT(expect_errors("{broker_cpu: 80}"),
              ElementsAre("f:4:23: expect[0].broker_cpu: expected a percentage of one core, like "
                          "80% or 250%, not '80'"));
  EXPECT_THAT(expect_errors("{broker_cpu: 0%}"),
              ElementsAre("f:4:23: expect[0].broker_cpu: expected a percentage of one core, like "
                          "80% or 250%, not '0%'"));
  EXPECT_THAT(expect_errors("{broker_memory: 200}"),
              ElementsAre(testing::StartsWith("f:4:26: expect[0].broker_memory: '200' is not a "
                                              "size")));
  EXPECT_THAT(expect_errors("{answered: 101%}"),
              ElementsAre(testing::StartsWith("f:4:21: expect[0].answered: ")));
  EXPECT_THAT(expect_errors("{wills_missing: 1%}"),
              ElementsAre(testing::StartsWith("f:4:26: expect[0].wills_missing: expected a whole "
                                              "number")));
  EXPECT_THAT(expect_errors("{recovery_p99: soon}"),
              ElementsAre(testing::StartsWith("f:4:25: expect[0].recovery_p99: 'soon' is not a "
                                              "duration")));
}

TEST(BadScenario, SurvivesEveryTruncationOfAGoodOne) {
  const std::string whole =
      "name: a\nduration: 10s\nfleet:\n  - group: g\n    count: 2\n    protocol: {3.1.1: 50%, 5.0: "
      "50%}\n    publish: [{topic: 't/{index}', every: 1s, payload: {json: {a: {bool: 5%}}}}]\n"
      "expect: [{sent: 100%}]\n";
  for (std::size_t length = 0; length <= whole.size(); ++length) errors(whole.substr(0, length));
  EXPECT_THAT(errors(whole), ElementsAre("none"));
}

}  // namespace
}  // namespace gauntlet::sim
