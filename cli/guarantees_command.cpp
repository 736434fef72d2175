// gauntlet guarantees: connections cut at every step and brokers ended, and what was kept.

#include "cli/guarantees_command.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/result_folder.hpp"
#include "cli/target_flags.hpp"
#include "guarantees/run_suite.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/net/url.hpp"
#include "harness/record/atomic_file.hpp"
#include "harness/target/check_target.hpp"
#include "reports/guarantees/guarantees_reports.hpp"

namespace gauntlet::cli {
namespace {

struct guarantees_flags {
  target_flags target;
  std::vector<std::string> matrix;
  std::vector<std::string> beside;
  std::string out;
  std::string only;
  std::string survives;
  std::uint64_t seed = 1;
  unsigned at_once = 16;
  bool list = false;
  bool quiet = false;
};

exit_code list(const guarantees_flags& flags) {
  const guarantees::scenarios all = guarantees::pick(flags.only);
  for (const guarantees::scenario& each : all) fmt::print("{}\n    {}\n", each.name, each.title);
  fmt::print("{} scenarios\n", all.size());
  return all.empty() ? exit_code::bad_input : exit_code::ok;
}

std::optional<guarantees::survival> survival_of(const std::string& text) {
  using enum guarantees::survival;
  for (const auto each : {nothing, stop, kill}) {
    if (guarantees::name(each) == text) return each;
  }
  return std::nullopt;
}

outcome<guarantees::suite_options> make_options(const guarantees_flags& flags,
                                                const std::string& target,
                                                const std::filesystem::path& folder) {
  target_flags chosen = flags.target;
  chosen.target = target;
  sim::scenario nothing;
  nothing.seed = flags.seed;
  auto made = make_target_options(chosen, nothing);
  if (!made) return made.error();
  guarantees::suite_options options{.target = std::move(*made),
                                    .only = flags.only,
                                    .seed = flags.seed,
                                    .at_once = flags.at_once,
                                    .survives = survival_of(flags.survives)};
  options.target.run_folder = folder / "broker";
  options.target.keep_state = true;
  if (!options.survives && target == "embedded") options.survives = guarantees::survival::kill;
  options.stop_wanted = interrupt_guard::requested;
  if (!flags.quiet) {
    options.says = [](const record::guarantee_scenario& over, std::size_t) {
      fmt::print("{}", reports::line_of(over));
      std::fflush(stdout);
    };
  }
  return options;
}

outcome<record::guarantees_result> run_one(const guarantees_flags& flags, const std::string& target,
                                           const std::filesystem::path& folder,
                                           const invocation& called) {
  const auto options = make_options(flags, target, folder);
  if (!options) return options.error();
  net::asio_loop loop;
  net::asio_network network(loop);
  auto result = guarantees::run_suite(*options, network);
  if (!result) return result.error();
  result->target = net::without_password(target);
  result->tool_version = GAUNTLET_VERSION;
  result->command_line = without_passwords(called.words);
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  for (const auto& [name, text] : {std::pair("guarantees.json", record::to_json(*result)),
                                   std::pair("guarantees.md", reports::to_markdown(*result)),
                                   std::pair("guarantees.txt", reports::to_text(*result))}) {
    if (const auto written = write_text(folder / name, text); !written) return written.error();
  }
  fmt::print("{}", reports::to_text(*result));
  return std::move(*result);
}

/// What is impossible is refused before anything is made. Of several targets, some may be missing.
outcome<void> check(const guarantees_flags& flags, const std::vector<std::string>& targets) {
  if (const auto picked = guarantees::pick_some(flags.only); !picked) return picked.error();
  std::optional<failure> first;
  for (const std::string& each : targets) {
    const auto options = make_options(flags, each, {});
    const auto possible =
        options ? target::check_target(options->target) : outcome<void>(options.error());
    if (possible) return {};
    if (!first) first = possible.error();
  }
  return *first;
}

exit_code exit_of(const record::guarantees_result& result) {
  if (!result.failure.empty()) return exit_code::environment_failed;
  const bool failed = record::overall_verdict(result) == record::verdict::fail;
  return failed ? exit_code::expectation_failed : exit_code::ok;
}

std::string folder_name(std::string target) {
  std::ranges::replace_if(
      target, [](unsigned char c) { return std::isalnum(c) == 0 && c != '.'; }, '-');
  return target;
}

/// The table of results that are there already.
exit_code print_matrix(const guarantees_flags& flags) {
  std::vector<record::guarantees_result> results;
  for (const std::string& folder : flags.beside) {
    const auto file = std::filesystem::path(folder) / "guarantees.json";
    const auto text = record::read_file(file);
    if (!text) return fail(text.error());
    auto result = record::guarantees_result_from_json(*text, file.string());
    if (!result) return fail(result.error());
    results.push_back(std::move(*result));
  }
  fmt::print("{}", reports::matrix_to_markdown(results));
  return exit_code::ok;
}

exit_code run(const guarantees_flags& flags, const invocation& called) {
  if (flags.list) return list(flags);
  if (!flags.beside.empty()) return print_matrix(flags);
  const interrupt_guard interrupts;
  const std::string target = flags.target.target.empty() ? "embedded" : flags.target.target;
  const bool alone = flags.matrix.empty();
  const std::vector<std::string> targets = alone ? std::vector{target} : flags.matrix;
  if (const auto possible = check(flags, targets); !possible) return fail(possible.error());
  const auto folder = make_result_folder(
      flags.out, "guarantees-" + (alone ? folder_name(net::without_password(target)) : "matrix"));
  if (!folder) return fail(folder.error());
  exit_code worst = exit_code::ok;
  std::vector<record::guarantees_result> results;
  for (const std::string& each : targets) {
    const auto own = alone ? *folder : *folder / folder_name(net::without_password(each));
    auto result = run_one(flags, each, own, called);
    worst = std::max(worst, result ? exit_of(*result) : fail(result.error()));
    if (!result) remove_if_empty(own);
    if (result) results.push_back(std::move(*result));
  }
  if (results.empty()) {
    remove_if_empty(*folder);
    return worst;
  }
  if (!alone) {
    const auto file = *folder / "matrix.md";
    const auto written = write_text(file, reports::matrix_to_markdown(results));
    if (!written) return fail(written.error());
  }
  fmt::print("Results: {}\n", folder->string());
  return worst;
}

}  // namespace

void add_guarantees_command(CLI::App& program, const invocation& called, action& chosen) {
  auto flags = std::make_shared<guarantees_flags>();
  CLI::App* command = program.add_subcommand(
      "guarantees",
      "Cut connections at every step, end the broker, and prove what it kept (docs/guarantees.md)");
  add_target_flags(*command, flags->target, "embedded");
  command->add_option("--matrix", flags->matrix, "Several targets, one after the other")
      ->delimiter(',');
  command
      ->add_option("--beside", flags->beside,
                   "Folders of earlier results: print their table, and play nothing")
      ->delimiter(',');
  command->add_option("--only", flags->only, "Glob over the names of scenarios [all]");
  command->add_flag("--list", flags->list, "List the scenarios, and play nothing");
  command->add_option("--seed", flags->seed, "Seed of what is drawn at random [1]");
  command->add_option("--at-once", flags->at_once, "Scenarios at the same time [16]")
      ->check(CLI::Range(1, 256));
  command
      ->add_option("--survives", flags->survives,
                   "What the broker is taken to keep when it ends [as its profile says: stop if it "
                   "stores, else nothing]")
      ->check(CLI::IsMember({"nothing", "stop", "kill"}));
  command->add_option("--out", flags->out, "Folder for the results [results/guarantees-...]");
  command->add_flag("--quiet", flags->quiet, "No line for each scenario");
  command->callback(
      [flags, &called, &chosen] { chosen = [flags, &called] { return run(*flags, called); }; });
}

}  // namespace gauntlet::cli
