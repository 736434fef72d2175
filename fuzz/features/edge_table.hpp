#pragma once

// Which edges of a broker's own code the inputs of a campaign have run: from the counters of a
// coverage map to what guides libFuzzer. As with answers, what shows in only one of two executions
// of an input guides nothing.

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/coverage/coverage_map.hpp"

namespace gauntlet::fuzz {

/// Counters of one execution, or of libFuzzer.
using edge_counters_view = std::span<const std::uint8_t, coverage_counters>;

/// An edge and roughly how often it ran: the number of its counter times eight, plus 0 for once, 1
/// for twice, 2 for three times, then 4 to 7, 8 to 15, 16 to 31, 32 to 127 and more, as libFuzzer
/// tells counts apart.
using edge_place = std::uint32_t;

/// The places of what one execution counted, ascending.
void find_edges(edge_counters_view counts, std::vector<edge_place>& found);

/// What a campaign knows of the broker's edges.
class edge_table {
 public:
  /// Notes the places of an execution. Whether there is one that is not known, and that has not
  /// failed to come again too often to be worth another try.
  bool note(const std::vector<edge_place>& places);
  /// Of two executions of one input: what is in both is known from now on. Whether any of it was
  /// not.
  bool confirm(const std::vector<edge_place>& first, const std::vector<edge_place>& second);
  /// Sets libFuzzer's counters: of each place that is known, a count that libFuzzer takes for the
  /// same.
  void guide(const std::vector<edge_place>& places,
             std::span<std::uint8_t, coverage_counters> counters) const;
  /// How many edges have run, in any execution.
  std::size_t edges() const { return seen_.count(); }

 private:
  static constexpr std::size_t places_max = coverage_counters * 8;

  std::bitset<coverage_counters> seen_;
  std::bitset<places_max> known_;
  std::vector<std::uint8_t> failures_ = std::vector<std::uint8_t>(places_max);
};

}  // namespace gauntlet::fuzz
