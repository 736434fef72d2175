#include "fuzz/input/name_space.hpp"

#include <algorithm>
#include <array>

namespace gauntlet::fuzz {

void enter_name_space(byte_view bytes, std::uint32_t number, byte_buffer& out) {
  std::array<std::uint8_t, name_space_token.size()> digits{};
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto shift = static_cast<unsigned>(4 * (digits.size() - 1 - i));
    digits.at(i) = static_cast<std::uint8_t>("0123456789abcdef"[(number >> shift) & 0xFU]);
  }
  out.assign(bytes.begin(), bytes.end());
  auto from = out.begin();
  for (;;) {
    from = std::search(from, out.end(), name_space_token.begin(), name_space_token.end());
    if (from == out.end()) return;
    from = std::copy(digits.begin(), digits.end(), from);
  }
}

input in_name_space(input of, std::uint32_t number) {
  byte_buffer scratch;
  for (step& each : of.steps) {
    enter_name_space(each.bytes, number, scratch);
    each.bytes.assign(scratch.begin(), scratch.end());
  }
  return of;
}

}  // namespace gauntlet::fuzz
