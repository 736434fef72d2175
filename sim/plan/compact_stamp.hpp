#pragma once

// The stamp of small binary payloads, 16 bytes:
//
//   magic 8 | check 16 | stream 28 | lag 10 | sent 34 | sequence 32     bits, from the lowest
//
// Loss, duplicates and order are as exact as with the long stamp. What is less: the send time
// counts in steps of 4 us and comes round after 19 hours (the reader's own time says which round);
// the scheduled time is the send time less the lag, which has five significant bits, so it is good
// to 3 % of the lag; and the run id is part of the check alone, so that of 16 million payloads of
// strangers that stand where a stamp may stand one is taken for ours.

#include <optional>

#include "harness/base/bytes.hpp"
#include "sim/plan/stamp.hpp"

namespace gauntlet::sim {

/// Writes compact_stamp_size_bytes to `out`. The stream is below 2^28; a fleet has less.
void write_compact_stamp(std::uint8_t* out, const stamp& what);

/// Reads as many from `from`, if they are a stamp of this run.
std::optional<stamp> read_compact_stamp(const std::uint8_t* from, const stamp_reading& known);

/// The first byte of each compact stamp.
inline constexpr std::uint8_t compact_stamp_magic = 0xc7;

}  // namespace gauntlet::sim
