#pragma once

// A scenario written in a test.

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

/// Parses, or fails the test with the diagnostics.
inline scenario parsed_scenario(const std::string& yaml) {
  auto made = parse_scenario(yaml, "test.yaml");
  if (made) return std::move(*made);
  for (const auto& what : made.error()) ADD_FAILURE() << config::to_string(what);
  return {};
}

}  // namespace gauntlet::sim
