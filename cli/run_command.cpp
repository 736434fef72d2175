// gauntlet run: a fleet from a scenario against a broker, a verdict, a report.

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/progress_line.hpp"
#include "cli/result_folder.hpp"
#include "cli/scenario_library.hpp"
#include "cli/target_flags.hpp"
#include "harness/config/node.hpp"
#include "harness/net/url.hpp"
#include "harness/record/json.hpp"
#include "reports/text.hpp"
#include "sim/engine/run_scenario.hpp"
#include "sim/plan/plan_digest.hpp"
#include "sim/plan/plan_summary.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::cli {
namespace {

struct run_flags {
  std::string scenario;
  target_flags target;
  std::string out;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> workers;
  bool simulate = false;
  bool dry_run = false;
  bool json = false;
  bool quiet = false;
};

outcome<std::string> read_text(const std::filesystem::path& file) {
  std::string text;
  config::diagnostics wrong(file.string());
  if (!config::read_text_file(file, config::parse_limits{}.size_bytes_max, text, wrong)) {
    return config::to_failure(wrong.take());
  }
  return text;
}

int dry_run(const sim::fleet_plan& plan, const sim::run_options& options) {
  const auto machine = sim::lay_out_run(plan, options);
  if (!machine) return static_cast<int>(fail(machine.error()));
  fmt::print("{}{}seed {}\nplan sha256 {}\n", sim::describe(sim::summarize(plan)),
             sim::describe(*machine), plan.described().seed, digest_text(sim::digest_plan(plan)));
  return static_cast<int>(exit_code::ok);
}

exit_code report(const record::run_result& result, const std::filesystem::path& folder,
                 const run_flags& flags) {
  const auto written = write_results(folder, result);
  if (flags.json) {
    fmt::print("{}", record::to_json(result, {.lean_series = true}));
  } else {
    fmt::print("{}", reports::to_text(result, {.colour = stdout_is_colourful()}));
    if (written) fmt::print("report: {}\n", (folder / "report.html").string());
  }
  if (!written) return fail(written.error());
  return result.exit_code;
}

exit_code run(const run_flags& flags, const invocation& called) {
  const auto file = find_scenario(flags.scenario);
  if (!file) return fail(file.error());
  auto source = read_text(*file);
  if (!source) return fail(source.error());
  auto described = sim::parse_scenario(*source, file->string());
  if (!described) return fail(config::to_failure(described.error()));
  if (flags.seed) described->seed = *flags.seed;

  auto target = make_target_options(flags.target, *described);
  if (!target) return fail(target.error());
  sim::run_options options{.target = std::move(*target),
                           .workers = flags.workers,
                           .simulate = flags.simulate,
                           .scenario_path = file->string(),
                           .scenario_source = *source,
                           .command_line = without_passwords(called.words),
                           .tool_version = GAUNTLET_VERSION};
  const std::string name = described->name;
  const sim::fleet_plan plan(std::move(*described));
  if (flags.dry_run) return static_cast<exit_code>(dry_run(plan, options));

  const auto folder = make_result_folder(flags.out, name);
  if (!folder) return fail(folder.error());
  options.target.run_folder = *folder;
  if (!flags.quiet && !flags.json) {
    fmt::print("{} on {}: {} devices, seed {}\n", name,
               flags.simulate ? "the simulated reference broker"
                              : net::without_password(options.target.target),
               plan.device_count(), plan.described().seed);
    std::fflush(stdout);
  }

  const interrupt_guard interrupts;
  outcome<record::run_result> result = [&] {
    progress_line line(stderr_is_terminal());
    const sim::run_observer observer{.on_progress =
                                         [&](const sim::run_progress& now) {
                                           if (!flags.quiet) line.show(now);
                                         },
                                     .stop_requested = [] { return interrupt_guard::requested(); }};
    return sim::run_scenario(plan, options, observer);
  }();
  if (!result) {
    std::error_code ignored;
    std::filesystem::remove(*folder, ignored);  // only if nothing was written into it
    return fail(result.error());
  }
  return report(*result, *folder, flags);
}

}  // namespace

void add_run_command(CLI::App& program, const invocation& called, action& chosen) {
  auto flags = std::make_shared<run_flags>();
  CLI::App* command = program.add_subcommand(
      "run", "Run a simulated fleet from a scenario against a broker; verdict and report");
  command->add_option("scenario", flags->scenario, "Scenario file, or a name of the library")
      ->required();
  add_target_flags(*command, flags->target, "the scenario's, else embedded");
  command->add_option("--out", flags->out, "Folder for the results [results/NAME-TIME]");
  command->add_option("--seed", flags->seed,
                      "Seed of everything random, instead of the scenario's");
  command->add_option("--workers", flags->workers, "Worker processes [as many as needed]")
      ->check(CLI::Range(1, 256));
  command->add_flag("--simulate", flags->simulate,
                    "Run in virtual time against the reference broker: a day in seconds, the same "
                    "every time");
  command->add_flag(
      "--dry-run", flags->dry_run,
      "Show what would run (workers, memory, messages, digest of the plan), run nothing");
  command->add_flag("--json", flags->json, "Print the result as JSON instead of text");
  command->add_flag("-q,--quiet", flags->quiet, "No progress, only the verdict");
  command->callback(
      [flags, &called, &chosen] { chosen = [flags, &called] { return run(*flags, called); }; });
}

}  // namespace gauntlet::cli
