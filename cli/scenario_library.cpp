#include "cli/scenario_library.hpp"

#include <algorithm>
#include <system_error>
#include <tuple>

#include <fmt/format.h>

namespace gauntlet::cli {

std::filesystem::path scenario_library_folder() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  // Installed: PREFIX/bin/gauntlet. Built: TREE/build/PRESET/cli/gauntlet.
  const std::filesystem::path folder = program.parent_path();
  for (const std::filesystem::path& place :
       {folder.parent_path() / "share/gauntlet/scenarios",
        folder.parent_path().parent_path().parent_path() / "scenarios"}) {
    if (std::filesystem::is_directory(place, error)) return place;
  }
  return {};
}

std::vector<std::filesystem::path> list_scenarios() {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  const std::filesystem::path library = scenario_library_folder();
  for (std::filesystem::recursive_directory_iterator entry(library, error), end; entry != end;
       entry.increment(error)) {
    if (entry->path().filename() == "parts") entry.disable_recursion_pending();
    if (entry->path().extension() == ".yaml") files.push_back(entry->path());
  }
  // Those of the library itself first, then folder by folder.
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.parent_path(), a) < std::tuple(b.parent_path(), b);
  });
  return files;
}

std::string library_name(const std::filesystem::path& file) {
  return file.lexically_relative(scenario_library_folder()).replace_extension().string();
}

outcome<std::filesystem::path> find_scenario(std::string_view given) {
  std::error_code error;
  const std::filesystem::path path(given);
  if (std::filesystem::exists(path, error)) return path;
  const bool is_name = path.is_relative() && !given.starts_with('.');
  if (is_name) {
    for (const std::filesystem::path& file : list_scenarios()) {
      const std::string name = library_name(file);
      if (name == given || name + ".yaml" == given || file.stem() == path) return file;
    }
  }
  return bad_input(fmt::format(
      "there is no scenario file {}{}; 'gauntlet scenario list' shows those that come "
      "with Gauntlet",
      given, path.parent_path().empty() ? " and none of that name in the library" : ""));
}

}  // namespace gauntlet::cli
