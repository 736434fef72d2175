#include "harness/ws/frame.hpp"

#include <cstring>

#include "harness/base/assert.hpp"
#include "harness/ws/raw_frame.hpp"

namespace gauntlet::ws {

void apply_mask(std::span<std::uint8_t> bytes, const mask_key& mask, std::uint64_t position) {
  // Eight bytes at a time: the key turned to `position` and repeated twice.
  std::array<std::uint8_t, 8> turned{};
  for (std::size_t i = 0; i < turned.size(); ++i) turned[i] = mask[(position + i) % mask.size()];
  std::uint64_t wide = 0;
  std::memcpy(&wide, turned.data(), sizeof wide);
  std::size_t i = 0;
  for (; i + sizeof wide <= bytes.size(); i += sizeof wide) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, sizeof word);
    word ^= wide;
    std::memcpy(bytes.data() + i, &word, sizeof word);
  }
  for (; i < bytes.size(); ++i) bytes[i] ^= turned[i % turned.size()];
}

void append_fragment(opcode op, fragment_place place, byte_view payload,
                     const std::optional<mask_key>& mask, byte_buffer& out) {
  GAUNTLET_ASSERT(!is_control(op) ||
                  (place.first && place.last && payload.size() <= control_payload_max));
  const opcode written = place.first ? op : opcode::continuation;
  append_raw({.fin = place.last,
              .opcode = static_cast<std::uint8_t>(written),
              .mask = mask,
              .payload = payload},
             out);
}

void append_frame(opcode op, byte_view payload, const std::optional<mask_key>& mask,
                  byte_buffer& out) {
  append_fragment(op, {}, payload, mask, out);
}

void append_close(close_code code, std::string_view reason, const std::optional<mask_key>& mask,
                  byte_buffer& out) {
  const auto number = static_cast<std::uint16_t>(code);
  GAUNTLET_ASSERT(may_be_sent(number));
  byte_buffer payload = {static_cast<std::uint8_t>(number >> 8),
                         static_cast<std::uint8_t>(number & 0xFF)};
  const byte_view text = as_bytes(reason);
  payload.insert(payload.end(), text.begin(), text.end());
  append_frame(opcode::close, payload, mask, out);
}

}  // namespace gauntlet::ws
