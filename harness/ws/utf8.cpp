#include "harness/ws/utf8.hpp"

namespace gauntlet::ws {
namespace {

/// What a lead byte promises: how many bytes follow, and the range of the first of them, which is
/// where overlong forms, surrogates and too large numbers are told apart (RFC 3629 §4).
struct sequence {
  int following = -1;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
};

sequence begun_by(std::uint8_t lead) {
  if (lead < 0x80) return {.following = 0};
  if (lead < 0xC2) return {};
  if (lead < 0xE0) return {.following = 1};
  if (lead == 0xE0) return {.following = 2, .low = 0xA0};
  if (lead == 0xED) return {.following = 2, .high = 0x9F};
  if (lead < 0xF0) return {.following = 2};
  if (lead == 0xF0) return {.following = 3, .low = 0x90};
  if (lead < 0xF4) return {.following = 3};
  if (lead == 0xF4) return {.following = 3, .high = 0x8F};
  return {};
}

}  // namespace

bool is_utf8(byte_view bytes) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    sequence expected = begun_by(bytes[i++]);
    if (expected.following < 0) return false;
    for (; expected.following > 0; --expected.following) {
      if (i == bytes.size() || bytes[i] < expected.low || bytes[i] > expected.high) return false;
      ++i;
      expected.low = 0x80;
      expected.high = 0xBF;
    }
  }
  return true;
}

}  // namespace gauntlet::ws
