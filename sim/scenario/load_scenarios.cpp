#include "sim/scenario/load_scenarios.hpp"

#include <utility>

#include "sim/scenario/fault_schedule_reader.hpp"
#include "sim/scenario/scale_tree.hpp"
#include "sim/scenario/scenario_reader.hpp"

namespace gauntlet::sim {
namespace {

using variants = std::vector<scenario_variant>;

config::loaded<variants> refused(config::diagnostics& wrong) {
  return {boost::system::in_place_error, wrong.take()};
}

/// At most `count_max` combinations of a file.
config::loaded<variants> load(std::string_view text, std::string file,
                              const scenario_request& request, std::size_t count_max) {
  config::diagnostics wrong(std::move(file));
  config::node root = config::parse_yaml(text, wrong);
  if (!wrong.empty()) return refused(wrong);
  root = config::merge_includes(std::move(root), wrong);
  if (!wrong.empty()) return refused(wrong);
  const config::composition whole(std::move(root), request.choices, wrong);
  if (!wrong.empty()) return refused(wrong);
  // Making it takes longer than reading a file with it.
  static const auto reader = scenario_reader();
  variants all;
  for (std::size_t i = 0; i < std::min(whole.combination_count(), count_max); ++i) {
    scenario_variant made{.varied = whole.varied_of(i)};
    config::node tree = whole.tree_of(i, wrong);
    scenario_origin origin{.files = wrong.files(), .parameters = whole.values_of(i)};
    if (request.scale != 1) {
      origin.scale = request.scale;
      origin.scaled = scale_tree(tree, request.scale);
    }
    if (wrong.empty()) reader.read(tree, made.described, wrong);
    if (!wrong.empty()) {
      if (!made.varied.empty()) {
        wrong.add(config::place{}, "that is with " + config::to_string(made.varied));
      }
      return refused(wrong);
    }
    made.described.origin = std::move(origin);
    name_faults(made.described);
    all.push_back(std::move(made));
  }
  return {boost::system::in_place_value, std::move(all)};
}

config::loaded<scenario> first_of(config::loaded<variants> loaded) {
  if (!loaded) return {boost::system::in_place_error, std::move(loaded).error()};
  return {boost::system::in_place_value, std::move(loaded->front().described)};
}

}  // namespace

config::loaded<variants> parse_scenarios(std::string_view text, std::string file,
                                         const scenario_request& request) {
  return load(text, std::move(file), request, config::composition::combinations_max);
}

config::loaded<config::node> load_scenario_tree(
    std::string_view text, std::string file, const std::vector<config::parameter_choice>& choices) {
  config::diagnostics wrong(std::move(file));
  const auto refuse = [&] {
    return config::loaded<config::node>{boost::system::in_place_error, wrong.take()};
  };
  config::node root = config::parse_yaml(text, wrong);
  if (!wrong.empty()) return refuse();
  root = config::merge_includes(std::move(root), wrong);
  if (!wrong.empty()) return refuse();
  const config::composition whole(std::move(root), choices, wrong);
  if (wrong.empty() && whole.combination_count() > 1) {
    wrong.add(config::place{}, "this is a matrix of " + std::to_string(whole.combination_count()) +
                                   " scenarios; choose one with --set");
  }
  if (!wrong.empty()) return refuse();
  config::node tree = whole.tree_of(0, wrong);
  if (!wrong.empty()) return refuse();
  return {boost::system::in_place_value, std::move(tree)};
}

config::loaded<scenario> parse_scenario(std::string_view text, std::string file) {
  return first_of(load(text, std::move(file), {}, 1));
}

config::loaded<scenario> load_scenario(const std::filesystem::path& file) {
  config::diagnostics wrong(file.string());
  std::string text;
  if (!config::read_text_file(file, config::parse_limits{}.size_bytes_max, text, wrong)) {
    return {boost::system::in_place_error, wrong.take()};
  }
  return parse_scenario(text, file.string());
}

}  // namespace gauntlet::sim
