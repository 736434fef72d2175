#include "cli/conform_run.hpp"

#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/status_line.hpp"
#include "conformance/cases/all_cases.hpp"
#include "conformance/runner/rehearsal.hpp"
#include "conformance/runner/reproducer.hpp"
#include "conformance/vectors/all_vectors.hpp"
#include "harness/base/units.hpp"

namespace gauntlet::cli {
namespace {

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

}  // namespace

outcome<std::unique_ptr<conform_plan>> plan_tests(const conform_flags& flags) {
  auto plan = std::make_unique<conform_plan>(
      conform_plan{conformance::all_cases(), conformance::load_catalogue(), {}, 0});
  conformance::add_all_vectors(plan->tests);
  const conformance::selection wanted{.only = flags.only,
                                      .skip = flags.skip,
                                      .v3_1_1 = flags.protocol != "5.0",
                                      .v5 = flags.protocol != "3.1.1"};
  auto selected = select_tests(plan->tests, plan->statements, wanted);
  if (!selected) return selected.error();
  plan->selected = std::move(*selected);
  if (flags.prove) return plan;
  conformance::rehearse(plan->selected);
  if (flags.fast) plan->left_out = leave_out_slow(plan->selected);
  if (plan->selected.empty()) {
    return bad_input("--fast leaves no test to run: all of them wait; leave it out");
  }
  return plan;
}

outcome<record::conformance_result> run_conform(const conform_plan& plan,
                                                conformance::conduct_request wanted,
                                                const std::filesystem::path& folder, bool is_silent,
                                                const std::filesystem::path& captures) {
  outcome<std::size_t> captured = std::size_t{0};
  wanted.broker.target.run_folder = folder;
  suite_line line(is_silent);
  const auto on_opened = [&](const conformance::broker_under_test& broker, std::size_t count) {
    if (!is_silent) print_card(broker, count, wanted.settings.seed);
  };
  auto result = conduct(
      plan.selected, plan.statements, wanted,
      {.on_opened = on_opened,
       .suite = {.on_progress = [&](const conformance::suite_progress& now) { line.show(now); },
                 .stop_requested = [] { return interrupt_guard::requested(); }},
       .on_finished = [&](const conformance::suite_run& run, const auto&) {
         if (!captures.empty()) captured = write_captures(captures, run, plan.statements);
       }});
  if (!captured) return captured.error();
  return result;
}

}  // namespace gauntlet::cli
