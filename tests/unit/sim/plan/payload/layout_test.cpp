// Goal: a binary layout has the bytes that its fields say. Whether others read it so is asked in
// tests/integration/sim/payload_decoders_test.cpp.

#include <string>

#include <gtest/gtest.h>

#include "sim/plan/payload_plan.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {
namespace {

/// The payload of message 0 with these fields, without a stamp.
std::string bytes(const std::string& fields) {
  auto loaded = parse_scenario(
      "name: a\nduration: 1s\nfleet:\n  - group: g\n    count: 1\n"
      "    publish: [{topic: t, every: 1s, stamp: none, payload: {layout: [" +
          fields + "]}}]\n",
      "f");
  if (!loaded) return config::to_failure(loaded.error()).message;
  const payload_plan plan(loaded->fleet[0].publish[0].payload, stamp_place::none);
  byte_buffer out;
  plan.append({.key = stream_key(1), .values = {.group = "g"}, .carries = {}}, out);
  return to_hex(out);
}

TEST(Layout, WritesIntegersOfBothByteOrders) {
  EXPECT_EQ(bytes("u8 7, i8 -1, u16be 258, u16le 258, u24be 66051, u24le 66051"),
            "07 ff 01 02 02 01 01 02 03 03 02 01");
  EXPECT_EQ(bytes("u32be 16909060, u32le 16909060, i32be -2"),
            "01 02 03 04 04 03 02 01 ff ff ff fe");
  EXPECT_EQ(bytes("u64be 1, i64le -2"), "00 00 00 00 00 00 00 01 fe ff ff ff ff ff ff ff");
}

TEST(Layout, WritesReals) {
  EXPECT_EQ(bytes("f32be 1.5, f32le 1.5, f64be -2, f64le -2"),
            "3f c0 00 00 00 00 c0 3f c0 00 00 00 00 00 00 00 00 00 00 00 00 00 00 c0");
}

TEST(Layout, ScalesAndRounds) {
  EXPECT_EQ(bytes("{type: u16be, value: 21.337, times: 100}"), "08 56");
  EXPECT_EQ(bytes("{type: i16be, value: -21.337, times: 100}"), "f7 aa");
  EXPECT_EQ(bytes("u8 0.5, i8 -0.5"), "01 ff");
}

TEST(Layout, CutsWhatDoesNotFit) {
  EXPECT_EQ(bytes("u8 300, u8 -5, i8 200, i8 -200, u16be 1e9"), "ff 00 7f 80 ff ff");
  EXPECT_EQ(bytes("u64be 1e30, i64be 1e30, i64be -1e30"),
            "ff ff ff ff ff ff ff ff 7f ff ff ff ff ff ff ff 80 00 00 00 00 00 00 00");
  EXPECT_EQ(bytes("i64be 9007199254740993"), "00 20 00 00 00 00 00 01");
}

TEST(Layout, PacksBits) {
  EXPECT_EQ(bytes("u1 1, u3 5, u4 12, u8 255"), "dc ff");
  EXPECT_EQ(bytes("i4 -1, u7 1, u5 3"), "f0 23");
}

TEST(Layout, WritesTextAndPadding) {
  EXPECT_EQ(bytes("\"text G{group}\", pad 2, u8 1"), "47 67 00 00 01");
  EXPECT_EQ(bytes("{type: text, value: abc, size: 5}, {type: text, value: abcdef, size: 2}"),
            "61 62 63 00 00 61 62");
  EXPECT_EQ(bytes("{type: pad}, {type: pad, size: 3}"), "00 00 00 00");
}

}  // namespace
}  // namespace gauntlet::sim
