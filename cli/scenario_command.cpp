// gauntlet scenario: check a file, write one to begin with, print the schema, list the library.

#include <memory>
#include <sstream>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/scenario_flags.hpp"
#include "cli/scenario_library.hpp"
#include "cli/scenario_starter.hpp"
#include "cli/target_flags.hpp"
#include "harness/net/url.hpp"
#include "sim/engine/run_scenario.hpp"
#include "sim/plan/plan_explanation.hpp"
#include "sim/plan/plan_summary.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::cli {
namespace {

/// Values of the flags of `scenario check`.
struct check_flags {
  scenario_flags scenario;
  target_flags target;
};

void explain(const sim::fleet_plan& plan, const target_flags& target) {
  fmt::print("{}{}", sim::describe(sim::summarize(plan)), sim::explain(plan));
  sim::run_options options;
  options.target.target = target.target.empty() ? plan.described().target.to : target.target;
  const auto machine = sim::lay_out_run(plan, options);
  if (!machine) {
    fmt::print("On this machine: {}\n", machine.error().message);
    return;
  }
  fmt::print("On this machine, against {}:\n", net::without_password(options.target.target));
  std::istringstream lines(sim::describe(*machine));
  for (std::string line; std::getline(lines, line);) fmt::print("  {}\n", line);
}

exit_code check(const check_flags& flags) {
  auto chosen = load_scenarios(flags.scenario);
  if (!chosen) return fail(chosen.error());
  fmt::print("{}: in order\n", chosen->path);
  for (sim::scenario_variant& each : chosen->variants) {
    if (!each.varied.empty()) fmt::print("\n{}:\n", config::to_string(each.varied));
    for (const std::string& change : each.described.origin.scaled) fmt::print("{}\n", change);
    explain(sim::fleet_plan(std::move(each.described)), flags.target);
  }
  return exit_code::ok;
}

// What fits beside the name on one line.
std::string first_words(const std::string& description) {
  constexpr std::size_t width = 76;
  const std::string line = description.substr(0, description.find('\n'));
  if (line.size() <= width) return line;
  return line.substr(0, line.rfind(' ', width)) + " ...";
}

exit_code list() {
  const auto files = list_scenarios();
  if (files.empty()) {
    return fail(environment_failed(
        "the scenario library is not beside this program; reinstall it, or name a file"));
  }
  for (const auto& file : files) {
    const auto described = sim::load_scenario(file);
    fmt::print("{:<34} {}\n", library_name(file),
               described ? first_words(described->description) : "(does not load)");
  }
  return exit_code::ok;
}

exit_code start(const std::string& file, const std::string& kind) {
  const auto written = write_starter(file, kind);
  if (!written) return fail(written.error());
  fmt::print("{} is written; see what it will do with: gauntlet scenario check {}\n",
             written->string(), written->string());
  return exit_code::ok;
}

void add_new_command(CLI::App& command, action& chosen) {
  auto file = std::make_shared<std::string>();
  auto kind = std::make_shared<std::string>("telemetry");
  CLI::App* made = command.add_subcommand("new", "Write a commented scenario to begin with");
  made->add_option("file", *file, "Where; the file's name is also the scenario's")->required();
  made->add_option("--kind", *kind, fmt::format("{} [{}]", fmt::join(starter_kinds(), ", "), *kind))
      ->check(CLI::IsMember(starter_kinds()));
  made->callback([file, kind, &chosen] { chosen = [file, kind] { return start(*file, *kind); }; });
}

}  // namespace

void add_scenario_command(CLI::App& program, action& chosen) {
  CLI::App* command =
      program.add_subcommand("scenario", "Check scenarios, begin one, list the library");
  command->require_subcommand(1);

  auto flags = std::make_shared<check_flags>();
  CLI::App* check_command =
      command->add_subcommand("check", "Check a scenario and say what it amounts to");
  add_scenario_flags(*check_command, flags->scenario);
  check_command->add_option("--target", flags->target.target,
                            "Broker that a run would have, for what it takes of this machine");
  check_command->callback([flags, &chosen] { chosen = [flags] { return check(*flags); }; });

  command->add_subcommand("schema", "Print the JSON Schema of scenario files, for editors")
      ->callback([&chosen] {
        chosen = [] {
          fmt::print("{}", sim::scenario_json_schema());
          return exit_code::ok;
        };
      });
  add_new_command(*command, chosen);
  command->add_subcommand("list", "List the scenarios that come with Gauntlet")
      ->callback([&chosen] { chosen = list; });
}

}  // namespace gauntlet::cli
