// gauntlet scenario: check a file, print the schema, list the library.

#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/scenario_library.hpp"
#include "sim/plan/plan_summary.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::cli {
namespace {

exit_code check(const std::string& given) {
  const auto file = find_scenario(given);
  if (!file) return fail(file.error());
  auto described = sim::load_scenario(*file);
  if (!described) return fail(config::to_failure(described.error()));
  fmt::print("{}: in order\n", file->string());
  fmt::print("{}", sim::describe(sim::summarize(sim::fleet_plan(std::move(*described)))));
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
    fmt::print("{:<20} {}\n", file.stem().string(),
               described ? first_words(described->description) : "(does not load)");
  }
  return exit_code::ok;
}

}  // namespace

void add_scenario_command(CLI::App& program, action& chosen) {
  CLI::App* command = program.add_subcommand("scenario", "Check scenarios, list the library");
  command->require_subcommand(1);

  auto file = std::make_shared<std::string>();
  CLI::App* check_command =
      command->add_subcommand("check", "Check a scenario and say what it amounts to");
  check_command->add_option("scenario", *file, "Scenario file, or a name of the library")
      ->required();
  check_command->callback([file, &chosen] { chosen = [file] { return check(*file); }; });

  command->add_subcommand("schema", "Print the JSON Schema of scenario files, for editors")
      ->callback([&chosen] {
        chosen = [] {
          fmt::print("{}", sim::scenario_json_schema());
          return exit_code::ok;
        };
      });
  command->add_subcommand("list", "List the scenarios that come with Gauntlet")
      ->callback([&chosen] { chosen = list; });
}

}  // namespace gauntlet::cli
