#include "fuzz/features/edge_table.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>

namespace gauntlet::fuzz {
namespace {

/// The smallest count of each step.
constexpr std::array<std::uint8_t, 8> steps = {1, 2, 3, 4, 8, 16, 32, 128};
/// After so many executions that were repeated in vain, an edge's count is taken for noise: loops
/// that wait run as often as the machine likes.
constexpr std::uint8_t failures_max = 4;

std::uint32_t step_of(std::uint8_t count) {
  const auto above = std::upper_bound(steps.begin(), steps.end(), count);
  return static_cast<std::uint32_t>(above - steps.begin()) - 1;
}

}  // namespace

void find_edges(edge_counters_view counts, std::vector<edge_place>& found) {
  found.clear();
  // Most counters are zero: eight at a time.
  for (std::size_t at = 0; at < counts.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, &counts[at], sizeof eight);
    if (eight == 0) continue;
    for (std::size_t edge = at; edge < at + sizeof eight; ++edge) {
      if (counts[edge] == 0) continue;
      found.push_back(static_cast<edge_place>(edge * 8) + step_of(counts[edge]));
    }
  }
}

bool edge_table::note(const std::vector<edge_place>& places) {
  bool has_new = false;
  for (const edge_place each : places) {
    seen_.set(each / 8);
    has_new = has_new || (!known_[each] && failures_[each] < failures_max);
  }
  return has_new;
}

bool edge_table::confirm(const std::vector<edge_place>& first,
                         const std::vector<edge_place>& second) {
  std::vector<edge_place> once;
  std::set_symmetric_difference(first.begin(), first.end(), second.begin(), second.end(),
                                std::back_inserter(once));
  for (const edge_place each : once) {
    if (failures_[each] < failures_max) failures_[each] += 1;
  }
  std::vector<edge_place> both;
  std::set_intersection(first.begin(), first.end(), second.begin(), second.end(),
                        std::back_inserter(both));
  const bool is_new =
      std::any_of(both.begin(), both.end(), [this](edge_place each) { return !known_[each]; });
  for (const edge_place each : both) known_.set(each);
  return is_new;
}

void edge_table::guide(const std::vector<edge_place>& places,
                       std::span<std::uint8_t, coverage_counters> counters) const {
  for (const edge_place each : places) {
    if (known_[each]) counters[each / 8] = steps.at(each % 8);
  }
}

}  // namespace gauntlet::fuzz
