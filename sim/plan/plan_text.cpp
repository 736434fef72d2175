#include "sim/plan/plan_text.hpp"

#include <cmath>
#include <cstdint>

#include "harness/base/units.hpp"

namespace gauntlet::sim {

std::string grouped_text(double value) {
  return format_count(static_cast<std::uint64_t>(std::llround(value)));
}

std::string rate_text(double per_second) {
  return (per_second < 100 ? format_number(std::round(per_second * 10) / 10)
                           : grouped_text(per_second)) +
         "/s";
}

}  // namespace gauntlet::sim
