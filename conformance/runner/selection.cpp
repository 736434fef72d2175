#include "conformance/runner/selection.hpp"

#include <algorithm>
#include <cctype>
#include <fnmatch.h>

#include <fmt/format.h>

namespace gauntlet::conformance {
namespace {

bool is_section_number(std::string_view pattern) {
  return !pattern.empty() && std::isdigit(static_cast<unsigned char>(pattern.front())) != 0 &&
         pattern.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_below(std::string_view section, std::string_view chapter) {
  return section == chapter ||
         (section.starts_with(chapter) && section.substr(chapter.size()).starts_with('.'));
}

bool matches_glob(const std::string& pattern, const std::string& text) {
  return ::fnmatch(pattern.c_str(), text.c_str(), FNM_CASEFOLD) == 0;
}

bool matches_any(const std::vector<std::string>& patterns, const planned_test& what,
                 const catalogue& statements) {
  return std::ranges::any_of(
      patterns, [&](const std::string& each) { return matches(each, what, statements); });
}

outcome<void> check_patterns(const std::vector<std::string>& patterns, std::string_view flag,
                             const std::vector<planned_test>& tests, const catalogue& statements) {
  for (const std::string& pattern : patterns) {
    const bool is_used = std::ranges::any_of(
        tests, [&](const planned_test& each) { return matches(pattern, each, statements); });
    if (!is_used) {
      return bad_input(fmt::format(
          "{} '{}' matches no test: give a test's id, a statement such as MQTT-3.1.2-*, a section "
          "such as 3.1.2, or a theme; --dry-run lists the tests",
          flag, pattern));
    }
  }
  return {};
}

}  // namespace

bool matches(std::string_view pattern, const planned_test& what, const catalogue& statements) {
  const std::string glob(pattern);
  if (matches_glob(glob, what.test->id) || matches_glob(glob, what.test->theme)) return true;
  for (const statement_name& name : what.test->covers) {
    if (name.version != what.version) continue;
    if (matches_glob(glob, name.id) || matches_glob(glob, to_string(name))) return true;
    if (!is_section_number(pattern)) continue;
    const statement* const covered = statements.find(name);
    if (covered != nullptr && is_below(covered->section, pattern)) return true;
  }
  return false;
}

outcome<std::vector<planned_test>> select_tests(const suite& from, const catalogue& statements,
                                                const selection& wanted) {
  std::vector<planned_test> all;
  for (const test_case& each : from.cases()) {
    for (const auto version : {mqtt::protocol_version::v3_1_1, mqtt::protocol_version::v5}) {
      const bool is_wanted = version == mqtt::protocol_version::v5 ? wanted.v5 : wanted.v3_1_1;
      if (is_wanted && each.runs_on(version)) all.push_back({&each, version});
    }
  }
  for (const auto& [patterns, flag] :
       {std::pair{&wanted.only, "--only"}, {&wanted.skip, "--skip"}}) {
    const auto checked = check_patterns(*patterns, flag, all, statements);
    if (!checked) return checked.error();
  }
  std::erase_if(all, [&](const planned_test& each) {
    return (!wanted.only.empty() && !matches_any(wanted.only, each, statements)) ||
           matches_any(wanted.skip, each, statements);
  });
  if (all.empty()) return bad_input("no test is left to run: loosen --only, --skip or --protocol");
  return all;
}

}  // namespace gauntlet::conformance
