#pragma once

// The subcommands. Each adds itself to the program: its flags, its help, and what it does when
// chosen.

#include <functional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "harness/base/exit_code.hpp"

namespace gauntlet::cli {

/// What the chosen subcommand does; set while the command line is parsed.
using action = std::function<exit_code()>;

/// Words of the command line as given, for the record.
struct invocation {
  std::vector<std::string> words;
};

void add_run_command(CLI::App& program, const invocation& called, action& chosen);
void add_merge_command(CLI::App& program, const invocation& called, action& chosen);
void add_conform_command(CLI::App& program, const invocation& called, action& chosen);
void add_shrink_command(CLI::App& program, const invocation& called, action& chosen);
void add_scenario_command(CLI::App& program, action& chosen);
void add_broker_command(CLI::App& program, action& chosen);
void add_brokers_command(CLI::App& program, action& chosen);
void add_proxy_command(CLI::App& program, action& chosen);
void add_durability_command(CLI::App& program, const invocation& called, action& chosen);
void add_fuzz_command(CLI::App& program, const invocation& called, action& chosen);
void add_report_command(CLI::App& program, action& chosen);
void add_certificates_command(CLI::App& program, action& chosen);

}  // namespace gauntlet::cli
