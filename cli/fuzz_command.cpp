// gauntlet fuzz: a time-boxed campaign against a broker, the replay of what it found, and our own
// parsers.

#include <algorithm>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/fuzz_model.hpp"
#include "cli/fuzz_results.hpp"
#include "cli/fuzz_self.hpp"
#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/result_folder.hpp"
#include "cli/status_line.hpp"
#include "cli/target_flags.hpp"
#include "fuzz/campaign/campaign.hpp"
#include "fuzz/campaign/replay.hpp"
#include "harness/base/units.hpp"
#include "reports/fuzz/fuzz_reports.hpp"

namespace gauntlet::cli {
namespace {

struct fuzz_flags {
  std::vector<std::string> targets;
  std::string profiles;
  std::string time;
  double minutes = 0;
  std::uint64_t inputs = 0;
  std::uint32_t jobs = 0;
  std::uint64_t seed = 0;
  std::string mode = "blind";
  std::string minimise_for = "20s";
  std::string out;
  std::string replay;
  std::vector<std::string> corpora;
  std::vector<std::string> defects;
  std::uint32_t times = 5;
  std::string worker;  ///< set in the processes that a campaign starts
  std::vector<std::string> only;
  bool self = false;
  bool model = false;
  bool is_own_target = false;
  bool stop_at_first = false;
  bool quiet = false;
};

constexpr auto default_time = std::chrono::minutes(1);
constexpr auto default_time_of_inputs = std::chrono::hours(1);

outcome<std::chrono::milliseconds> time_of(const fuzz_flags& flags) {
  if (flags.minutes > 0) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(flags.minutes * 60'000));
  }
  if (flags.time.empty()) {
    return flags.inputs > 0 ? default_time_of_inputs : std::chrono::milliseconds(default_time);
  }
  const auto parsed = parse_duration(flags.time);
  if (!parsed) return bad_input("--time: " + parsed.error().message);
  if (*parsed <= duration::zero()) return bad_input("--time: give more than nothing, such as 30s");
  return std::chrono::duration_cast<std::chrono::milliseconds>(*parsed);
}

outcome<fuzz::guidance> mode_of(const fuzz_flags& flags) {
  const auto found = fuzz::guidance_of(flags.mode);
  if (found) return *found;
  return bad_input("--mode: there is no '" + flags.mode +
                   "'; there are blind, response, coverage and mixed");
}

outcome<std::chrono::milliseconds> minimise_for_of(const fuzz_flags& flags) {
  const auto parsed = parse_duration(flags.minimise_for);
  if (!parsed) return bad_input("--minimise-for: " + parsed.error().message);
  return std::chrono::duration_cast<std::chrono::milliseconds>(*parsed);
}

std::uint64_t any_seed() { return std::random_device{}() & 0x7FFFFFFFU; }

class campaign_line {
 public:
  void show(const record::fuzz_result& now) {
    using namespace std::chrono_literals;
    if (!line_.is_due(2s)) return;
    const double span = std::max(now.seconds, 0.001);
    line_.draw(fmt::format(
        "{:.0f} s: {} inputs ({:.0f} packets/s), {} behaviours, {}{} restarts, {} findings",
        now.seconds, format_count(now.executions), static_cast<double>(now.packets) / span,
        format_count(now.behaviours),
        now.edges > 0 ? format_count(now.edges) + " edges, " : std::string(), now.restarts,
        now.findings.size()));
  }

 private:
  status_line line_{stderr_is_terminal()};
};

exit_code run_campaign(const fuzz_flags& flags, const invocation& called) {
  const auto time = time_of(flags);
  if (!time) return fail(time.error());
  const auto mode = mode_of(flags);
  if (!mode) return fail(mode.error());
  const auto minimise_for = minimise_for_of(flags);
  if (!minimise_for) return fail(minimise_for.error());
  const auto& targets = flags.targets;
  for (const std::string& each : targets) {
    if (each == "embedded") {
      return fail(bad_input(
          "a fuzzed broker needs a process of its own; give --target reference for the reference "
          "broker"));
    }
    target::target_options tried{.target = each, .profiles_folder = flags.profiles};
    if (const auto added = add_defects(flags.defects, tried); !added) return fail(added.error());
  }
  const auto folder = make_result_folder(flags.out, "fuzz-" + targets.front());
  if (!folder) return fail(folder.error());
  const interrupt_guard guard;
  campaign_line line;
  fuzz::campaign_options options{.targets = targets,
                                 .profiles_folder = flags.profiles,
                                 .folder = *folder,
                                 .defects = flags.defects,
                                 .corpora = {flags.corpora.begin(), flags.corpora.end()},
                                 .guided_by = *mode,
                                 .seed = flags.seed != 0 ? flags.seed : any_seed(),
                                 .jobs = std::max(flags.jobs, 1U),
                                 .time = *time,
                                 .inputs_max = flags.inputs,
                                 .minimise_for = *minimise_for,
                                 .may_leave_machine = flags.is_own_target,
                                 .stop_at_first = flags.stop_at_first,
                                 .on_progress = {},
                                 .is_interrupted = [] { return interrupt_guard::requested(); }};
  if (!flags.quiet) {
    options.on_progress = [&line](const record::fuzz_result& now) { line.show(now); };
  }
  auto result = fuzz::run_campaign(options);
  if (!result) return fail(result.error());
  result->tool_version = GAUNTLET_VERSION;
  result->command_line = without_passwords(called.words);
  if (const auto written = write_fuzz_results(*folder, *result); !written)
    return fail(written.error());
  fmt::print("{}\nReport: {}\n", reports::to_text(*result), (*folder / "report.html").string());
  if (result->steady_findings() > 0) return exit_code::expectation_failed;
  return result->workers_lost == 0 ? exit_code::ok : exit_code::environment_failed;
}

exit_code replay(const fuzz_flags& flags) {
  const auto folder = std::filesystem::temp_directory_path() /
                      fmt::format("gauntlet-replay-{:08x}", std::random_device{}());
  fuzz::subject_options on;
  on.target.target = flags.targets.front();
  on.target.profiles_folder = flags.profiles;
  on.target.run_folder = folder;
  on.may_leave_machine = flags.is_own_target;
  if (const auto added = add_defects(flags.defects, on.target); !added) return fail(added.error());
  const auto result = fuzz::replay(flags.replay, on, flags.times);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  if (!result) return fail(result.error());
  fmt::print("{}\n", result->script);
  for (const auto& each : result->found) {
    fmt::print("{}: {}\n", record::name(each.kind), each.sentence);
  }
  fmt::print("Complaints in {} of {} times.\n", result->complained, result->times);
  return result->complained == 0 ? exit_code::ok : exit_code::expectation_failed;
}

exit_code run_worker(const fuzz_flags& flags) {
  const auto time = time_of(flags);
  if (!time) return fail(time.error());
  const auto mode = mode_of(flags);
  if (!mode) return fail(mode.error());
  const auto minimise_for = minimise_for_of(flags);
  if (!minimise_for) return fail(minimise_for.error());
  return fail(fuzz::run_worker({.targets = flags.targets,
                                .profiles_folder = flags.profiles,
                                .folder = flags.worker,
                                .defects = flags.defects,
                                .corpora = {flags.corpora.begin(), flags.corpora.end()},
                                .guided_by = *mode,
                                .seed = flags.seed,
                                .time = *time,
                                .inputs_max = flags.inputs,
                                .minimise_for = *minimise_for,
                                .may_leave_machine = flags.is_own_target,
                                .stop_at_first = flags.stop_at_first}));
}

outcome<model_request> model_request_of(const fuzz_flags& flags, const invocation& called) {
  if (flags.targets.size() > 1) return bad_input("--model takes one --target");
  target::target_options tried{.target = flags.targets.front(), .profiles_folder = flags.profiles};
  if (const auto added = add_defects(flags.defects, tried); !added) return added.error();
  const auto time = time_of(flags);
  if (!time) return time.error();
  model_request request{.target = flags.targets.front(),
                        .profiles = flags.profiles,
                        .defects = flags.defects,
                        .seed = flags.seed != 0 ? flags.seed : any_seed(),
                        .names = fmt::format("g{:x}-", any_seed()),
                        .sequences = flags.inputs,
                        .lanes = flags.jobs,
                        .out = flags.out,
                        .times = flags.times,
                        .is_own_target = flags.is_own_target,
                        .quiet = flags.quiet,
                        .command_line = called.words};
  if (flags.inputs == 0) request.time = *time;
  return request;
}

exit_code fuzz_with_model(const fuzz_flags& flags, const invocation& called) {
  const auto request = model_request_of(flags, called);
  if (!request) return fail(request.error());
  return flags.replay.empty() ? fuzz_by_model(*request) : replay_sequence(flags.replay, *request);
}

exit_code fuzz_anything(fuzz_flags flags, const invocation& called) {
  if (flags.targets.empty()) flags.targets = {"reference"};
  if (!flags.worker.empty()) return run_worker(flags);
  if (flags.self) {
    const auto time = time_of(flags);
    if (!time) return fail(time.error());
    return fuzz_own_code(flags.only, std::chrono::ceil<std::chrono::seconds>(*time), flags.seed,
                         flags.out, flags.quiet);
  }
  if (!flags.only.empty()) return fail(bad_input("--only goes with --self"));
  if (flags.model || is_model_finding(flags.replay)) return fuzz_with_model(flags, called);
  if (!flags.replay.empty()) return replay(flags);
  return run_campaign(flags, called);
}

}  // namespace

void add_fuzz_command(CLI::App& program, const invocation& called, action& chosen) {
  auto flags = std::make_shared<fuzz_flags>();
  CLI::App* command = program.add_subcommand(
      "fuzz", "Feed a broker what nobody expects, for a bounded time, and say what broke");
  command
      ->add_option(
          "--target", flags->targets,
          "Broker: a profile that Gauntlet starts (mosquitto, reference, ...) or a mqtt:// "
          "URL; repeated, they take turns, as configurations of one broker [reference]")
      ->allow_extra_args(false);
  command->add_option("--profiles", flags->profiles, "Folder with further broker profiles");
  auto* minutes = command->add_option("--minutes", flags->minutes, "How long, in minutes [1]")
                      ->check(CLI::Range(0.01, 100'000.0));
  command->add_option("--time", flags->time, "How long, as 90s or 10m")->excludes(minutes);
  command
      ->add_option("--inputs", flags->inputs,
                   "End after so many inputs of each worker, or the time [an hour with this]; with "
                   "--model, after so many sequences")
      ->check(CLI::Range(1, 2'000'000'000));
  command
      ->add_option(
          "--jobs", flags->jobs,
          "Workers, each a process with a broker of its own [1]; with --model, sequences side "
          "by side [16]")
      ->check(CLI::Range(1, 64));
  command->add_option("--seed", flags->seed, "Seed of everything random [another each time]");
  auto* mode = command->add_option(
      "--mode", flags->mode,
      "What guides the choice of inputs: blind (nothing), response (what the broker answers), "
      "coverage (what it runs of its own code, if it is built to count that), mixed (both) "
      "[blind]");
  auto* corpus = command
                     ->add_option("--corpus", flags->corpora,
                                  "Folder of inputs to begin with, such as worker-1/corpus of an "
                                  "earlier campaign")
                     ->check(CLI::ExistingDirectory)
                     ->allow_extra_args(false);
  command
      ->add_option(
          "--defect", flags->defects,
          "Make the reference broker misbehave, see 'gauntlet broker --list-defects'; may be "
          "repeated")
      ->allow_extra_args(false);
  command->add_option("--out", flags->out, "Folder for the results [results/fuzz-...]");
  auto* stop =
      command->add_flag("--stop-at-first", flags->stop_at_first,
                        "End at the first finding that is more than a breach of the protocol");
  auto* minimise =
      command->add_option("--minimise-for", flags->minimise_for,
                          "How long each finding is made smaller [20s]; 0s leaves it as it came");
  command->add_option("--replay", flags->replay,
                      "Play a finding's folder, or one input, on a fresh broker, and judge it");
  command->add_option("--times", flags->times, "How often to replay [5]")
      ->check(CLI::Range(1, 1000));
  auto* self = command->add_flag(
      "--self", flags->self, "Fuzz Gauntlet's own parsers and state machines instead of a broker");
  command->add_option("--only", flags->only, "With --self: only these targets")
      ->allow_extra_args(false);
  auto* model = command->add_flag(
      "--model", flags->model,
      "Valid sequences of several clients, judged by a model of what the standard "
      "allows; --target embedded plays them in memory, under virtual time");
  model->excludes(self);
  for (CLI::Option* each : {mode, corpus, stop, minimise}) {
    self->excludes(each);
    model->excludes(each);
  }
  command->add_flag("--i-own-this-target", flags->is_own_target,
                    "Allow a target that is not on this machine");
  command->add_flag("-q,--quiet", flags->quiet, "No progress");
  command->add_option("--worker", flags->worker)->group("");
  command->callback([flags, &called, &chosen] {
    chosen = [flags, &called] { return fuzz_anything(*flags, called); };
  });
}

}  // namespace gauntlet::cli
