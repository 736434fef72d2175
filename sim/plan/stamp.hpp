#pragma once

// The stamp that every application message carries, so that a receipt can be matched with what was
// sent without keeping the message:
//
//   magic 4 | run id 4 | stream 4 | sequence 4 | scheduled 8 | sent 8 | check 4     = 36 bytes
//
// All numbers are little endian, times are nanoseconds; the check is a hash of the bytes before it.
// A random payload begins with these bytes; in text and JSON they stand as 72 hexadecimal digits,
// at the beginning or as the object's first member.

#include <cstdint>
#include <optional>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"
#include "sim/scenario/payload.hpp"

namespace gauntlet::sim {

/// What comes before the stamp of a JSON payload.
inline constexpr std::string_view json_stamp_prefix = "{\"_g\":\"";

/// Who sent a message, which one it is, and when.
struct stamp {
  std::uint32_t run_id = 0;    ///< of this run, so that retained leftovers of another are known
  std::uint32_t stream = 0;    ///< global index of (device, publication): fleet_plan::stream_of
  std::uint32_t sequence = 0;  ///< number of the message within its stream, from 0
  duration scheduled{};        ///< when it was due, on the plan's time line
  duration sent{};             ///< when it was really sent, on the plan's time line

  bool operator==(const stamp&) const = default;
};

/// Where in a payload the stamp stands, and how.
struct stamp_layout {
  enum class encoding : std::uint8_t { binary, hexadecimal };
  std::uint32_t offset = 0;
  encoding as = encoding::binary;

  std::size_t size() const { return as == encoding::binary ? stamp_size_bytes : stamp_size_digits; }
  bool operator==(const stamp_layout&) const = default;
};

/// Writes the stamp into a payload that has room for it. Constant time, no allocation.
void write_stamp(std::span<std::uint8_t> payload, stamp_layout where, const stamp& what);

/// The stamp of a received payload, if it carries one: right place, magic and check. Constant time,
/// no allocation; payloads of strangers are fine.
std::optional<stamp> read_stamp(byte_view payload);

}  // namespace gauntlet::sim
