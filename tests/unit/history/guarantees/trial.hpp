#pragma once

// One trial: the lively fleet against the reference broker, with defects or without, through
// faults, in memory and virtual time; and the verdict of every guarantee on what passed.

#include <cstdint>
#include <string>
#include <vector>

#include "harness/broker/options.hpp"
#include "harness/fault/rule.hpp"
#include "harness/history/finding.hpp"
#include "tests/unit/history/guarantees/lively_fleet.hpp"

namespace gauntlet::history::proof {

struct trial_plan {
  lively_fleet_plan fleet;
  broker::options broker;
  std::vector<fault::rule> faults;
  declared_promises promises;
};

struct trial_result {
  findings found;
  std::uint64_t published = 0;
  std::uint64_t delivered = 0;
  std::uint64_t maybe = 0;  ///< publications of QoS 1 and 2 of unknown outcome
  std::string unsettled;    ///< clients that never came to rest
};

trial_result run_trial(const trial_plan& plan);

/// The findings of one verdict, a line each, the most telling first.
std::string lines_of(const findings& found, guarantee_verdict verdict, std::size_t lines_max = 12);

}  // namespace gauntlet::history::proof
