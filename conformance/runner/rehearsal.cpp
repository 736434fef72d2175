#include "conformance/runner/rehearsal.hpp"

#include "conformance/proof/proof.hpp"

namespace gauntlet::conformance {

void rehearse(std::vector<planned_test>& plan) {
  for (planned_test& each : plan) each.waits = rehearse(*each.test, each.version).took;
}

std::size_t leave_out_slow(std::vector<planned_test>& plan) {
  return std::erase_if(plan, [](const planned_test& each) { return each.waits > fast_wait_max; });
}

}  // namespace gauntlet::conformance
