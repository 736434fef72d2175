#include "fuzz/self/fuzzer_log.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace gauntlet::fuzz {
namespace {

/// The number behind the first `words` of the line.
std::optional<std::uint64_t> number_behind(std::string_view line, std::string_view words) {
  const auto at = line.find(words);
  if (at == line.npos) return std::nullopt;
  line.remove_prefix(at + words.size());
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  std::uint64_t number = 0;
  const auto read = std::from_chars(line.data(), line.data() + line.size(), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

bool says_what_broke(std::string_view line) {
  constexpr std::array<std::string_view, 5> signs{
      "invariant broken:", "runtime error:", "ERROR: AddressSanitizer", "ERROR: LeakSanitizer",
      "ERROR: libFuzzer"};
  return std::any_of(signs.begin(), signs.end(),
                     [line](std::string_view sign) { return line.find(sign) != line.npos; });
}

void read_line(std::string_view line, fuzzer_log& into) {
  constexpr std::string_view written = "Test unit written to ";
  if (const auto edges = number_behind(line, " cov: ")) into.edges = *edges;
  if (const auto runs = number_behind(line, "stat::number_of_executed_units:")) {
    into.executions = *runs;
  }
  if (const auto files = number_behind(line, "MERGE-OUTER: ");
      files && line.find(" new files with ") != line.npos) {
    into.files_merged = static_cast<std::size_t>(*files);
  }
  if (const auto at = line.find(written); at != line.npos) {
    into.artifact = line.substr(at + written.size());
  }
  if (into.reason.empty() && says_what_broke(line)) into.reason = line;
}

}  // namespace

fuzzer_log read_fuzzer_log(std::string_view output) {
  fuzzer_log log;
  while (!output.empty()) {
    const auto end = std::min(output.find('\n'), output.size());
    read_line(output.substr(0, end), log);
    output.remove_prefix(std::min(end + 1, output.size()));
  }
  return log;
}

}  // namespace gauntlet::fuzz
