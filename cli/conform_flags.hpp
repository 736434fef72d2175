#pragma once

// The command line of `gauntlet conform`.

#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "cli/commands.hpp"
#include "cli/target_flags.hpp"
#include "conformance/runner/conduct.hpp"

namespace gauntlet::cli {

/// Values of the flags as given.
struct conform_flags {
  target_flags target;
  std::string second_target;
  std::string protocol = "both";
  std::vector<std::string> only;
  std::vector<std::string> skip;
  std::optional<std::uint64_t> seed;
  unsigned jobs = 64;
  unsigned repeat = 1;
  double timeout_scale = 1;
  std::string out;
  std::string pcap;                 ///< folder for captures; empty: none
  std::vector<std::string> matrix;  ///< targets to put side by side; empty: one run
  std::vector<std::string> diff;    ///< two results to compare instead of running
  std::string expectations;
  bool update_expectations = false;
  bool strict = false;
  bool fast = false;
  bool dry_run = false;
  bool prove = false;
  bool json = false;
  bool quiet = false;
};

void add_conform_flags(CLI::App& command, conform_flags& into);

/// The run that the flags ask for, against the target that they name. Draws a seed if none is
/// given.
outcome<conformance::conduct_request> to_request(const conform_flags& flags,
                                                 const invocation& called);

}  // namespace gauntlet::cli
