#pragma once

// The verdict on a terminal: each expectation with its figure, and a short account.

#include <string>

#include "harness/record/run_result.hpp"

namespace gauntlet::reports {

struct text_options {
  /// Colour by ANSI escape sequences.
  bool colour = false;
};

/// Lines of plain text, the last one ended. Control characters in names are blanked.
std::string to_text(const record::run_result& run, const text_options& options = {});

}  // namespace gauntlet::reports
