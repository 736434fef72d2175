#include "cli/scenario_starter.hpp"

#include <algorithm>
#include <cctype>
#include <system_error>

#include <fmt/format.h>

#include "cli/result_folder.hpp"
#include "cli/scenario_library.hpp"
#include "harness/base/embedded_file.hpp"

namespace gauntlet::cli {

std::vector<embedded_file> scenario_starters();

namespace {

constexpr std::string_view ending = ".yaml";

bool is_scenario_name(std::string_view name) {
  constexpr std::size_t size_max = 64;
  return !name.empty() && name.size() <= size_max &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return c < 0x80 && (std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_');
         });
}

void replace_all(std::string& in, std::string_view what, std::string_view by) {
  for (std::size_t at = in.find(what); at != in.npos; at = in.find(what, at + by.size())) {
    in.replace(at, what.size(), by);
  }
}

}  // namespace

std::vector<std::string> starter_kinds() {
  std::vector<std::string> kinds;
  for (const embedded_file& each : scenario_starters()) {
    kinds.emplace_back(each.name.substr(0, each.name.size() - ending.size()));
  }
  return kinds;
}

outcome<std::filesystem::path> write_starter(std::filesystem::path file, std::string_view kind) {
  if (file.extension() != ending) file += ending;
  const std::string name = file.stem().string();
  if (!is_scenario_name(name)) {
    return bad_input(fmt::format(
        "'{}' cannot be the name of a scenario: it may hold letters, digits, '.', '-' and '_'",
        name));
  }
  std::error_code error;
  if (std::filesystem::exists(file, error)) {
    return bad_input(fmt::format("{} exists already; choose another name", file.string()));
  }
  for (const embedded_file& each : scenario_starters()) {
    if (each.name != std::string(kind) + std::string(ending)) continue;
    std::string text(each.content);
    replace_all(text, "@NAME@", name);
    replace_all(text, "@FILE@", file.string());
    replace_all(text, "@SCHEMA@", (scenario_library_folder() / "scenario.schema.json").string());
    if (const auto written = write_text(file, text); !written) return written.error();
    return file;
  }
  return bad_input(fmt::format("there is no kind '{}'", kind));
}

}  // namespace gauntlet::cli
