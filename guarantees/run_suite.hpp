#pragma once

// Plays the suite against one broker: many scenarios at a time, each in a thread with a loop and a
// network of its own; those that end the broker together, one ending after the other.

#include <cstdint>
#include <functional>
#include <string>

#include "guarantees/scenario.hpp"
#include "harness/net/network.hpp"
#include "harness/record/guarantees_result.hpp"
#include "harness/target/target.hpp"

namespace gauntlet::guarantees {

/// What the broker is taken to keep over its end.
enum class survival : std::uint8_t {
  nothing,  ///< losses are counted, not failed
  stop,     ///< what was acknowledged survives a graceful stop
  kill,     ///< and kill -9
};
std::string_view name(survival value);

struct suite_options {
  target::target_options target;
  std::string only;  ///< glob over names; empty: all
  std::uint64_t seed = 1;
  unsigned at_once = 16;
  /// None: as the target's profile says.
  std::optional<survival> survives;
  /// Hears of each scenario once it is over, and how many there are.
  std::function<void(const record::guarantee_scenario& over, std::size_t of)> says;
  /// Asked now and then; true: no further scenario begins.
  std::function<bool()> stop_wanted;
};

/// The scenarios that `only` picks.
scenarios pick(const std::string& only);
/// The same; none is bad input.
outcome<scenarios> pick_some(const std::string& only);

/// Opens the target, plays, stops it. Bad input if no scenario is picked. A broker that ends by
/// itself ends the suite: `failure` of the result says so.
outcome<record::guarantees_result> run_suite(const suite_options& options, net::network& network);

}  // namespace gauntlet::guarantees
