#pragma once

// One run of one scenario: from the command line's flags to the files of its results.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "cli/scenario_flags.hpp"
#include "cli/target_flags.hpp"
#include "harness/record/run_result.hpp"
#include "sim/engine/run_scenario.hpp"

namespace gauntlet::cli {

/// Values of the flags of `gauntlet run` as given.
struct run_flags {
  scenario_flags scenario;
  target_flags target;
  std::string out;
  std::string part;
  std::string start_at;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> workers;
  bool simulate = false;
  bool dry_run = false;
  bool json = false;
  bool quiet = false;
};

/// What a run is given beside its plan; its results have no folder yet.
outcome<sim::run_options> make_run_options(const run_flags& flags, const chosen_scenarios& chosen,
                                           const sim::scenario& described,
                                           const invocation& called);

/// Runs the fleet and shows how it goes on stderr. The results folder is removed again if nothing
/// ran and nothing was written into it.
outcome<record::run_result> run_fleet(const run_flags& flags, const sim::fleet_plan& plan,
                                      const sim::run_options& options);

/// The same of one host's part, options.part.
outcome<sim::run_books> run_fleet_part(const run_flags& flags, const sim::fleet_plan& plan,
                                       const sim::run_options& options);

/// What a part is called in its results folder.
inline constexpr std::string_view part_file_name = "part.gauntlet";

/// "quickstart on mosquitto: 1,000 devices, seed 7", and what was chosen and scaled.
void print_start(const run_flags& flags, const sim::fleet_plan& plan,
                 const sim::run_options& options);

}  // namespace gauntlet::cli
