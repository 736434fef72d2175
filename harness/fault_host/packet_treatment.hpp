#pragma once

// What a bad network does to packets of IP beside losing them: one direction of it, without a clock
// and without packets. packet_relay applies it.

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "harness/base/seeded_stream.hpp"

namespace gauntlet::fault_host {

/// How packets are treated; all shares from 0 to 1.
struct packet_treatment {
  std::chrono::nanoseconds delay{};
  /// Each packet waits this much more or less, uniformly, and never overtakes another for it.
  std::chrono::nanoseconds jitter{};
  double duplicated = 0;  ///< share of packets that arrive twice
  double reordered = 0;   ///< share of packets that are held, so that those behind overtake them
  double corrupted = 0;   ///< share of packets with one bit turned over

  bool operator==(const packet_treatment&) const = default;
  /// Whether packets pass as if there were none.
  bool is_none() const { return *this == packet_treatment(); }
};

/// How long a packet is held that others shall overtake, beyond its delay.
inline constexpr std::chrono::milliseconds reorder_hold{20};

/// One direction of a network: what becomes of packet after packet.
class packet_line {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// One copy of a packet.
  struct departure {
    time_point at;
    /// The bit to turn over, counted from the first bit of what may be spoilt.
    std::optional<std::size_t> wrong_bit;
  };

  explicit packet_line(const seeded_stream& draws) : draws_(draws) {}

  /// The copies of a packet that has come at `now`, one or two, with `spoilable_bytes` behind the
  /// header of IP. Takes the same number of draws for each packet, whatever the treatment.
  std::vector<departure> pass(const packet_treatment& treatment, time_point now,
                              std::size_t spoilable_bytes);

 private:
  seeded_stream draws_;
  time_point last_{};  ///< the latest departure of those that were not held
};

}  // namespace gauntlet::fault_host
