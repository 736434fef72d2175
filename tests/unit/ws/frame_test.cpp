#include "harness/ws/frame.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/ws/raw_frame.hpp"

namespace gauntlet::ws {
namespace {

using testing::ElementsAre;

constexpr mask_key example_mask = {0x37, 0xFA, 0x21, 0x3D};

byte_buffer frame(opcode op, std::string_view payload, std::optional<mask_key> mask = {}) {
  byte_buffer out;
  append_frame(op, as_bytes(payload), mask, out);
  return out;
}

// The examples of RFC 6455 §5.7.
TEST(Frame, WritesTheStandardsExamples) {
  EXPECT_EQ(to_hex(frame(opcode::text, "Hello")), "81 05 48 65 6c 6c 6f");
  EXPECT_EQ(to_hex(frame(opcode::text, "Hello", example_mask)), "81 85 37 fa 21 3d 7f 9f 4d 51 58");
  EXPECT_EQ(to_hex(frame(opcode::ping, "Hello")), "89 05 48 65 6c 6c 6f");
  EXPECT_EQ(to_hex(frame(opcode::pong, "Hello", example_mask)), "8a 85 37 fa 21 3d 7f 9f 4d 51 58");

  byte_buffer fragments;
  append_fragment(opcode::text, {.first = true, .last = false}, as_bytes("Hel"), {}, fragments);
  append_fragment(opcode::text, {.first = false, .last = true}, as_bytes("lo"), {}, fragments);
  EXPECT_EQ(to_hex(fragments), "01 03 48 65 6c 80 02 6c 6f");
}

TEST(Frame, WritesTheShortestLength) {
  const auto header_of = [](std::size_t size) {
    const byte_buffer whole = frame(opcode::binary, std::string(size, 'x'));
    return to_hex(byte_view(whole).first(whole.size() - size));
  };
  EXPECT_EQ(header_of(0), "82 00");
  EXPECT_EQ(header_of(125), "82 7d");
  EXPECT_EQ(header_of(126), "82 7e 00 7e");
  EXPECT_EQ(header_of(65535), "82 7e ff ff");
  EXPECT_EQ(header_of(65536), "82 7f 00 00 00 00 00 01 00 00");
}

TEST(Frame, WritesCloseWithCodeAndReason) {
  byte_buffer out;
  append_close(close_code::going_away, "bye", {}, out);
  EXPECT_EQ(to_hex(out), "88 05 03 e9 62 79 65");
}

TEST(Frame, MasksAnyPieceAtItsPosition) {
  byte_buffer whole(64);
  for (std::size_t i = 0; i < whole.size(); ++i) whole[i] = static_cast<std::uint8_t>(i * 7);
  byte_buffer expected = whole;
  for (std::size_t i = 0; i < expected.size(); ++i) expected[i] ^= example_mask[i % 4];
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    byte_buffer pieces = whole;
    apply_mask(std::span(pieces).first(cut), example_mask, 0);
    apply_mask(std::span(pieces).subspan(cut), example_mask, cut);
    ASSERT_EQ(pieces, expected) << cut;
  }
}

TEST(Frame, TurnsDrawnBitsIntoAMask) {
  EXPECT_THAT(to_mask(0x37FA213D), ElementsAre(0x37, 0xFA, 0x21, 0x3D));
}

TEST(RawFrame, WritesWhateverItIsTold) {
  const auto raw = [](const raw_frame& told) {
    byte_buffer out;
    append_raw(told, out);
    return to_hex(out);
  };
  EXPECT_EQ(raw({.fin = false, .reserved_bits = 5, .opcode = 0xF}), "5f 00");
  EXPECT_EQ(raw({.length = 200, .form = length_form::bits7, .payload = as_bytes("a")}), "82 48 61");
  EXPECT_EQ(raw({.form = length_form::bits16, .payload = as_bytes("a")}), "82 7e 00 01 61");
  EXPECT_EQ(raw({.length = UINT64_MAX}), "82 7f ff ff ff ff ff ff ff ff");
  EXPECT_EQ(raw({.mask_bit = true, .payload = as_bytes("a")}), "82 81 61");
  EXPECT_EQ(raw({.mask_bit = false, .mask = mask_key{1, 1, 1, 1}, .payload = as_bytes("a")}),
            "82 01 01 01 01 01 60");
}

}  // namespace
}  // namespace gauntlet::ws
