#pragma once

// Runs a scenario written in a test under virtual time, against the reference broker.

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "sim/engine/run_scenario.hpp"
#include "tests/unit/sim/parsed_scenario.hpp"

namespace gauntlet::sim {

/// Runs to the end; whatever keeps it from that fails the test.
inline record::run_result run(const std::string& text, run_options options = {}) {
  scenario parsed = parsed_scenario(text);
  if (parsed.fleet.empty()) return {};
  const fleet_plan plan(std::move(parsed));
  options.simulate = true;
  options.scenario_path = "test.yaml";
  auto result = run_scenario(plan, options);
  if (!result) {
    ADD_FAILURE() << result.error().message;
    return {};
  }
  EXPECT_EQ(result->ending, record::ending::complete) << result->ending_sentence;
  return std::move(*result);
}

/// The account of a group, which must be there.
inline const record::connection_account& connections(const record::run_result& of,
                                                     const std::string& group) {
  for (const auto& each : of.measured.connections) {
    if (each.group == group) return each;
  }
  ADD_FAILURE() << "no group " << group;
  return of.measured.connections.front();
}

}  // namespace gauntlet::sim
