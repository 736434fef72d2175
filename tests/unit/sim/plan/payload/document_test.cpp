// Goal: one document, three encodings, each byte as its standard has it. Whether others read it so
// is asked in tests/integration/sim/payload_decoders_test.cpp.

#include <string>

#include <gtest/gtest.h>

#include "sim/plan/payload/document_writer.hpp"
#include "sim/plan/payload_plan.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {
namespace {

/// The payload of message 0, without a stamp.
byte_buffer made(const std::string& payload) {
  auto loaded = parse_scenario(
      "name: a\nduration: 1s\nfleet:\n  - group: g\n    count: 1\n"
      "    publish: [{topic: t, every: 1s, stamp: none, payload: " +
          payload + "}]\n",
      "f");
  if (!loaded) {
    ADD_FAILURE() << config::to_failure(loaded.error()).message;
    return {};
  }
  const device_group& group = loaded->fleet[0];
  const payload_plan plan(group.publish[0].payload, group.publish[0].stamp, group.client_id);
  byte_buffer out;
  plan.append({.key = stream_key(1), .values = {.group = "g"}, .carries = {}}, out);
  return out;
}

std::string json(const std::string& members) {
  return std::string(as_text(made("{json: " + members + "}")));
}
std::string cbor(const std::string& members) {
  return to_hex(made("{cbor: " + members + "}"), 4096);
}
std::string packed(const std::string& members) {
  return to_hex(made("{messagepack: " + members + "}"), 4096);
}

TEST(Document, NestsObjectsAndLists) {
  const std::string nested = "{a: {b: [1, [], {c: x}], d: {}}, e: null}";
  EXPECT_EQ(json(nested), R"({"a":{"b":[1,[],{"c":"x"}],"d":{}},"e":null})");
  EXPECT_EQ(cbor(nested), "a2 61 61 a2 61 62 83 01 80 a1 61 63 61 78 61 64 a0 61 65 f6");
  EXPECT_EQ(packed(nested), "82 a1 61 82 a1 62 93 01 90 81 a1 63 a1 78 a1 64 80 a1 65 c0");
}

TEST(Document, TellsAGeneratorFromAnObject) {
  EXPECT_EQ(json("{a: {counter: {start: 4}}}"), R"({"a":4})");
  EXPECT_EQ(json("{a: {counter: {start: 4}, b: 1}}"), R"({"a":{"counter":{"start":4},"b":1}})");
  EXPECT_EQ(json("{a: {object: {counter: {start: 4}}}}"), R"({"a":{"counter":{"start":4}}})");
  EXPECT_EQ(json("{counter: {start: 4}}"), R"({"counter":{"start":4}})");
}

TEST(Document, WritesIntegersInTheirShortestForm) {
  EXPECT_EQ(cbor("{a: 23, b: 24, c: 256, d: 65536, e: 4294967296, f: -1, g: -25, h: -257}"),
            "a8 61 61 17 61 62 18 18 61 63 19 01 00 61 64 1a 00 01 00 00 61 65 1b 00 00 00 01 00 "
            "00 00 00 61 66 20 61 67 38 18 61 68 39 01 00");
  EXPECT_EQ(packed("{a: 127, b: 128, c: 256, d: 65536, e: 4294967296, f: -32, g: -33, h: -129}"),
            "88 a1 61 7f a1 62 cc 80 a1 63 cd 01 00 a1 64 ce 00 01 00 00 a1 65 cf 00 00 00 01 00 "
            "00 00 00 a1 66 e0 a1 67 d0 df a1 68 d1 ff 7f");
  EXPECT_EQ(packed("{a: -32769, b: -2147483649}"),
            "82 a1 61 d2 ff ff 7f ff a1 62 d3 ff ff ff ff 7f ff ff ff");
}

TEST(Document, WritesDecimalsAsShortAsTheyStayExact) {
  EXPECT_EQ(cbor("{a: 1.5, b: 1.1, c: true, d: false}"),
            "a4 61 61 fa 3f c0 00 00 61 62 fb 3f f1 99 99 99 99 99 9a 61 63 f5 61 64 f4");
  EXPECT_EQ(packed("{a: 1.5, b: 1.1, c: true, d: false}"),
            "84 a1 61 ca 3f c0 00 00 a1 62 cb 3f f1 99 99 99 99 99 9a a1 63 c3 a1 64 c2");
  // The number that JSON shows, not the one behind it.
  EXPECT_EQ(json("{a: {uniform: {min: 0.126, max: 0.126, decimals: 2}}}"), R"({"a":0.13})");
  EXPECT_EQ(cbor("{a: {uniform: {min: 0.126, max: 0.126, decimals: 2}}}"), cbor("{a: 0.13}"));
}

TEST(Document, PutsHeadsBeforeTextsOfAnyLength) {
  for (const std::size_t length : {0U, 23U, 24U, 31U, 32U, 255U, 256U, 65'500U}) {
    const std::string text(length, 'x');
    const std::string member = "{a: \"" + text + "\", b: \"" + text + "{group}\"}";
    const byte_buffer in_cbor = made("{cbor: " + member + "}");
    const std::size_t head = length < 24 ? 1 : length <= 255 ? 2 : 3;
    const std::size_t next = length + 1 < 24 ? 1 : length + 1 <= 255 ? 2 : 3;
    EXPECT_EQ(in_cbor.size(), 1 + 2 + head + length + 2 + next + length + 1) << length;
    const byte_buffer in_messagepack = made("{messagepack: " + member + "}");
    const auto packed_head = [](std::size_t size) {
      return size < 32 ? 1U : size <= 255 ? 2U : size <= 65'535 ? 3U : 5U;
    };
    EXPECT_EQ(in_messagepack.size(),
              1 + 2 + packed_head(length) + length + 2 + packed_head(length + 1) + length + 1)
        << length;
  }
}

TEST(Document, EscapesTextsInJson) {
  EXPECT_EQ(json(R"({a: "q\"\\\u0001{group}"})"), R"({"a":"q\"\\\u0001g"})");
}

TEST(Document, WritesManyMembers) {
  std::string members;
  for (int i = 0; i < 200; ++i) members += (i ? ", m" : "{m") + std::to_string(i) + ": 0";
  EXPECT_TRUE(cbor(members + "}").starts_with("b8 c8 62 6d 30 00"));
  EXPECT_TRUE(packed(members + "}").starts_with("de 00 c8 a2 6d 30 00"));
}

}  // namespace
}  // namespace gauntlet::sim
