#include "cli/scenario_run.hpp"

#include <cstdio>
#include <system_error>

#include <fmt/format.h>

#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/progress_line.hpp"
#include "harness/net/url.hpp"

namespace gauntlet::cli {

outcome<sim::run_options> make_run_options(const run_flags& flags, const chosen_scenarios& chosen,
                                           const sim::scenario& described,
                                           const invocation& called) {
  auto target = make_target_options(flags.target, described);
  if (!target) return target.error();
  return sim::run_options{.target = std::move(*target),
                          .workers = flags.workers,
                          .simulate = flags.simulate,
                          .scenario_path = chosen.path,
                          .scenario_source = chosen.source,
                          .command_line = without_passwords(called.words),
                          .tool_version = GAUNTLET_VERSION};
}

namespace {

template <class Result>
outcome<Result> run_shown(const run_flags& flags, const sim::fleet_plan& plan,
                          const sim::run_options& options,
                          outcome<Result> (*run)(const sim::fleet_plan&, const sim::run_options&,
                                                 const sim::run_observer&)) {
  outcome<Result> result = [&] {
    progress_line line(stderr_is_terminal());
    const sim::run_observer observer{.on_progress =
                                         [&](const sim::run_progress& now) {
                                           if (!flags.quiet) line.show(now);
                                         },
                                     .stop_requested = [] { return interrupt_guard::requested(); }};
    return run(plan, options, observer);
  }();
  if (!result) {
    std::error_code ignored;
    std::filesystem::remove(options.target.run_folder, ignored);
  }
  return result;
}

}  // namespace

outcome<record::run_result> run_fleet(const run_flags& flags, const sim::fleet_plan& plan,
                                      const sim::run_options& options) {
  return run_shown(flags, plan, options, &sim::run_scenario);
}

outcome<sim::run_books> run_fleet_part(const run_flags& flags, const sim::fleet_plan& plan,
                                       const sim::run_options& options) {
  return run_shown(flags, plan, options, &sim::run_scenario_part);
}

void print_start(const run_flags& flags, const sim::fleet_plan& plan,
                 const sim::run_options& options) {
  const sim::scenario& described = plan.described();
  fmt::print("{} on {}: {} devices, seed {}\n", described.name,
             flags.simulate ? "the simulated reference broker"
                            : net::without_password(options.target.target),
             plan.device_count(), described.seed);
  if (!described.origin.parameters.empty()) {
    fmt::print("with {}\n", config::to_string(described.origin.parameters));
  }
  if (described.origin.scale != 1) {
    fmt::print("scaled by {}: {}\n", described.origin.scale,
               fmt::join(described.origin.scaled, "; "));
  }
  std::fflush(stdout);
}

}  // namespace gauntlet::cli
