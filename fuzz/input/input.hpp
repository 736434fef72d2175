#pragma once

// One input of a campaign: steps over up to four connections to the broker. Any bytes are an input,
// so that libFuzzer may cut, copy and mix them as it likes.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/base/bytes.hpp"

namespace gauntlet::fuzz {

/// What an input may have at most; what is beyond is not read.
inline constexpr std::size_t connections_max = 4;
inline constexpr std::size_t steps_max = 48;
inline constexpr std::size_t step_bytes_max = 0xFFFF;

/// What one step does to its connection.
enum class step_kind : std::uint8_t {
  send,        ///< bytes, usually one packet; a connection that is not open is opened first
  close,       ///< an orderly end, which the broker sees as a close without DISCONNECT
  half_close,  ///< the end of what we send; what the broker answers is still read
  reset,       ///< an abrupt end
};

/// One step. Without `barrier` the next step follows at once, so that the broker may find the work
/// of both at the same time.
struct step {
  step_kind kind = step_kind::send;
  std::uint8_t connection = 0;  ///< below connections_max
  bool barrier = true;
  std::uint8_t piece_size = 0;  ///< bytes of each write; 0: all in one
  byte_buffer bytes;            ///< of send
  friend bool operator==(const step&, const step&) = default;
};

/// Steps in their order.
struct input {
  std::vector<step> steps;
  friend bool operator==(const input&, const input&) = default;
};

/// Reads what pack() wrote; of other bytes as much as makes sense. A step is a byte (connection,
/// kind, barrier, whether a piece size follows), the piece size, and for send two bytes of length,
/// little end first, and the bytes.
input unpack(byte_view packed);

/// As bytes.
byte_buffer pack(const input& of);

/// How many connections have a step.
std::size_t connection_count(const input& of);
/// How many bytes are sent.
std::size_t byte_count(const input& of);

}  // namespace gauntlet::fuzz
