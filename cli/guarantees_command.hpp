#pragma once

// The subcommand that plays the suite of guarantees.

#include "cli/commands.hpp"

namespace gauntlet::cli {

/// As those of commands.hpp.
void add_guarantees_command(CLI::App& program, const invocation& called, action& chosen);

}  // namespace gauntlet::cli
