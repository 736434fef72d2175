#include "cli/scenario_flags.hpp"

#include <cmath>

#include "cli/scenario_library.hpp"
#include "harness/config/node.hpp"
#include "sim/plan/scaled_expectations.hpp"

namespace gauntlet::cli {
namespace {

constexpr double scale_max = 1'000'000;

outcome<std::string> read_text(const std::filesystem::path& file) {
  std::string text;
  config::diagnostics wrong(file.string());
  if (!config::read_text_file(file, config::parse_limits{}.size_bytes_max, text, wrong)) {
    return config::to_failure(wrong.take());
  }
  return text;
}

outcome<std::vector<config::parameter_choice>> parse_choices(const scenario_flags& flags) {
  std::vector<config::parameter_choice> choices;
  for (const std::string& each : flags.set) {
    auto choice = config::parse_choice(each);
    if (!choice) return choice.error();
    choices.push_back(std::move(*choice));
  }
  return choices;
}

}  // namespace

void add_scenario_flags(CLI::App& command, scenario_flags& into) {
  command.add_option("scenario", into.scenario, "Scenario file, or a name of the library")
      ->required();
  command
      .add_option("--set", into.set,
                  "NAME=VALUE: value of a parameter; NAME=[A, B] runs with each; may be repeated")
      ->allow_extra_args(false);
  command.add_option("--scale", into.scale,
                     "Fleet larger or smaller by this factor, such as 0.1, with the rates expected "
                     "of it");
}

outcome<chosen_scenarios> load_scenarios(const scenario_flags& flags) {
  sim::scenario_request request{.scale = flags.scale.value_or(1)};
  if (!(request.scale > 0 && request.scale <= scale_max)) {
    return bad_input("--scale takes a number above 0 and up to 1000000, such as 0.1");
  }
  auto choices = parse_choices(flags);
  if (!choices) return choices.error();
  request.choices = std::move(*choices);
  const auto file = find_scenario(flags.scenario);
  if (!file) return file.error();
  auto source = read_text(*file);
  if (!source) return source.error();
  auto loaded = sim::parse_scenarios(*source, file->string(), request);
  if (!loaded) return config::to_failure(loaded.error());
  if (request.scale != 1) {
    const auto full =
        sim::parse_scenarios(*source, file->string(), {.choices = request.choices, .scale = 1});
    if (!full) return config::to_failure(full.error());
    for (std::size_t i = 0; i < loaded->size(); ++i) {
      sim::scale_expectations((*loaded)[i].described, (*full)[i].described);
    }
  }
  return chosen_scenarios{file->string(), std::move(*source), std::move(*loaded)};
}

outcome<chosen_tree> load_scenario_tree(const scenario_flags& flags) {
  const auto choices = parse_choices(flags);
  if (!choices) return choices.error();
  const auto file = find_scenario(flags.scenario);
  if (!file) return file.error();
  const auto source = read_text(*file);
  if (!source) return source.error();
  auto tree = sim::load_scenario_tree(*source, file->string(), *choices);
  if (!tree) return config::to_failure(tree.error());
  return chosen_tree{file->string(), std::move(*tree)};
}

}  // namespace gauntlet::cli
