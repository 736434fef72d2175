#pragma once

// What every command says in the same way.

#include <string_view>

#include "harness/base/result.hpp"

namespace gauntlet::cli {

/// Prints the failure to stderr as "gauntlet: ..." and answers its exit code.
exit_code fail(const failure& why);

/// Whether stderr, where progress goes, is a terminal that understands escape sequences.
bool stderr_is_terminal();
/// Whether stdout may be coloured: a terminal, and NO_COLOR is not set.
bool stdout_is_colourful();

}  // namespace gauntlet::cli
