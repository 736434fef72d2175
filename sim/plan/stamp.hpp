#pragma once

// The stamp that an application message carries, so that a receipt can be matched with what was
// sent without keeping the message:
//
//   magic 4 | run id 4 | stream 4 | sequence 4 | scheduled 8 | sent 8 | check 4     = 36 bytes
//
// All numbers are little endian, times are nanoseconds; the check is a hash of the bytes before it.
// Where it stands follows from the format of the payload, so that a receiver finds it in constant
// time (stamp.cpp has the table of what stands before it):
//
//   text               its first 72 characters, as hexadecimal digits
//   JSON               the first member of the object, "_g", as hexadecimal digits
//   CBOR, MessagePack  the first member of the map, "_g", as a byte string
//   Sparkplug B        the first metric of the payload, "_g", as bytes
//   random bytes       its first 36 bytes
//   layouts, files     its last 36 bytes, so that readers who look at offsets are not disturbed
//
// Where 36 bytes are too many, a compact stamp of 16 bytes does with less precision
// (compact_stamp.hpp). In MQTT 5.0 the stamp may stand in a user property instead, "_g" too.

#include <cstdint>
#include <optional>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"
#include "sim/scenario/payload.hpp"

namespace gauntlet::sim {

/// The name of the stamp in JSON, CBOR, MessagePack and user properties.
inline constexpr std::string_view stamp_name = "_g";
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
  enum class encoding : std::uint8_t {
    binary,       ///< 36 bytes
    hexadecimal,  ///< 72 digits
    compact,      ///< 16 bytes
    none,         ///< nowhere in the payload
  };
  std::uint32_t offset = 0;
  encoding as = encoding::binary;
  bool at_end = false;  ///< the last bytes of the payload; `offset` does not count

  /// How many bytes of the payload it takes.
  std::size_t size() const;
  bool operator==(const stamp_layout&) const = default;
};

/// What a reader of stamps knows himself. Compact stamps need it, the others do not look at it.
struct stamp_reading {
  std::uint32_t run_id = 0;
  duration now{};  ///< on the plan's time line
};

/// Writes the stamp into a payload that has room for it. Constant time, no allocation.
void write_stamp(std::span<std::uint8_t> payload, stamp_layout where, const stamp& what);

/// The stamp of a received payload, if it carries one: right place, magic and check. Constant time,
/// no allocation; payloads of strangers are fine.
std::optional<stamp> read_stamp(byte_view payload, const stamp_reading& known = {});

/// Appends the stamp as User Property, as it stands on the wire. MQTT 5.0 §3.3.2.3.7
void append_stamp_property(const stamp& what, byte_buffer& properties);

/// The stamp among the properties of a received PUBLISH.
std::optional<stamp> read_stamp_property(byte_view properties);

}  // namespace gauntlet::sim
