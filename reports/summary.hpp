#pragma once

// What a report says first, in the same words whatever its form.

#include <string>
#include <string_view>
#include <vector>

#include "harness/record/run_result.hpp"

namespace gauntlet::reports {

/// The verdict of a run for a person with one second.
struct summary {
  /// How it is to be shown: as its colour and sign.
  record::verdict tone;
  /// "Passed", "Failed", "Undecided", "Broke off", ...
  std::string word;
  /// Why, in one or two sentences.
  std::string why;
};

summary summarize(const record::run_result& run);

/// What became of one expectation: "met", "not met", "undecided", "met, with a warning", "not
/// judged".
std::string_view outcome_words(record::verdict verdict);

/// "quickstart on mosquitto 2.0.11".
std::string subject(const record::run_result& run);

/// The command line that runs the same again, quoted for a shell, with the seed.
std::string reproduce_command(const record::run_result& run);
std::string reproduce_command(const std::vector<std::string>& command_line, std::uint64_t seed);
/// A command line quoted for a shell.
std::string reproduce_words(const std::vector<std::string>& command_line);

}  // namespace gauntlet::reports
