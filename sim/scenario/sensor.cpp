#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

std::vector<std::string> members_of(const signal_description& signal) {
  if (std::holds_alternative<gps_signal>(signal)) return {"lat", "lon", "speed", "heading"};
  return {};
}

}  // namespace gauntlet::sim
