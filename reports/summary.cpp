#include "reports/summary.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace gauntlet::reports {
namespace {

using record::ending;
using record::verdict;

std::uint64_t count_of_verdict(const record::run_result& run, verdict which) {
  return static_cast<std::uint64_t>(
      std::count_if(run.expectations.begin(), run.expectations.end(),
                    [&](const auto& each) { return each.verdict == which; }));
}

std::string word_of(const record::run_result& run) {
  switch (run.ending) {
    case ending::complete:
      break;
    case ending::interrupted:
      return "Interrupted";
    case ending::aborted:
      return "Stopped early";
    case ending::target_unreachable:
      return "Not run";
    default:
      return "Broke off";
  }
  switch (run.verdict) {
    case verdict::skipped:
      return "Not judged";
    case verdict::pass:
      return "Passed";
    case verdict::warn:
      return "Passed with warnings";
    case verdict::inconclusive:
      return "Undecided";
    case verdict::fail:
      return "Failed";
  }
  return "";
}

std::string why_of(const record::run_result& run) {
  const auto all = run.expectations.size();
  const auto failed = count_of_verdict(run, verdict::fail);
  const auto open = count_of_verdict(run, verdict::inconclusive);
  if (all == 0) return "The scenario expects nothing, so there was nothing to judge.";
  const auto of_all = fmt::format("of {} expectation{}", all, all == 1 ? "" : "s");
  const auto were = [](std::uint64_t count) { return count == 1 ? "was" : "were"; };
  if (failed != 0 && open != 0) {
    return fmt::format("{} {} {} not met, {} could not be decided.", failed, of_all, were(failed),
                       open);
  }
  if (failed != 0) return fmt::format("{} {} {} not met.", failed, of_all, were(failed));
  if (open != 0) return fmt::format("{} {} could not be decided.", open, of_all);
  const auto warned = count_of_verdict(run, verdict::warn);
  if (warned != 0) return fmt::format("All were met; {} {} with a warning.", warned, of_all);
  const auto met = count_of_verdict(run, verdict::pass);
  if (met == 0) return "No expectation was judged.";
  if (met < all) return fmt::format("{} {} {} met, the rest not judged.", met, of_all, were(met));
  return all == 1 ? "The one expectation was met."
                  : fmt::format("All {} expectations were met.", all);
}

bool needs_no_quotes(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view("_-./:=@,+%").find(c) != std::string_view::npos;
}

std::string shell_quoted(const std::string& word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), needs_no_quotes)) return word;
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

bool names_seed(const std::string& argument) {
  return argument == "--seed" || argument.rfind("--seed=", 0) == 0;
}

}  // namespace

summary summarize(const record::run_result& run) {
  auto why = why_of(run);
  if (run.ending != ending::complete) {
    const auto nothing_seen = run.ending == ending::target_unreachable;
    why = run.ending_sentence + (nothing_seen ? "" : " Until then: " + why);
  }
  return {run.verdict, word_of(run), why};
}

std::string_view outcome_words(verdict value) {
  switch (value) {
    case verdict::skipped:
      return "not judged";
    case verdict::pass:
      return "met";
    case verdict::warn:
      return "met, with a warning";
    case verdict::inconclusive:
      return "undecided";
    case verdict::fail:
      return "not met";
  }
  return "";
}

std::string subject(const record::run_result& run) {
  const auto& target = run.target.product.empty() ? run.target.given : run.target.product;
  return run.scenario.name + " on " + target + (run.scenario.simulated ? ", simulated" : "");
}

std::string reproduce_words(const std::vector<std::string>& command_line) {
  std::string command;
  for (const auto& argument : command_line) {
    if (!command.empty()) command += ' ';
    command += shell_quoted(argument);
  }
  return command;
}

std::string reproduce_command(const std::vector<std::string>& command_line, std::uint64_t seed) {
  std::string command = reproduce_words(command_line);
  if (std::none_of(command_line.begin(), command_line.end(), names_seed)) {
    command += fmt::format(" --seed {}", seed);
  }
  return command;
}

std::string reproduce_command(const record::run_result& run) {
  return reproduce_command(run.command_line, run.scenario.seed);
}

}  // namespace gauntlet::reports
