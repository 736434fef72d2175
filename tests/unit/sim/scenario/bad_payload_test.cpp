// Goal: every wrong payload is told with its place and what would be right.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/payload_checks.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> errors(const std::string& yaml) {
  auto loaded = parse_scenario(yaml, "f");
  if (loaded) return {"none"};
  std::vector<std::string> lines;
  for (const config::diagnostic& each : loaded.error()) lines.push_back(each.message);
  return lines;
}

/// Errors of a publication with these keys, without the path that all begin with.
std::vector<std::string> publish_errors(const std::string& keys, const std::string& group = "") {
  auto lines = errors("name: a\nduration: 10s\nfleet:\n  - {group: g, count: 1, " + group +
                      " publish: [{topic: t, every: 1s, " + keys + "}]}\n");
  constexpr std::string_view path = "fleet[0].publish[0].";
  for (std::string& line : lines) {
    if (line.starts_with(path)) line.erase(0, path.size());
  }
  return lines;
}

std::vector<std::string> payload_errors(const std::string& payload) {
  return publish_errors("payload: " + payload);
}

TEST(BadPayload, Texts) {
  EXPECT_THAT(payload_errors("'{sequenc}'"),
              ElementsAre("payload: '{sequenc}': there is no placeholder {sequenc}; there are "
                          "{group}, {index}, {device}, {seed}, {client_id}, {sequence}, {time} and "
                          "{sensor:NAME}, and {{ for the brace itself"));
  EXPECT_THAT(payload_errors("'{time'"), ElementsAre(HasSubstr("a '{' is never closed")));
  EXPECT_THAT(payload_errors("'{index:x}'"), ElementsAre(HasSubstr("zero padding")));
}

TEST(BadPayload, Documents) {
  for (const std::string format : {"json", "cbor", "messagepack"}) {
    EXPECT_THAT(payload_errors("{" + format + ": [1]}"),
                ElementsAre("payload." + format + ": expected a mapping, not a list"));
    EXPECT_THAT(
        payload_errors("{" + format + ": {_g: 1}}"),
        ElementsAre("payload." + format + ": the member '_g' is taken by the message's stamp"));
    EXPECT_THAT(payload_errors("{" + format + ": {a: [{b: {bool: maybe}}]}}"),
                ElementsAre("payload." + format +
                            ".a[0].b.bool: 'maybe' is not a percentage; write 0% to 100%, like "
                            "50% or 0.1%"));
  }
}

TEST(BadPayload, Layouts) {
  const auto layout = [](const std::string& fields) {
    return payload_errors("{layout: [" + fields + "]}");
  };
  EXPECT_THAT(layout(""), ElementsAre("payload.layout: expected 1 to 500 elements, not 0"));
  EXPECT_THAT(layout("u16eb 5"),
              ElementsAre(HasSubstr("payload.layout[0]: there is no field type 'u16eb', "
                                    "did you mean 'u16be'?")));
  EXPECT_THAT(layout("u8"), ElementsAre("payload.layout[0]: a number or an expression is missing "
                                        "after the type, as in 'u16be temperature * 100'"));
  EXPECT_THAT(layout("pad 0"),
              ElementsAre("payload.layout[0]: write how many bytes of padding there "
                          "are, from 1 to 4096, as in 'pad 2'"));
  EXPECT_THAT(layout("u3 1"),
              ElementsAre("payload.layout: the last byte is not full; add a bit field "
                          "of 5 bits, like 'u5 0'"));
  EXPECT_THAT(layout("u3 1, u8 1"),
              ElementsAre("payload.layout[1]: this field would begin in the middle of a byte; fill "
                          "the byte with a bit field of 5 bits, like 'u5 0'"));
  EXPECT_THAT(layout("{type: u8}"), ElementsAre("payload.layout[0]: the key 'value' is missing"));
  EXPECT_THAT(layout("{type: u8, value: x}"),
              ElementsAre("payload.layout[0].value: a number is wanted here, not a text"));
  EXPECT_THAT(layout("{type: text, value: 5}"),
              ElementsAre("payload.layout[0].value: a text is wanted here"));
  EXPECT_THAT(
      layout("{type: u8, value: 5, size: 2}"),
      ElementsAre("payload.layout[0]: 'size' is for text and pad; the type says how large a "
                  "number is"));
}

TEST(BadPayload, Sensors) {
  const std::string sensors = "sensors: {heat: {walk: {start: 20, step: 1}}},";
  for (const std::string payload :
       {"'{sensor:hate}'", "{json: {a: [{b: '{sensor:hate}'}]}}", "{cbor: {a: {sensor: hate}}}",
        "{layout: [u8 hate * 2]}", "{layout: ['text {sensor:hate}']}"}) {
    EXPECT_THAT(publish_errors("payload: " + payload, sensors),
                ElementsAre(testing::AllOf(testing::StartsWith("payload: "),
                                           HasSubstr("no sensor 'hate'"))))
        << payload;
  }
  EXPECT_THAT(payload_errors("{layout: [u8 heat *]}"),
              ElementsAre(testing::StartsWith("payload.layout[0]: ")));
}

TEST(BadPayload, Sizes) {
  EXPECT_THAT(payload_errors("{random: 17MiB}"),
              ElementsAre(HasSubstr("of at most 16MiB, not '17MiB'")));
  EXPECT_THAT(payload_errors("{random: {uniform: {min: 40B, max: 30B}}}"),
              ElementsAre("payload.random.uniform: min is larger than max"));
  EXPECT_THAT(payload_errors("{random: {normal: {mean: 40B, stddev: 1B, min: 50B, max: 40B}}}"),
              ElementsAre("payload.random.normal: min is larger than max"));
  EXPECT_THAT(payload_errors("{random: {choice: [{size: 40B, weight: 0}]}}"),
              ElementsAre("payload.random.choice: at least one weight must be above 0"));
  EXPECT_THAT(payload_errors("{random: {}}"),
              ElementsAre("payload.random: exactly one of 'uniform', 'normal', 'choice' must be "
                          "given, not 0"));
}

TEST(BadPayload, Files) {
  EXPECT_THAT(
      payload_errors("{file: /nowhere/at/all}"),
      ElementsAre("payload.file: the file '/nowhere/at/all' cannot be read: No such file or "
                  "directory"));
  EXPECT_THAT(payload_errors("{file: []}"),
              ElementsAre("payload.file: expected at least one file"));
  EXPECT_THAT(payload_errors("{file: {a: b}}"),
              ElementsAre("payload.file: expected the path of a file or folder, not a mapping"));
}

TEST(BadPayload, Stamps) {
  EXPECT_THAT(payload_errors("{random: 15B}"),
              ElementsAre("payload.random: 15B have no room for the stamp of 16B; without it "
                          "('stamp: none') deliveries are counted and not judged"));
  EXPECT_THAT(publish_errors("payload: {random: 15B}, stamp: none"), ElementsAre("none"));
  EXPECT_THAT(publish_errors("payload: x, stamp: compact"),
              ElementsAre("stamp: a compact stamp is for layout, random and file payloads"));
  EXPECT_THAT(
      publish_errors("payload: x, stamp: here"),
      ElementsAre("stamp: expected one of payload, compact, user_property, none, not 'here'"));
  EXPECT_THAT(
      publish_errors("payload: x, stamp: user_property", "protocol: {3.1.1: 1%, 5.0: 99%},"),
      ElementsAre(HasSubstr("stamp: only MQTT 5.0 has this")));
  EXPECT_THAT(publish_errors("payload: x, stamp: payload", "protocol: 3.1.1,"),
              ElementsAre("none"));
}

std::string half_stamped(const std::string& expect) {
  return "name: a\nduration: 10s\nfleet:\n"
         "  - {group: bare, count: 1, publish: [{topic: t, every: 1s, payload: x, stamp: none}]}\n"
         "  - {group: whole, count: 1, publish: [{topic: t, every: 1s, qos: 1, payload: x}],\n"
         "     subscribe: [{filter: t}]}\nexpect: [" +
         expect + "]\n";
}

TEST(BadPayload, ExpectationsThatNoStampAnswers) {
  const std::string never =
      "expect[0]: all messages that 'lost' is about have 'stamp: none', so their deliveries cannot "
      "be judged";
  EXPECT_THAT(errors(half_stamped("{group: bare, lost: 0}")), ElementsAre(never));
  EXPECT_THAT(errors(half_stamped("{qos: 0, lost: 0}")), ElementsAre(never));
  EXPECT_THAT(errors(half_stamped("{lost: 0}")), ElementsAre("none"));
  EXPECT_THAT(errors(half_stamped("{group: bare, sent: 100%}")), ElementsAre("none"));
  EXPECT_THAT(errors(half_stamped("{group: whole, lost: 0}")), ElementsAre("none"));
}

TEST(Unstamped, AreToldOneByOne) {
  const auto loaded = parse_scenario(half_stamped("{lost: 0}"), "f");
  ASSERT_TRUE(loaded);
  EXPECT_THAT(describe_unstamped(*loaded),
              ElementsAre("group bare, 't': no stamp, so deliveries are counted, and loss, "
                          "duplicates, order and latency are not judged"));
}

}  // namespace
}  // namespace gauntlet::sim
