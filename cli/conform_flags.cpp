#include "cli/conform_flags.hpp"

#include <random>
#include <utility>

#include <CLI/CLI.hpp>

#include "cli/messages.hpp"

namespace gauntlet::cli {
namespace {

// Small enough to be typed again.
std::uint64_t new_seed() { return std::random_device{}() % 1'000'000; }

}  // namespace

void add_conform_flags(CLI::App& command, conform_flags& into) {
  add_target_flags(command, into.target, "embedded");
  command.add_option("--second-target", into.second_target,
                     "Another way into the same cluster or bridge (URL): publish at one, "
                     "subscribe at the other");
  command.add_option("--protocol", into.protocol, "3.1.1, 5.0 or both [both]")
      ->check(CLI::IsMember({"3.1.1", "5.0", "both"}));
  command
      .add_option("--only", into.only,
                  "Run only these tests: id, statement, section (3.1.2) or theme; globs; may be "
                  "repeated")
      ->allow_extra_args(false);
  command.add_option("--skip", into.skip, "Leave these tests out; as --only")
      ->allow_extra_args(false);
  command.add_option("--jobs", into.jobs, "Tests side by side [64]")->check(CLI::Range(1, 512));
  command.add_option("--seed", into.seed, "Seed of the order [random, printed]");
  command.add_option("--repeat", into.repeat, "Run each test so many times [1]")
      ->check(CLI::Range(1, 10'000));
  command
      .add_option("--timeout-scale", into.timeout_scale,
                  "Stretch every wait, for slow brokers and machines [1]")
      ->check(CLI::Range(0.1, 100.0));
  command.add_option("--expectations", into.expectations,
                     "Gate: exit with 0 only if the run equals this file");
  command.add_flag("--update-expectations", into.update_expectations,
                   "Write that file from the run; reasons kept by hand stay");
  command
      .add_option("--matrix", into.matrix,
                  "Run against several targets, divided by commas, and put them side by side on "
                  "one page")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--diff", into.diff, "Run nothing: tell what changed from result A to B")
      ->expected(2)
      ->type_name("A B");
  command.add_flag("--strict", into.strict, "SHOULDs count as well");
  command.add_flag("--fast", into.fast, "Leave out tests that wait for more than a second");
  command.add_flag("--prove", into.prove,
                   "Prove the tests instead: each passes on the correct reference broker and fails "
                   "on each defect that it names");
  command.add_flag("--dry-run", into.dry_run, "List the tests and end");
  command.add_option("--out", into.out, "Folder for the results [results/conform-TIME]");
  command.add_option("--pcap", into.pcap,
                     "Write a capture (pcapng) of each test that did not pass into this folder");
  command.add_flag("--json", into.json, "Print the result as JSON, and nothing else");
  command.add_flag("--quiet", into.quiet, "Print no progress");
}

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

}  // namespace gauntlet::cli
