// gauntlet conform: the conformance suite against a broker, a verdict on each statement, a report.

#include <cstdio>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/conform_gate.hpp"
#include "cli/conform_proof.hpp"
#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/result_folder.hpp"
#include "cli/status_line.hpp"
#include "cli/target_flags.hpp"
#include "conformance/cases/all_cases.hpp"
#include "conformance/runner/conduct.hpp"
#include "conformance/runner/rehearsal.hpp"
#include "harness/base/units.hpp"
#include "harness/net/url.hpp"
#include "harness/record/conformance_json.hpp"
#include "reports/conformance/conformance_reports.hpp"

namespace gauntlet::cli {
namespace {

struct conform_flags {
  target_flags target;
  std::string second_target;
  std::string protocol = "both";
  std::vector<std::string> only;
  std::vector<std::string> skip;
  std::optional<std::uint64_t> seed;
  unsigned jobs = 16;
  unsigned repeat = 1;
  double timeout_scale = 1;
  std::string out;
  std::string expectations;
  bool update_expectations = false;
  bool strict = false;
  bool fast = false;
  bool dry_run = false;
  bool prove = false;
  bool json = false;
  bool quiet = false;
};

// Small enough to be typed again.
std::uint64_t new_seed() { return std::random_device{}() % 1'000'000; }

outcome<conformance::conduct_request> to_request(const conform_flags& flags,
                                                 const invocation& called) {
  const sim::scenario defaults;
  auto target = make_target_options(flags.target, defaults);
  if (!target) return target.error();
  if (target->target.empty()) target->target = "embedded";
  conformance::conduct_request wanted;
  wanted.selected = {.only = flags.only,
                     .skip = flags.skip,
                     .v3_1_1 = flags.protocol != "5.0",
                     .v5 = flags.protocol != "3.1.1"};
  wanted.broker = {.target = std::move(*target),
                   .second_target = flags.second_target,
                   .v3_1_1 = wanted.selected.v3_1_1,
                   .v5 = wanted.selected.v5,
                   .timeout_scale = flags.timeout_scale};
  wanted.settings = {
      .jobs = flags.jobs, .seed = flags.seed ? *flags.seed : new_seed(), .repeat = flags.repeat};
  wanted.strict = flags.strict;
  wanted.fast = flags.fast;
  wanted.tool_version = GAUNTLET_VERSION;
  wanted.command_line = without_passwords(called.words);
  return wanted;
}

void list(const std::vector<conformance::planned_test>& plan) {
  for (const conformance::planned_test& each : plan) {
    fmt::print("{:<5}  {:<48}  {}\n", mqtt::version_name(each.version), each.test->id,
               each.test->title);
  }
  fmt::print("{} tests\n", plan.size());
}

// Says how far the run is.
class suite_line {
 public:
  explicit suite_line(bool is_quiet) : is_quiet_(is_quiet), line_(stderr_is_terminal()) {}

  void show(const conformance::suite_progress& now) {
    if (is_quiet_ || !line_.is_due(now.elapsed - last_)) return;
    last_ = now.elapsed;
    line_.draw(fmt::format("{} {}: {}/{} tests, {} failed",
                           format_duration(std::chrono::floor<std::chrono::seconds>(now.elapsed)),
                           now.phase, now.done, now.total, now.failed));
  }

 private:
  const bool is_quiet_;
  status_line line_;
  duration last_{};
};

void print_card(const conformance::broker_under_test& broker, std::size_t tests,
                std::uint64_t seed) {
  fmt::print("{}\n", broker.target().description());
  for (const record::capability_record& each : broker.card()) {
    fmt::print("  {:<28}{} ({})\n", each.name, each.value, each.source);
  }
  fmt::print("{} tests, seed {}\n", tests, seed);
  std::fflush(stdout);
}

exit_code conform(const conform_flags& flags, const invocation& called) {
  auto wanted = to_request(flags, called);
  if (!wanted) return fail(wanted.error());
  const conformance::suite tests = conformance::all_cases();
  const conformance::catalogue statements = conformance::load_catalogue();
  auto plan = select_tests(tests, statements, wanted->selected);
  if (!plan) return fail(plan.error());
  if (flags.prove) return prove_tests(*plan, flags.quiet);
  conformance::rehearse(*plan);
  const std::size_t left_out = flags.fast ? leave_out_slow(*plan) : 0;
  if (plan->empty()) return fail(bad_input("--fast leaves no test to run: all of them wait"));
  if (flags.dry_run) {
    list(*plan);
    if (left_out > 0) fmt::print("{} more without --fast\n", left_out);
    return exit_code::ok;
  }
  const auto gate = conform_gate::open(flags.expectations, flags.update_expectations);
  if (!gate) return fail(gate.error());
  const auto folder = make_result_folder(flags.out, "conform");
  if (!folder) return fail(folder.error());
  wanted->broker.target.run_folder = *folder;

  const interrupt_guard interrupts;
  const bool is_silent = flags.quiet || flags.json;
  auto result = [&] {
    suite_line line(is_silent);
    return conduct(
        *plan, statements, *wanted,
        {.on_opened =
             [&](const conformance::broker_under_test& broker, std::size_t count) {
               if (!is_silent) print_card(broker, count, wanted->settings.seed);
             },
         .suite = {.on_progress = [&](const conformance::suite_progress& now) { line.show(now); },
                   .stop_requested = [] { return interrupt_guard::requested(); }}});
  }();
  if (!result) {
    std::error_code ignored;
    std::filesystem::remove(*folder, ignored);  // only if nothing was written into it
    return fail(result.error());
  }
  const auto gated = gate->apply(*result);
  const auto written = reports::write_conformance_reports(*folder, *result);
  if (flags.json) {
    fmt::print("{}", record::to_json(*result));
  } else {
    fmt::print("{}", reports::to_text(*result, {.colour = stdout_is_colourful()},
                                      (*folder / "report.html").string()));
  }
  if (!gated) return fail(gated.error());
  if (!written) return fail(written.error());
  return result->exit_code;
}

}  // namespace

void add_conform_command(CLI::App& program, const invocation& called, action& chosen) {
  auto flags = std::make_shared<conform_flags>();
  CLI::App* command = program.add_subcommand(
      "conform", "Test a broker against the statements of MQTT 3.1.1 and 5.0; verdicts and report");
  add_target_flags(*command, flags->target);
  command->add_option("--second-target", flags->second_target,
                      "Another way into the same cluster or bridge (URL): publish at one, "
                      "subscribe at the other");
  command->add_option("--protocol", flags->protocol, "3.1.1, 5.0 or both [both]")
      ->check(CLI::IsMember({"3.1.1", "5.0", "both"}));
  command
      ->add_option("--only", flags->only,
                   "Run only these tests: id, statement, section (3.1.2) or theme; globs; may be "
                   "repeated")
      ->allow_extra_args(false);
  command->add_option("--skip", flags->skip, "Leave these tests out; as --only")
      ->allow_extra_args(false);
  command->add_option("--jobs", flags->jobs, "Tests side by side [16]")->check(CLI::Range(1, 512));
  command->add_option("--seed", flags->seed, "Seed of the order [random, printed]");
  command->add_option("--repeat", flags->repeat, "Run each test so many times [1]")
      ->check(CLI::Range(1, 10'000));
  command
      ->add_option("--timeout-scale", flags->timeout_scale,
                   "Stretch every wait, for slow brokers and machines [1]")
      ->check(CLI::Range(0.1, 100.0));
  command->add_option("--expectations", flags->expectations,
                      "Gate: exit with 0 only if the run equals this file");
  command->add_flag("--update-expectations", flags->update_expectations,
                    "Write that file from the run; reasons kept by hand stay");
  command->add_flag("--strict", flags->strict, "SHOULDs count as well");
  command->add_flag("--fast", flags->fast, "Leave out tests that wait for more than a second");
  command->add_flag(
      "--prove", flags->prove,
      "Prove the tests instead: each passes on the correct reference broker and fails "
      "on each defect that it names");
  command->add_flag("--dry-run", flags->dry_run, "List the tests and end");
  command->add_option("--out", flags->out, "Folder for the results [results/conform-TIME]");
  command->add_flag("--json", flags->json, "Print the result as JSON, and nothing else");
  command->add_flag("--quiet", flags->quiet, "Print no progress");
  command->callback(
      [flags, &called, &chosen] { chosen = [flags, &called] { return conform(*flags, called); }; });
}

}  // namespace gauntlet::cli
