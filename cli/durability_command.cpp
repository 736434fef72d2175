// gauntlet durability: what a broker keeps over a graceful stop and over kill -9.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/result_folder.hpp"
#include "cli/target_flags.hpp"
#include "durability/measure.hpp"
#include "harness/base/units.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"

namespace gauntlet::cli {
namespace {

struct durability_flags {
  std::string target = "embedded";
  std::string profiles;
  std::string out;
  std::uint32_t count = 20;
  std::string after = "3s";
  std::vector<std::string> defects;
};

outcome<durability::measure_options> make_options(const durability_flags& flags) {
  durability::measure_options options{
      .target = {.target = flags.target, .profiles_folder = flags.profiles}, .count = flags.count};
  const auto after = parse_duration(flags.after);
  if (!after) return bad_input("--after: " + after.error().message);
  options.after = *after;
  if (auto added = add_defects(flags.defects, options.target); !added) return added.error();
  return options;
}

exit_code measure(const durability_flags& flags, const invocation& called) {
  auto options = make_options(flags);
  if (!options) return fail(options.error());
  const auto folder = make_result_folder(flags.out, "durability-" + flags.target);
  if (!folder) return fail(folder.error());
  options->target.run_folder = *folder / "broker";
  options->says = [](std::string_view ending) { fmt::print(stderr, "measuring: {}\n", ending); };
  net::asio_loop loop;
  net::asio_network network(loop);
  auto result = durability::measure(*options, network);
  if (!result) {
    remove_if_empty(*folder);
    return fail(result.error());
  }
  result->tool_version = GAUNTLET_VERSION;
  result->command_line = without_passwords(called.words);
  const std::string table = record::to_markdown(*result);
  fmt::print("{}\nResults: {}\n", table, folder->string());
  for (const auto& [name, text] : {std::pair("durability.json", record::to_json(*result)),
                                   std::pair("durability.md", table)}) {
    if (const auto written = write_text(*folder / name, text); !written) {
      return fail(written.error());
    }
  }
  for (const record::durability_ending& each : result->endings) {
    if (!each.failure.empty()) return exit_code::environment_failed;
  }
  return exit_code::ok;
}

}  // namespace

void add_durability_command(CLI::App& program, const invocation& called, action& chosen) {
  auto flags = std::make_shared<durability_flags>();
  CLI::App* command = program.add_subcommand(
      "durability", "Measure what a broker keeps over a graceful stop and over kill -9");
  command->add_option("--target", flags->target,
                      "Broker: a profile that Gauntlet starts (mosquitto, ...), or embedded "
                      "[embedded]");
  command->add_option("--profiles", flags->profiles, "Folder with further broker profiles");
  command->add_option("--count", flags->count, "Acknowledged operations of each kind [20]")
      ->check(CLI::Range(1, 1000));
  command->add_option("--after", flags->after,
                      "Time between the last operation and the third end [3s]");
  command->add_option("--out", flags->out, "Folder for the results [results/durability-...]");
  command
      ->add_option("--defect", flags->defects,
                   "Make the embedded broker misbehave: a name from 'gauntlet broker "
                   "--list-defects'; may be repeated")
      ->allow_extra_args(false);
  command->callback(
      [flags, &called, &chosen] { chosen = [flags, &called] { return measure(*flags, called); }; });
}

}  // namespace gauntlet::cli
