// gauntlet run: a fleet from a scenario against a broker, a verdict, a report.

#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/result_folder.hpp"
#include "cli/run_matrix.hpp"
#include "cli/run_part.hpp"
#include "cli/scenario_run.hpp"
#include "harness/record/json.hpp"
#include "reports/text.hpp"
#include "sim/plan/plan_digest.hpp"
#include "sim/plan/plan_summary.hpp"

namespace gauntlet::cli {
namespace {

exit_code dry_run(const sim::fleet_plan& plan, const sim::run_options& options) {
  const auto machine = sim::lay_out_run(plan, options);
  if (!machine) return fail(machine.error());
  for (const std::string& each : plan.described().origin.scaled) fmt::print("{}\n", each);
  const sim::plan_summary summary = sim::summarize(plan);
  const std::uint64_t depth = sim::digest_depth(summary);
  fmt::print("{}{}seed {}\nplan sha256 {}{}\n", sim::describe(summary), sim::describe(*machine),
             plan.described().seed, digest_text(sim::digest_plan(plan, depth)),
             depth == sim::whole_plan
                 ? std::string()
                 : fmt::format(" (of the first {} messages of each device)", format_count(depth)));
  return exit_code::ok;
}

exit_code dry_run_all(const run_flags& flags, const chosen_scenarios& chosen,
                      const invocation& called) {
  for (const sim::scenario_variant& each : chosen.variants) {
    sim::scenario described = each.described;
    if (flags.seed) described.seed = *flags.seed;
    const auto options = make_run_options(flags, chosen, described, called);
    if (!options) return fail(options.error());
    if (!each.varied.empty()) {
      fmt::print("{}{}:\n", &each == &chosen.variants.front() ? "" : "\n",
                 config::to_string(each.varied));
    }
    const exit_code how = dry_run(sim::fleet_plan(std::move(described)), *options);
    if (how != exit_code::ok) return how;
  }
  return exit_code::ok;
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

exit_code run_single(const run_flags& flags, chosen_scenarios chosen, const invocation& called) {
  sim::scenario described = std::move(chosen.variants.front().described);
  if (flags.seed) described.seed = *flags.seed;
  auto options = make_run_options(flags, chosen, described, called);
  if (!options) return fail(options.error());
  const sim::fleet_plan plan(std::move(described));
  const auto folder = make_result_folder(flags.out, plan.described().name);
  if (!folder) return fail(folder.error());
  options->target.run_folder = *folder;
  if (!flags.quiet && !flags.json) print_start(flags, plan, *options);
  const interrupt_guard interrupts;
  const auto result = run_fleet(flags, plan, *options);
  if (!result) return fail(result.error());
  return report(*result, *folder, flags);
}

exit_code run(const run_flags& flags, const invocation& called) {
  const auto part = read_host_part(flags);
  if (!part) return fail(part.error());
  auto chosen = load_scenarios(flags.scenario);
  if (!chosen) return fail(chosen.error());
  if (flags.dry_run) return dry_run_all(flags, *chosen, called);
  if (*part) return run_part(flags, std::move(*chosen), called, **part);
  if (chosen->variants.size() > 1) return run_matrix(flags, std::move(*chosen), called);
  return run_single(flags, std::move(*chosen), called);
}

}  // namespace

void add_run_command(CLI::App& program, const invocation& called, action& chosen) {
  auto flags = std::make_shared<run_flags>();
  CLI::App* command = program.add_subcommand(
      "run", "Run a simulated fleet from a scenario against a broker; verdict and report");
  add_scenario_flags(*command, flags->scenario);
  add_target_flags(*command, flags->target, "the scenario's, else embedded");
  command->add_option("--out", flags->out, "Folder for the results [results/NAME-TIME]");
  command->add_option("--seed", flags->seed,
                      "Seed of everything random, instead of the scenario's");
  command->add_option("--workers", flags->workers, "Worker processes [as many as needed]")
      ->check(CLI::Range(1, 256));
  command->add_option(
      "--part", flags->part,
      "K/N: run only this part of the fleet, on one of N hosts; gauntlet merge makes "
      "one result of all");
  command->add_option("--start-at", flags->start_at,
                      "When publishing begins on all hosts, in UTC, as 2026-01-31T09:05:00Z");
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
