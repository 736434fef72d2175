#include "tests/tidy/tree_rules.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace gauntlet::tidy {
namespace {

using word_set = std::set<std::string, std::less<>>;

bool is_cmake(std::string_view path) {
  return path.ends_with("CMakeLists.txt") || path.ends_with(".cmake");
}

std::string parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? std::string() : std::string(path.substr(0, slash));
}

/// The words of a CMake file, without comments.
std::vector<std::string> cmake_words(std::string_view text) {
  std::vector<std::string> words;
  for (std::string_view line : lines_of(text)) {
    line = line.substr(0, line.find('#'));
    std::string word;
    for (const char c : line) {
      if (std::string_view(" \t()\"").find(c) == std::string_view::npos) {
        word += c;
      } else if (!word.empty()) {
        words.push_back(std::exchange(word, {}));
      }
    }
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

/// Every path that some CMake file names, from the root of the tree.
word_set paths_named_by_cmake(const std::vector<source_file>& tree) {
  constexpr std::string_view root_variable = "${PROJECT_SOURCE_DIR}/";
  word_set named;
  for (const source_file& file : tree) {
    if (!is_cmake(file.path)) continue;
    const std::string folder = parent_of(file.path);
    for (const std::string& word : cmake_words(file.text)) {
      if (word.starts_with(root_variable)) {
        named.insert(word.substr(root_variable.size()));
      } else {
        named.insert(folder.empty() ? word : folder + "/" + word);
      }
    }
  }
  return named;
}

/// Every file that some C++ file includes in quotes.
word_set included_files(const std::vector<source_file>& tree) {
  constexpr std::string_view directive = "#include \"";
  word_set included;
  for (const source_file& file : tree) {
    if (!is_cpp(file.path)) continue;
    for (const std::string_view line : lines_of(file.text)) {
      if (!line.starts_with(directive)) continue;
      const std::string_view name = line.substr(directive.size());
      included.emplace(name.substr(0, name.find('"')));
    }
  }
  return included;
}

/// Whether the file belongs to a program, whose CMake list holds sources only.
bool is_of_program(std::string_view path) {
  return path.starts_with("tests/") || path.starts_with("cli/");
}

bool mentions(const source_file& file, std::string_view name) {
  return file.text.find(name) != file.text.npos;
}

}  // namespace

findings check_registration(const std::vector<source_file>& tree) {
  findings found;
  const word_set named = paths_named_by_cmake(tree);
  const word_set included = included_files(tree);
  for (const source_file& file : tree) {
    if (is_cpp(file.path)) {
      const bool is_known =
          named.contains(file.path) ||
          (is_header(file.path) && is_of_program(file.path) && included.contains(file.path));
      if (!is_known) found.push_back({file.path, 0, "stands in no CMake list"});
    } else if (file.path.ends_with("/CMakeLists.txt") && !named.contains(parent_of(file.path))) {
      found.push_back({file.path, 0, "no add_subdirectory leads here"});
    }
  }
  return found;
}

findings check_scenario_tests(const std::vector<source_file>& tree) {
  findings found;
  for (const source_file& file : tree) {
    if (!file.path.starts_with("scenarios/") || !file.path.ends_with(".yaml")) continue;
    const std::string name = file.path.substr(parent_of(file.path).size() + 1);
    // A line of the list that a test runs begins with the scenario's path in the library.
    const std::string_view library = "scenarios/";
    const std::string_view path = file.path;
    const std::string line =
        "\n" + std::string(path.substr(library.size(), path.size() - library.size() - 5)) + " ";
    const bool is_tested = std::any_of(tree.begin(), tree.end(), [&](const source_file& other) {
      const bool is_list = other.path == "tests/end_to_end/library_runs.txt";
      return other.path.starts_with("tests/") &&
             (mentions(other, name) || (is_list && mentions(other, line)));
    });
    if (!is_tested) found.push_back({file.path, 0, "no test names this scenario"});
  }
  return found;
}

findings list_long_files(const std::vector<source_file>& tree, std::size_t lines_max) {
  findings found;
  for (const source_file& file : tree) {
    if (!is_cpp(file.path)) continue;
    const std::size_t count = lines_of(file.text).size();
    if (count > lines_max) found.push_back({file.path, 0, std::to_string(count) + " lines"});
  }
  return found;
}

}  // namespace gauntlet::tidy
