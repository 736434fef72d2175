#pragma once

// Runs a scenario written in a test, on the embedded broker or under virtual time.

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "harness/broker/defects.hpp"
#include "sim/engine/run_scenario.hpp"
#include "tests/unit/sim/parsed_scenario.hpp"

namespace gauntlet::sim {

/// A scenario of few devices that touches both versions and every QoS, with `expect` lines to add.
inline std::string small_scenario(std::string_view expect = "") {
  return R"(name: small
seed: 7
duration: 2s
fleet:
  - group: senders
    count: 20
    protocol: {"3.1.1": 50%, "5.0": 50%}
    publish:
      - {topic: "t/{index}/q0", every: 100ms, qos: 0, payload: {text: "zero"}}
      - {topic: "t/{index}/q1", every: 100ms, qos: 1, payload: {random: 64B}}
      - {topic: "t/{index}/q2", every: 100ms, qos: 2, payload: {text: "two"}}
  - group: readers
    count: 3
    protocol: "5.0"
    subscribe:
      - {filter: "t/+/q0", qos: 0}
      - {filter: "t/+/q1", qos: 1}
      - {filter: "t/+/q2", qos: 2}
)" + std::string(expect);
}

/// Runs to the end; a failure to start fails the test.
inline record::run_result run(const fleet_plan& plan, run_options options) {
  options.scenario_path = "test.yaml";
  auto result = run_scenario(plan, options);
  if (!result) {
    ADD_FAILURE() << result.error().message;
    return {};
  }
  return std::move(*result);
}

/// The accounts of all groups in one.
inline record::connection_account all_connections(const record::run_result& result) {
  record::connection_account sum;
  for (const auto& group : result.measured.connections) record::merge(sum, group);
  return sum;
}

}  // namespace gauntlet::sim
