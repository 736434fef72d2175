// The program: parses the command line, calls what was asked for, answers with an exit code.

#include <CLI/CLI.hpp>

#include "harness/base/exit_code.hpp"

int main(int argc, char** argv) {
  using gauntlet::exit_code;
  CLI::App app("Can this MQTT broker be trusted with your devices?", "gauntlet");
  app.set_version_flag("--version", "gauntlet " GAUNTLET_VERSION);
  app.require_subcommand(1);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return static_cast<int>(app.exit(error) == 0 ? exit_code::ok : exit_code::bad_input);
  }
  return static_cast<int>(exit_code::ok);
}
