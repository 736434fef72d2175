#include "harness/ws/raw_frame.hpp"

namespace gauntlet::ws {
namespace {

length_form shortest_form(std::uint64_t length) {
  if (length < 126) return length_form::bits7;
  return length <= 0xFFFF ? length_form::bits16 : length_form::bits64;
}

}  // namespace

std::size_t write_raw_header(const raw_frame& frame,
                             std::span<std::uint8_t, frame_header_max> out) {
  const std::uint64_t length = frame.length.value_or(frame.payload.size());
  const length_form form = frame.form == length_form::shortest ? shortest_form(length) : frame.form;
  const bool mask_bit = frame.mask_bit.value_or(frame.mask.has_value());
  int length_bytes = 0;
  std::uint64_t length7 = length & 0x7F;
  if (form == length_form::bits16) length7 = 126, length_bytes = 2;
  if (form == length_form::bits64) length7 = 127, length_bytes = 8;

  std::size_t size = 0;
  // Bit 7 FIN, bits 6 to 4 RSV1 to RSV3, bits 3 to 0 opcode.
  out[size++] = static_cast<std::uint8_t>(
      (frame.fin ? 0x80 : 0) | ((frame.reserved_bits & 0x7) << 4) | (frame.opcode & 0xF));
  // Bit 7 MASK, then the length itself, or 126 or 127 for the fields that follow.
  out[size++] = static_cast<std::uint8_t>((mask_bit ? 0x80 : 0) | length7);
  for (int i = length_bytes - 1; i >= 0; --i) {
    out[size++] = static_cast<std::uint8_t>(length >> (8 * i));
  }
  if (frame.mask) {
    for (const std::uint8_t byte : *frame.mask) out[size++] = byte;
  }
  return size;
}

void append_raw(const raw_frame& frame, byte_buffer& out) {
  std::array<std::uint8_t, frame_header_max> header{};
  const std::size_t header_size = write_raw_header(frame, header);
  out.insert(out.end(), header.begin(), header.begin() + static_cast<std::ptrdiff_t>(header_size));
  const std::size_t start = out.size();
  out.insert(out.end(), frame.payload.begin(), frame.payload.end());
  if (frame.mask) apply_mask(std::span(out).subspan(start), *frame.mask);
}

}  // namespace gauntlet::ws
