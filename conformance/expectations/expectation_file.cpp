#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "conformance/expectations/expectations.hpp"
#include "harness/config/load.hpp"
#include "harness/config/object.hpp"
#include "harness/record/atomic_file.hpp"

namespace gauntlet::conformance {
namespace {

using record::test_verdict;

// Far above any suite; a file that long is none of ours.
constexpr std::size_t entries_max = 20'000;

constexpr std::string_view head =
    "# How a broker comes out of `gauntlet conform`: every test that does not pass. Written by\n"
    "# --update-expectations; reason, issue and date are kept by hand. Comments are not kept.\n";

config::reader<test_verdict> verdict_reader() {
  std::vector<std::pair<std::string, test_verdict>> words;
  for (const auto each : record::all_test_verdicts()) {
    const auto may_stand = each != test_verdict::pass && each != test_verdict::not_run;
    if (may_stand) words.emplace_back(name(each), each);
  }
  return config::one_of(std::move(words));
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  return std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) == 8;
}

config::reader<expectation> expectation_reader() {
  const auto date = config::checked<std::string>(config::text(), [](const std::string& text) {
    return is_date(text) ? "" : "expected a date like 2026-03-14, not '" + text + "'";
  });
  const auto version = config::one_of<std::string>({{"3.1.1", "3.1.1"}, {"5.0", "5.0"}});
  return config::object<expectation>("A test that is not expected to pass")
      .required("test", &expectation::test, config::text({.length_min = 1}), "Its id")
      .required("version", &expectation::version, version, "On which version")
      .required("verdict", &expectation::verdict, verdict_reader(), "How it comes out")
      .optional("signature", &expectation::signature, config::text(), "In which way")
      .optional("reason", &expectation::reason, config::text(), "Why, and who is right")
      .optional("issue", &expectation::issue, config::text(), "Address of an issue")
      .optional("date", &expectation::date, date, "Since when")
      .build();
}

// Each test and version once.
config::reader<std::vector<expectation>> entries_reader() {
  auto made = config::list_of(expectation_reader(), 0, entries_max);
  made.read = [read = std::move(made.read)](const config::node& from, std::vector<expectation>& to,
                                            config::diagnostics& wrong) {
    if (!read(from, to, wrong)) return false;
    std::map<std::pair<std::string, std::string>, config::place> seen;
    for (std::size_t i = 0; i < to.size(); ++i) {
      const auto [first, is_new] = seen.try_emplace({to[i].test, to[i].version}, from.items[i].at);
      if (is_new) continue;
      wrong.add(from.items[i], fmt::format("{} on {} stands in line {} already", to[i].test,
                                           to[i].version, first->second.line));
    }
    return seen.size() == to.size();
  };
  return made;
}

const config::reader<expectations>& file_reader() {
  static const auto made =
      config::object<expectations>("What a broker is expected to do in the conformance suite")
          .optional("broker", &expectations::broker, config::text(), "Product and version")
          .required("expect", &expectations::entries, entries_reader(), "Tests that do not pass")
          .build();
  return made;
}

// What stands without quotes must not look like anything but text.
std::string yaml_text(const std::string& text) {
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("-_./+").find(c) != std::string_view::npos;
  };
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  const auto is_id = !text.empty() && is_letter(text.front()) &&
                     text.find('-') != std::string::npos &&
                     std::all_of(text.begin(), text.end(), is_plain);
  return is_id ? text : config::json_quote(text);
}

std::string line_of(std::string_view key, const std::string& value) {
  return value.empty() ? "" : fmt::format("    {}: {}\n", key, yaml_text(value));
}

}  // namespace

config::loaded<expectations> load_expectations(const std::filesystem::path& file) {
  return config::load_file(file, file_reader());
}

config::loaded<expectations> load_expectations(std::string_view text, const std::string& file) {
  return config::load_text(text, file, file_reader());
}

std::string to_yaml(const expectations& all) {
  auto sorted = all.entries;
  std::sort(sorted.begin(), sorted.end(), [](const expectation& a, const expectation& b) {
    return std::tie(a.test, a.version) < std::tie(b.test, b.version);
  });
  std::string out(head);
  if (!all.broker.empty()) out += fmt::format("broker: {}\n", yaml_text(all.broker));
  out += sorted.empty() ? "expect: []\n" : "expect:\n";
  for (const auto& each : sorted) {
    out += fmt::format("  - test: {}\n    version: {}\n    verdict: {}\n", yaml_text(each.test),
                       each.version, name(each.verdict));
    out += line_of("signature", each.signature);
    out += line_of("reason", each.reason);
    out += line_of("issue", each.issue);
    if (!each.date.empty()) out += fmt::format("    date: {}\n", each.date);
  }
  return out;
}

outcome<void> write_expectations(const std::filesystem::path& file, const expectations& all) {
  return record::write_file_atomically(file, to_yaml(all));
}

}  // namespace gauntlet::conformance
