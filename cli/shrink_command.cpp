// gauntlet shrink: from a scenario that fails to the smallest one that still does.

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/result_folder.hpp"
#include "cli/scenario_run.hpp"
#include "harness/config/yaml_text.hpp"
#include "harness/net/url.hpp"
#include "sim/shrink/shrinking.hpp"

namespace gauntlet::cli {
namespace {

struct shrink_flags {
  run_flags run;  ///< of each trial
  std::string failure;
  std::string write;
  std::size_t trials = 300;
  std::optional<unsigned> repeat;
};

/// The expectation that the scenario is searched for; of several the first.
const record::expectation_record* failure_in(const record::run_result& run, std::string_view id) {
  for (const record::expectation_record& each : run.expectations) {
    if (each.verdict == record::verdict::fail && (id.empty() || each.id == id)) return &each;
  }
  return nullptr;
}

std::string verdicts_of(const record::run_result& run) {
  std::string text;
  for (const record::expectation_record& each : run.expectations) {
    if (each.verdict != record::verdict::fail) continue;
    text += (text.empty() ? "" : ", ") + each.id;
  }
  return text.empty() ? "nothing failed" : "what failed is " + text;
}

/// Runs scenarios that become smaller, and keeps the results of the last one that failed.
class shrinking_runs {
 public:
  shrinking_runs(const shrink_flags& flags, const invocation& called, std::string path,
                 std::filesystem::path folder)
      : flags_(flags), called_(called), path_(std::move(path)), folder_(std::move(folder)) {}

  /// Fails if the whole scenario shows no such failure.
  outcome<void> begin(const config::node& whole) {
    const auto first = try_once(whole);
    if (!first) return first.error();
    if (interrupt_guard::requested()) return bad_input("stopped before the first run was over");
    if (*first == sim::trial_result::no_sense) return config::to_failure(wrong_);
    if (*first == sim::trial_result::passes) {
      return bad_input(fmt::format(
          "the scenario does not fail{} in {}, so there is nothing to "
          "shrink: {}",
          flags_.failure.empty() ? "" : " '" + flags_.failure + "'",
          repeats() == 1 ? "its run" : fmt::format("{} runs", repeats()), last_verdicts_));
    }
    return {};
  }

  outcome<sim::trial_result> try_once(const config::node& smaller) {
    for (unsigned i = 0; i < repeats(); ++i) {
      if (interrupt_guard::requested()) return sim::trial_result::stop_here;
      const auto came = run(smaller);
      if (!came || *came != sim::trial_result::passes) return came;
    }
    return sim::trial_result::passes;
  }

  const std::string& failure_id() const { return failure_id_; }
  const std::string& failure_sentence() const { return failure_sentence_; }
  std::filesystem::path smallest_folder() const { return folder_ / "smallest"; }

 private:
  unsigned repeats() const { return flags_.repeat.value_or(flags_.run.simulate ? 1 : 2); }

  outcome<sim::trial_result> run(const config::node& smaller) {
    const std::string source = config::to_yaml(smaller);
    auto described = sim::parse_scenario(source, path_);
    if (!described) {
      wrong_ = described.error();
      return sim::trial_result::no_sense;
    }
    if (flags_.run.seed) described->seed = *flags_.run.seed;
    const chosen_scenarios chosen{.path = path_, .source = source, .variants = {}};
    auto options = make_run_options(flags_.run, chosen, *described, called_);
    if (!options) return options.error();
    const std::filesystem::path trial = folder_ / "trial";
    std::error_code ignored;
    std::filesystem::remove_all(trial, ignored);
    std::filesystem::create_directories(trial, ignored);
    options->target.run_folder = trial;
    const sim::fleet_plan plan(std::move(*described));
    run_flags shown = flags_.run;
    // In a log the progress of each of many runs would bury the steps.
    shown.quiet = shown.quiet || !stderr_is_terminal();
    const auto result = run_fleet(shown, plan, *options);
    if (!result) return result.error();
    if (result->ending == record::ending::interrupted) return sim::trial_result::stop_here;
    last_verdicts_ = verdicts_of(*result);
    const auto* failure = failure_in(*result, failure_id_.empty() ? flags_.failure : failure_id_);
    if (failure == nullptr) return sim::trial_result::passes;
    failure_id_ = failure->id;
    failure_sentence_ = failure->sentence + ": " + failure->observed;
    std::filesystem::remove_all(smallest_folder(), ignored);
    std::filesystem::rename(trial, smallest_folder(), ignored);
    if (const auto kept = write_results(smallest_folder(), *result); !kept) return kept.error();
    return sim::trial_result::fails;
  }

  const shrink_flags& flags_;
  const invocation& called_;
  std::string path_;
  std::filesystem::path folder_;
  std::string failure_id_;
  std::string failure_sentence_;
  std::string last_verdicts_;
  std::vector<config::diagnostic> wrong_;
};

void remember_seed(config::node& scenario, std::uint64_t seed) {
  config::node value{.is = config::node::type::scalar, .scalar = std::to_string(seed)};
  for (config::member& each : scenario.members) {
    if (each.key != "seed") continue;
    each.value = std::move(value);
    return;
  }
  scenario.members.push_back({.key = "seed", .key_at = {}, .value = std::move(value)});
}

/// What must be said beside the file's name to see the failure again.
std::string flags_again(const run_flags& flags) {
  std::string text = flags.simulate ? " --simulate" : "";
  if (!flags.target.target.empty()) {
    text += " --target " + net::without_password(flags.target.target);
  }
  for (const std::string& each : flags.target.defects) text += " --defect " + each;
  return text;
}

outcome<void> write_smallest(const std::filesystem::path& file, const shrinking_runs& runs,
                             const shrink_flags& flags, const sim::shrink_result& found) {
  std::string text = fmt::format(
      "# Made by gauntlet shrink from {} in {} runs. What fails: {}.\n# Run it with: gauntlet run "
      "{}{}\n",
      flags.run.scenario.scenario, found.trials + 1, runs.failure_id(), file.string(),
      flags_again(flags.run));
  text += config::to_yaml(found.smallest);
  if (const auto written = write_text(file, text); !written) return written;
  if (const auto again = sim::load_scenario(file); !again) {
    fmt::print(stderr,
               "gauntlet: {} names files relative to the folder of {}; put it there to run it\n",
               file.string(), flags.run.scenario.scenario);
  }
  return {};
}

exit_code shrink(const shrink_flags& flags, const invocation& called) {
  auto chosen = load_scenario_tree(flags.run.scenario);
  if (!chosen) return fail(chosen.error());
  if (flags.run.seed) remember_seed(chosen->tree, *flags.run.seed);
  const std::filesystem::path source(chosen->path);
  const std::filesystem::path file =
      flags.write.empty() ? source.stem().string() + "-smallest.yaml" : flags.write;
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    return fail(bad_input(file.string() + " is there already; choose another file with --write"));
  }
  const auto folder = make_result_folder(flags.run.out, "shrink-" + source.stem().string());
  if (!folder) return fail(folder.error());
  shrinking_runs runs(flags, called, chosen->path, *folder);
  const interrupt_guard interrupts;
  if (const auto begun = runs.begin(chosen->tree); !begun) {
    std::filesystem::remove_all(*folder / "trial", ignored);
    std::filesystem::remove(*folder, ignored);
    return fail(begun.error());
  }
  fmt::print("{}\n", runs.failure_sentence());
  std::fflush(stdout);
  const auto found = sim::shrink_scenario(
      std::move(chosen->tree), [&](const config::node& smaller) { return runs.try_once(smaller); },
      flags.trials,
      [&](const std::string& step, std::size_t trials) {
        if (flags.run.quiet) return;
        fmt::print("  after {:>3} runs: {}\n", trials + 1, step);
        std::fflush(stdout);
      });
  std::filesystem::remove_all(*folder / "trial", ignored);
  if (!found) return fail(found.error());
  if (const auto written = write_smallest(file, runs, flags, *found); !written) {
    return fail(written.error());
  }
  const char* how = found->complete ? "Nothing more can go"
                    : interrupt_guard::requested()
                        ? "Stopped by the user; more might go"
                        : "No more runs are permitted (--trials); more might go";
  fmt::print("{} after {} runs.\nsmallest scenario: {}\nits report: {}\n", how, found->trials + 1,
             file.string(), (runs.smallest_folder() / "report.html").string());
  return exit_code::ok;
}

}  // namespace

void add_shrink_command(CLI::App& program, const invocation& called, action& chosen) {
  auto flags = std::make_shared<shrink_flags>();
  CLI::App* command = program.add_subcommand(
      "shrink",
      "Run a failing scenario again and again with less, until the smallest that still "
      "fails is found");
  command
      ->add_option("scenario", flags->run.scenario.scenario,
                   "Scenario file, or a name of the library")
      ->required();
  command
      ->add_option("--set", flags->run.scenario.set,
                   "NAME=VALUE: value of a parameter; may be repeated")
      ->allow_extra_args(false);
  add_target_flags(*command, flags->run.target, "the scenario's, else embedded");
  command->add_flag("--simulate", flags->run.simulate,
                    "Run in virtual time against the reference broker");
  command->add_option("--seed", flags->run.seed,
                      "Seed of everything random, instead of the scenario's");
  command->add_option("--failure", flags->failure,
                      "Id of the expectation or guarantee that must still fail [the first]");
  command->add_option("--trials", flags->trials, "Smaller scenarios to run at most [300]")
      ->check(CLI::Range(1, 100'000));
  command
      ->add_option("--repeat", flags->repeat,
                   "Runs of each before it counts as passing [2; 1 with --simulate]")
      ->check(CLI::Range(1, 100));
  command->add_option("--write", flags->write, "Where to write it [NAME-smallest.yaml]");
  command->add_option("--out", flags->run.out, "Folder for the results [results/shrink-NAME-TIME]");
  command->add_flag("-q,--quiet", flags->run.quiet, "Only the result");
  command->callback(
      [flags, &called, &chosen] { chosen = [flags, &called] { return shrink(*flags, called); }; });
}

}  // namespace gauntlet::cli
