#pragma once

// Colours and headlines of reports on a terminal; private to reports.

#include <string>
#include <string_view>

#include "harness/record/verdict.hpp"
#include "reports/text.hpp"

namespace gauntlet::reports {

/// `text` in the colour of a verdict, if the terminal has colours.
std::string in_colour(const text_options& options, record::verdict tone, std::string_view text);

/// A verdict's word in capitals.
std::string headline(const text_options& options, record::verdict tone, std::string word);

}  // namespace gauntlet::reports
