#pragma once

// Figures of a plan as words. Private to sim/plan.

#include <string>

namespace gauntlet::sim {

/// Rounded to a whole number, as format_count writes it. Not negative.
std::string grouped_text(double value);

/// "12.5/s"; with one decimal below 100, so that slow fleets do not round to nothing.
std::string rate_text(double per_second);

}  // namespace gauntlet::sim
