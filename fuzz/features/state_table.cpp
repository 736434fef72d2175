#include "fuzz/features/state_table.hpp"

#include <vector>

namespace gauntlet::fuzz {

void state_table::add(const observation& seen) {
  std::array<bool, steps_max> has_answer{};
  for (const arrival& each : seen.arrivals) {
    const bool is_own = seen.steps.at(each.step).connection == each.connection;
    if (is_own && each.step < steps_max) has_answer.at(each.step) = true;
  }
  for (std::size_t i = 0; i < seen.steps.size(); ++i) {
    const played_step& each = seen.steps[i];
    if (each.first_byte == 0) continue;
    const auto row = static_cast<std::size_t>(each.row);
    const std::size_t column = each.first_byte >> 4U;
    sent.at(row).at(column) += 1;
    if (i < steps_max && has_answer.at(i)) answered.at(row).at(column) += 1;
  }
}

}  // namespace gauntlet::fuzz
