// gauntlet merge: the parts that several hosts ran become one result.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/result_folder.hpp"
#include "cli/scenario_flags.hpp"
#include "cli/scenario_run.hpp"
#include "harness/record/json.hpp"
#include "reports/text.hpp"
#include "sim/engine/host_part.hpp"

namespace gauntlet::cli {
namespace {

struct merge_flags {
  std::vector<std::string> parts;
  std::string scenario;
  std::string out;
  bool json = false;
};

outcome<std::vector<sim::given_part>> read_parts(const std::vector<std::string>& names) {
  std::vector<sim::given_part> parts;
  for (const std::string& name : names) {
    std::filesystem::path file(name);
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) file /= part_file_name;
    auto part = sim::read_part(file);
    if (!part) return part.error();
    parts.push_back({.name = file.string(), .part = std::move(*part)});
  }
  if (const auto good = sim::check_parts(parts); !good) return good.error();
  return parts;
}

// The scenario as the parts ran it.
outcome<sim::scenario> load_again(const merge_flags& flags, const sim::run_part& part) {
  const record::scenario_record& ran = part.books.result.scenario;
  auto chosen =
      load_scenarios({.scenario = flags.scenario.empty() ? ran.path : flags.scenario,
                      .set = part.choices,
                      .scale = part.scale == 1 ? std::nullopt : std::optional(part.scale)});
  if (!chosen) return chosen.error();
  sim::scenario described = std::move(chosen->variants.front().described);
  described.seed = ran.seed;
  return described;
}

exit_code merge(const merge_flags& flags, const invocation& called) {
  auto parts = read_parts(flags.parts);
  if (!parts) return fail(parts.error());
  auto described = load_again(flags, parts->front().part);
  if (!described) return fail(described.error());
  const sim::fleet_plan plan(std::move(*described));
  const record::scenario_record& ran = parts->front().part.books.result.scenario;
  if (sim::plan_fingerprint(plan) != ran.plan_sha256) {
    return fail(bad_input(fmt::format(
        "{} is no longer the scenario that the parts ran; name the right file with --scenario",
        plan.described().origin.files.empty() ? ran.path : plan.described().origin.files.front())));
  }
  const auto folder = make_result_folder(flags.out, plan.described().name);
  if (!folder) return fail(folder.error());
  const std::string path = ran.path;
  sim::run_books all = sim::merge_parts(plan, std::move(*parts));
  all.result.command_line = without_passwords(called.words);
  const record::run_result result = sim::judge_run(plan, path, std::move(all));
  const auto written = write_results(*folder, result);
  if (flags.json) {
    fmt::print("{}", record::to_json(result, {.lean_series = true}));
  } else {
    fmt::print("{}", reports::to_text(result, {.colour = stdout_is_colourful()}));
    if (written) fmt::print("report: {}\n", (*folder / "report.html").string());
  }
  return written ? result.exit_code : fail(written.error());
}

}  // namespace

void add_merge_command(CLI::App& program, const invocation& called, action& chosen) {
  auto flags = std::make_shared<merge_flags>();
  CLI::App* command = program.add_subcommand(
      "merge", "Make one result of the parts that several hosts ran; verdict and report");
  command
      ->add_option("part", flags->parts,
                   "What gauntlet run --part left: part.gauntlet, or the folder that holds it")
      ->required();
  command->add_option("--scenario", flags->scenario,
                      "The scenario that the parts ran [where the first part had it]");
  command->add_option("--out", flags->out, "Folder for the results [results/NAME-TIME]");
  command->add_flag("--json", flags->json, "Print the result as JSON instead of text");
  command->callback(
      [flags, &called, &chosen] { chosen = [flags, &called] { return merge(*flags, called); }; });
}

}  // namespace gauntlet::cli
