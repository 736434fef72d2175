#include "fuzz/input/input.hpp"

#include <algorithm>
#include <array>

namespace gauntlet::fuzz {
namespace {

constexpr std::uint8_t connection_bits = 0x03;
constexpr std::uint8_t kind_bits = 0x0C;
constexpr std::uint8_t without_barrier = 0x10;
constexpr std::uint8_t has_piece_size = 0x20;

std::uint8_t take_byte(byte_view& from) {
  if (from.empty()) return 0;
  const std::uint8_t value = from[0];
  from = from.subspan(1);
  return value;
}

void append(byte_buffer& out, const step& each) {
  auto head = static_cast<std::uint8_t>(each.connection | (static_cast<unsigned>(each.kind) << 2U));
  if (!each.barrier) head |= without_barrier;
  if (each.piece_size > 0) head |= has_piece_size;
  out.push_back(head);
  if (each.piece_size > 0) out.push_back(each.piece_size);
  if (each.kind != step_kind::send) return;
  const std::size_t size = std::min(each.bytes.size(), step_bytes_max);
  out.push_back(static_cast<std::uint8_t>(size & 0xFFU));
  out.push_back(static_cast<std::uint8_t>(size >> 8U));
  out.insert(out.end(), each.bytes.begin(), each.bytes.begin() + static_cast<std::ptrdiff_t>(size));
}

}  // namespace

input unpack(byte_view packed) {
  input made;
  while (!packed.empty() && made.steps.size() < steps_max) {
    const std::uint8_t head = take_byte(packed);
    step each{.kind = static_cast<step_kind>((head & kind_bits) >> 2U),
              .connection = static_cast<std::uint8_t>(head & connection_bits),
              .barrier = (head & without_barrier) == 0};
    if ((head & has_piece_size) != 0) each.piece_size = take_byte(packed);
    if (each.kind == step_kind::send) {
      const std::size_t low = take_byte(packed);
      const std::size_t announced = low | (static_cast<std::size_t>(take_byte(packed)) << 8U);
      const std::size_t size = std::min(announced, packed.size());
      each.bytes.assign(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size));
      packed = packed.subspan(size);
    }
    made.steps.push_back(std::move(each));
  }
  return made;
}

byte_buffer pack(const input& of) {
  byte_buffer packed;
  for (const step& each : of.steps) append(packed, each);
  return packed;
}

std::size_t connection_count(const input& of) {
  std::array<bool, connections_max> used{};
  for (const step& each : of.steps) used.at(each.connection) = true;
  return static_cast<std::size_t>(std::count(used.begin(), used.end(), true));
}

std::size_t byte_count(const input& of) {
  std::size_t total = 0;
  for (const step& each : of.steps) total += each.bytes.size();
  return total;
}

}  // namespace gauntlet::fuzz
