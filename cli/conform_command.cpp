// gauntlet conform: the conformance suite against a broker, a verdict on each statement, a report.

#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/conform_flags.hpp"
#include "cli/conform_gate.hpp"
#include "cli/conform_matrix.hpp"
#include "cli/conform_proof.hpp"
#include "cli/conform_run.hpp"
#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/result_folder.hpp"
#include "harness/record/conformance_json.hpp"
#include "reports/conformance/conformance_reports.hpp"

namespace gauntlet::cli {
namespace {

void list(const conform_plan& plan) {
  for (const conformance::planned_test& each : plan.selected) {
    fmt::print("{:<5}  {:<48}  {}\n", mqtt::version_name(each.version), each.test->id,
               each.test->title);
  }
  fmt::print("{} tests\n", plan.selected.size());
  if (plan.left_out > 0) fmt::print("{} more without --fast\n", plan.left_out);
}

exit_code run_once(const conform_flags& flags, const conform_plan& plan,
                   const conformance::conduct_request& wanted) {
  const auto gate = conform_gate::open(flags.expectations, flags.update_expectations);
  if (!gate) return fail(gate.error());
  const auto folder = make_result_folder(flags.out, "conform");
  if (!folder) return fail(folder.error());
  auto result = run_conform(plan, wanted, *folder, flags.quiet || flags.json, flags.pcap);
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

exit_code conform(const conform_flags& flags, const invocation& called) {
  if (!flags.diff.empty()) return print_diff(flags);
  const auto wanted = to_request(flags, called);
  if (!wanted) return fail(wanted.error());
  if (const auto checked = check_matrix_flags(flags); !checked) return fail(checked.error());
  const auto plan = plan_tests(flags);
  if (!plan) return fail(plan.error());
  if (flags.prove) return prove_tests((*plan)->selected, flags.quiet);
  if (flags.dry_run) {
    list(**plan);
    return exit_code::ok;
  }
  const interrupt_guard interrupts;
  return flags.matrix.empty() ? run_once(flags, **plan, *wanted)
                              : run_matrix(flags, **plan, *wanted);
}

}  // namespace

void add_conform_command(CLI::App& program, const invocation& called, action& chosen) {
  auto flags = std::make_shared<conform_flags>();
  CLI::App* command = program.add_subcommand(
      "conform", "Test a broker against the statements of MQTT 3.1.1 and 5.0; verdicts and report");
  add_conform_flags(*command, *flags);
  command->callback(
      [flags, &called, &chosen] { chosen = [flags, &called] { return conform(*flags, called); }; });
}

}  // namespace gauntlet::cli
