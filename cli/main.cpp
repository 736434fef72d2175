// The program: parses the command line, calls what was asked for, answers with an exit code.

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/guarantees_command.hpp"
#include "harness/base/exit_code.hpp"

namespace {

using gauntlet::exit_code;

// What is wrong with the command line, and where its right form stands.
std::string usage_error(const CLI::App* program, const CLI::Error& error) {
  std::string command = program->get_name();
  while (!program->get_subcommands().empty()) {
    program = program->get_subcommands().front();
    command += " " + program->get_name();
  }
  std::string what = error.what();
  const std::vector<std::string> unread = program->remaining();
  // CLI11 says only that a subcommand is missing.
  if (error.get_name() == "RequiredError" && !unread.empty() &&
      program->get_require_subcommand_min() > 0) {
    const bool is_option = unread.front().starts_with('-');
    what = fmt::format("there is no {} '{}'", is_option ? "option" : "command", unread.front());
  }
  return fmt::format("gauntlet: {}\nSee '{} --help'.\n", what, command);
}

int run(int argc, char** argv) {
  CLI::App program("Can this MQTT broker be trusted with your devices?", "gauntlet");
  program.set_version_flag("--version", "gauntlet " GAUNTLET_VERSION);
  program.require_subcommand(1);
  program.failure_message(usage_error);
  program.footer(
      "Exit codes: 0 all expectations met; 1 some not met; 2 command line or input file wrong;\n"
      "3 target or environment failed; 4 a fault of Gauntlet's own.");

  const gauntlet::cli::invocation called{{argv, argv + argc}};
  gauntlet::cli::action chosen;
  gauntlet::cli::add_run_command(program, called, chosen);
  gauntlet::cli::add_merge_command(program, called, chosen);
  gauntlet::cli::add_conform_command(program, called, chosen);
  gauntlet::cli::add_shrink_command(program, called, chosen);
  gauntlet::cli::add_durability_command(program, called, chosen);
  gauntlet::cli::add_guarantees_command(program, called, chosen);
  gauntlet::cli::add_fuzz_command(program, called, chosen);
  gauntlet::cli::add_report_command(program, chosen);
  gauntlet::cli::add_scenario_command(program, chosen);
  gauntlet::cli::add_broker_command(program, chosen);
  gauntlet::cli::add_brokers_command(program, chosen);
  gauntlet::cli::add_proxy_command(program, chosen);
  gauntlet::cli::add_certificates_command(program, chosen);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return static_cast<int>(program.exit(error) == 0 ? exit_code::ok : exit_code::bad_input);
  }
  return static_cast<int>(chosen());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "gauntlet: {} (a fault of Gauntlet's own; please report it)\n",
               error.what());
    return static_cast<int>(exit_code::internal_error);
  }
}
