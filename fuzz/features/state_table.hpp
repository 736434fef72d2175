#pragma once

// How often each packet was sent in each state: what a campaign has tried at all.

#include <array>
#include <cstdint>

#include "fuzz/execution/observation.hpp"

namespace gauntlet::fuzz {

/// Rows are states, columns the sixteen values of the packet type, 0 for bytes of none.
struct state_table {
  static constexpr std::size_t packet_types = 16;
  std::array<std::array<std::uint64_t, packet_types>, state_row_count> sent{};
  std::array<std::array<std::uint64_t, packet_types>, state_row_count> answered{};

  void add(const observation& seen);
};

}  // namespace gauntlet::fuzz
