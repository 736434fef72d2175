#pragma once

// What every command says in the same way.

#include <string>
#include <vector>

#include "harness/base/result.hpp"

namespace gauntlet::cli {

/// Prints the failure to stderr as "gauntlet: ..." and answers its exit code.
exit_code fail(const failure& why);

/// The command line as reports show it: without passwords.
std::vector<std::string> without_passwords(std::vector<std::string> words);

/// Whether stderr, where progress goes, is a terminal that understands escape sequences.
bool stderr_is_terminal();
/// Whether stdout may be coloured: a terminal, and NO_COLOR is not set.
bool stdout_is_colourful();

}  // namespace gauntlet::cli
