#include "tests/tidy/text_rules.hpp"

#include <algorithm>
#include <cctype>

namespace gauntlet::tidy {
namespace {

/// A word, the remedy, and the beginnings of paths where it is at home all the same.
struct banned_word {
  std::string_view word;
  std::string_view instead;
  std::vector<std::string_view> exempt;
};

constexpr std::string_view finish = "finish it, or file an issue";
constexpr std::string_view ask_loop = "ask the event loop; nothing else has a clock";
constexpr std::string_view wait_for_condition = "wait for a condition with a deadline";
constexpr std::string_view draw_seeded = "draw from a seeded_stream";

const std::vector<banned_word>& banned_words() {
  // The loop is where time comes from. Benchmarks and tests that wait for a thread or a process
  // have none to ask, and a benchmark is a main of its own.
  static const std::vector<std::string_view> clock_owners = {
      "harness/net/asio_loop", "tests/benchmark/", "tests/integration/", "tests/end_to_end/",
      // An execution blocks, and libFuzzer has the thread: no loop runs.
      "fuzz/execution/", "fuzz/campaign/", "fuzz/oracles/process_watch.cpp",
      // Lanes have a loop each, or a virtual one, and the time of a run is that of none of them.
      "fuzz/model/model_run"};
  static const std::vector<std::string_view> benchmarks = {"tests/benchmark/"};
  // A result's folder is named before there is a loop.
  static const std::vector<std::string_view> folder_names = {"cli/result_folder"};
  // A seed that nobody gave, and names unlike those of any other run, come from outside.
  static const std::vector<std::string_view> first_draws = {"cli/conform_flags", "cli/fuzz_command",
                                                            "conformance/runner/broker_under_test"};
  static const std::vector<banned_word> all = {
      {"FIXME", finish, {}},
      {"TODO", finish, {}},
      {"XXX", finish, {}},
      {"DISABLED_", "a test that never runs proves nothing; mend or remove it", {}},
      {"std::rand", draw_seeded, {}},
      {"srand", draw_seeded, {}},
      {"std::random_device", draw_seeded, first_draws},
      {"std::mt19937", draw_seeded, {}},
      {"std::mt19937_64", draw_seeded, {}},
      {"steady_clock::now", ask_loop, clock_owners},
      {"system_clock::now", ask_loop, clock_owners},
      {"high_resolution_clock", ask_loop, {}},
      {"clock_gettime", ask_loop, clock_owners},
      {"gettimeofday", ask_loop, {}},
      {"std::time", ask_loop, folder_names},
      {"sleep_for", wait_for_condition, {}},
      {"sleep_until", wait_for_condition, {}},
      {"usleep", wait_for_condition, {}},
      {"nanosleep", wait_for_condition, benchmarks},
      {"std::exit", "answer with an exit_code; only main leaves", benchmarks},
      {"using namespace std;", "write std:: in front", {}},
  };
  return all;
}

bool is_word_part(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Whether the word stands in the line by itself: "sleep_for" is not in "deep_sleep_forever". A
/// word that ends with an underscore is a beginning.
bool contains_word(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != line.npos; at = line.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !is_word_part(line[at - 1]);
    const bool ends = word.back() == '_' || end == line.size() || !is_word_part(line[end]);
    if (begins && ends) return true;
  }
  return false;
}

bool is_exempt(std::string_view path, const std::vector<std::string_view>& exempt) {
  return std::any_of(exempt.begin(), exempt.end(),
                     [path](std::string_view start) { return path.starts_with(start); });
}

bool is_rule_file(std::string_view path) { return path.starts_with("tests/tidy/"); }

bool is_code(std::string_view path) {
  return is_cpp(path) || path.ends_with(".cmake") || path.ends_with("CMakeLists.txt") ||
         path.ends_with(".sh") || path == "gauntlet" || path == "check" || path == ".ci/run";
}

}  // namespace

findings check_banned_words(std::string_view path, std::string_view text) {
  findings found;
  if (!is_code(path) || is_rule_file(path)) return found;
  std::size_t number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    for (const banned_word& banned : banned_words()) {
      if (!contains_word(line, banned.word) || is_exempt(path, banned.exempt)) continue;
      found.push_back({std::string(path), number,
                       std::string(banned.word) + ": " + std::string(banned.instead)});
    }
  }
  return found;
}

findings check_header_form(std::string_view path, std::string_view text) {
  findings found;
  if (!is_header(path)) return found;
  const auto lines = lines_of(text);
  if (lines.empty() || lines[0] != "#pragma once") {
    found.push_back({std::string(path), 1, "a header begins with #pragma once"});
  }
  const bool has_comment = lines.size() > 2 && lines[1].empty() && lines[2].starts_with("// ");
  if (!has_comment) {
    found.push_back({std::string(path), 3, "a header says in its third line what it is"});
  }
  return found;
}

findings check_machine_paths(std::string_view path, std::string_view text) {
  findings found;
  if (is_rule_file(path)) return found;
  std::size_t number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    for (const std::string_view start : {"/home/", "/root/", "/Users/", "/work/", "/mnt/"}) {
      const std::size_t at = line.find(start);
      // "tests/work/" and "https://host/home/" are not absolute paths.
      const bool is_absolute =
          at != line.npos &&
          (at == 0 || (!is_word_part(line[at - 1]) && line[at - 1] != '.' && line[at - 1] != '}'));
      if (is_absolute) {
        found.push_back(
            {std::string(path), number, "a path of one machine (" + std::string(start) + "...)"});
      }
    }
  }
  return found;
}

findings check_file_mode(const source_file& file) {
  const bool is_script = file.text.starts_with("#!");
  if (is_script == file.executable) return {};
  return {{file.path, 0,
           is_script ? "begins with #! but is not executable"
                     : "is executable, but no script: chmod -x"}};
}

}  // namespace gauntlet::tidy
