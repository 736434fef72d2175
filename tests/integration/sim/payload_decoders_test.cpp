// Goal: what we encode, others decode, and all read the same values. Method: one document as JSON,
// CBOR, MessagePack and binary layout, decoded by jq, python3-cbor2, python3-msgpack and Python's
// struct (decode_payloads.py).

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "sim/plan/fleet_plan.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::sim {
namespace {

constexpr std::uint32_t messages = 500;

constexpr std::string_view values =
    "[{walk: {start: 20, step: 3, min: 0, max: 300}}, {counter: {start: -100000000000000, step: "
    "977}}, {integer: {min: -2147483648, max: 2147483647}}, {normal: {mean: 3, stddev: 9, "
    "decimals: "
    "4}}, {integer: {min: 0, max: 15}}]";
constexpr std::string_view others =
    "text: \"{client_id} \\\"says\\\" \\u00e9 {sequence} at {time}\", long: "
    "\"a text of more than thirty-one letters, so that its head is longer, of {group}\", flag: "
    "{bool: 50%}, nothing: null, choice: {choice: [1, -7.25, \"a\\tb\", true, null, "
    "\"caf\\u00e9\"]}, "
    "when: {timestamp: iso8601}, ms: {timestamp: unix_ms}, deep: {deeper: [[], {}, [[{x: {uniform: "
    "{min: -1e9, max: 1e9, decimals: 0}}}]]]}";
// The values first, so that they draw as they do in the document.
constexpr std::string_view layout =
    "[{type: u16be, value: {walk: {start: 20, step: 3, min: 0, max: 300}}, times: 100}, {type: "
    "i64be, "
    "value: {counter: {start: -100000000000000, step: 977}}}, {type: i32be, value: {integer: {min: "
    "-2147483648, max: 2147483647}}}, {type: f32be, value: {normal: {mean: 3, stddev: 9, decimals: "
    "4}}}, {type: u4, value: {integer: {min: 0, max: 15}}}, u4 9, text GNT1, i16le -2, f64le 0.25]";

payload_description described(const std::string& payload) {
  auto loaded = parse_scenario(
      "name: a\nduration: 1s\nfleet:\n  - group: g\n    count: 1\n"
      "    publish: [{topic: t, every: 1s, payload: {" +
          payload + "}}]\n",
      "f");
  EXPECT_TRUE(loaded) << config::to_failure(loaded.error()).message;
  return loaded ? loaded->fleet[0].publish[0].payload : payload_description();
}

std::string digits_of(const payload_plan& plan, std::uint32_t sequence) {
  byte_buffer out;
  plan.append(
      {.key = stream_key(5),
       .values = {.group = "g", .index = 2},
       .carries = {.stream = 9, .sequence = sequence, .scheduled = std::chrono::seconds(sequence)}},
      out);
  std::string text;
  for (const std::uint8_t byte : out) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

/// What the script says of these lines.
std::string decode(const std::string& lines) {
  const test::temporary_directory folder;
  const std::string in = folder.write("lines", lines);
  const std::string out = folder.file("said");
  const std::string command =
      "/usr/bin/python3 " GAUNTLET_DECODER " < " + in + " > " + out + " 2>&1";
  EXPECT_NE(std::system(command.c_str()), -1);
  std::ifstream said(out);
  std::stringstream all;
  all << said.rdbuf();
  return all.str();
}

std::string document(const std::string& format) {
  return format + ": {values: " + std::string(values) + ", " + std::string(others) + "}";
}

TEST(PayloadDecoders, AllReadTheSame) {
  const auto client_id = text_template::parse("c-{index}");
  std::vector<payload_plan> plans;
  for (const std::string format : {"json", "cbor", "messagepack"}) {
    plans.emplace_back(described(document(format)), stamp_place::payload, *client_id);
  }
  plans.emplace_back(described("layout: " + std::string(layout)), stamp_place::payload, *client_id);
  std::string lines;
  for (std::uint32_t sequence = 0; sequence < messages; ++sequence) {
    for (const payload_plan& plan : plans) lines += digits_of(plan, sequence) + " ";
    lines.back() = '\n';
  }
  EXPECT_EQ(decode(lines), "500 messages agree\n");

  // And they would tell if it were otherwise: a bit of the first message's layout.
  const std::size_t end = lines.find('\n');
  std::string damaged = lines;
  const std::size_t part = damaged.rfind(' ', end) + 1;
  damaged[part + 11] = damaged[part + 11] == '0' ? '1' : '0';
  EXPECT_NE(decode(damaged).find("message 0: the layout says"), std::string::npos);
}

}  // namespace
}  // namespace gauntlet::sim
