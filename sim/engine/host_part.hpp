#pragma once

// A run from several hosts: each runs its part of the fleet at times that were agreed on before,
// and leaves a file; the files together give the one result. The hosts need no connection to each
// other, only clocks that agree within a second.
//
//   gauntlet run --part 1/2 --start-at T  ->  part.gauntlet --.
//                                                             +-- gauntlet merge -> result.json ...
//   gauntlet run --part 2/2 --start-at T  ->  part.gauntlet --'
//
// Times in a part's books count from the moment at which publishing began, so that the time lines
// of hosts, which have nothing in common, do not matter.

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/record/wall_time.hpp"
#include "sim/engine/run_books.hpp"
#include "sim/plan/fleet_part.hpp"

namespace gauntlet::sim {

/// Which part of the fleet this host runs, and when.
struct host_part {
  fleet_part part;
  /// When publishing begins, on all hosts.
  record::wall_time start_at{};
};

/// Devices have this long to settle after the last has arrived, before publishing begins.
inline constexpr duration part_settle_time = std::chrono::seconds(3);

/// How long before host_part::start_at the first device comes.
duration part_lead(const fleet_plan& plan);

/// What one host leaves behind.
struct run_part {
  host_part what;
  std::vector<std::string> choices;  ///< values of --set
  double scale = 1;                  ///< --scale
  run_books books;                   ///< its plan's digest is in the scenario's record
};

/// The digest by which parts of one plan are known: that of `--dry-run`.
std::string plan_fingerprint(const fleet_plan& plan);

/// Writes the part; docs/results.md describes the form.
outcome<void> write_part(const std::filesystem::path& file, const run_part& part);
/// Reads a file that write_part() wrote. Fails with one sentence if it is none, is damaged, or of
/// another version.
outcome<run_part> read_part(const std::filesystem::path& file);

/// A part and where it was read.
struct given_part {
  std::string name;
  run_part part;
};

/// Whether the parts are all of one run, each once and none missing; else why not, in a sentence.
outcome<void> check_parts(const std::vector<given_part>& parts);

/// All hosts' books as one, with what several clocks mean for its figures among the events.
/// check_parts() must have been content.
run_books merge_parts(const fleet_plan& plan, std::vector<given_part> parts);

}  // namespace gauntlet::sim
