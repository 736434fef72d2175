#include "tests/benchmark/fuzz/figures.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "harness/base/units.hpp"

namespace gauntlet::benchmark {
namespace {

using record::finding_kind;
using texts = std::vector<std::string>;

texts in_order(const std::vector<trial>& trials, std::string trial::*member) {
  texts found;
  for (const trial& each : trials) {
    const std::string& text = each.*member;
    if (std::find(found.begin(), found.end(), text) == found.end()) found.push_back(text);
  }
  return found;
}

/// "median (least to most)"; what is beyond the budget is a dash.
std::string spread(const std::vector<std::optional<double>>& values,
                   const std::function<std::string(double)>& written) {
  std::vector<double> there;
  for (const auto& each : values) {
    if (each) there.push_back(*each);
  }
  if (there.empty()) return "–";
  const auto middle = median_of(values);
  const auto [least, most] = std::minmax_element(there.begin(), there.end());
  return fmt::format("{} ({} to {})", middle ? written(*middle) : "–", written(*least),
                     there.size() == values.size() ? written(*most) : "–");
}

std::string whole(double value) { return format_count(static_cast<std::uint64_t>(value)); }
std::string tenths(double value) { return fmt::format("{:.1f}", value); }

/// All that was played for each finding: what one costs, campaigns without any included.
std::string cost(std::uint64_t inputs, std::size_t found) {
  return found == 0 ? "–" : whole(static_cast<double>(inputs) / static_cast<double>(found));
}

std::string row_of(const std::vector<trial>& trials, const std::string& defect,
                   const std::string& mode) {
  std::vector<std::optional<double>> inputs;
  std::vector<std::optional<double>> seconds;
  std::size_t found = 0;
  std::uint64_t played = 0;
  for (const trial& each : trials) {
    if (each.defect != defect || each.mode != mode) continue;
    found += each.is_found ? 1U : 0U;
    played += each.inputs;
    inputs.push_back(each.is_found ? std::optional(static_cast<double>(each.inputs))
                                   : std::nullopt);
    seconds.push_back(each.is_found ? std::optional(each.seconds) : std::nullopt);
  }
  if (inputs.empty()) return {};
  return fmt::format("| `{}` | {} | {} of {} | {} | {} | {} |\n", defect, mode, found,
                     inputs.size(), spread(inputs, whole), cost(played, found),
                     spread(seconds, tenths));
}

std::string total_of(const std::vector<trial>& trials, const std::string& mode) {
  std::size_t count = 0;
  std::size_t found = 0;
  std::size_t misled = 0;
  std::uint64_t inputs = 0;
  double seconds = 0;
  for (const trial& each : trials) {
    if (each.mode != mode) continue;
    count += 1;
    found += each.is_found ? 1U : 0U;
    misled += each.is_misled ? 1U : 0U;
    inputs += each.inputs;
    seconds += each.seconds;
  }
  return fmt::format("| {} | {} of {} | {} | {} | {} | {:.0f} |\n", mode, found, count, misled,
                     cost(inputs, found),
                     found == 0 ? "–" : tenths(seconds / static_cast<double>(found)),
                     seconds > 0 ? static_cast<double>(inputs) / seconds : 0);
}

}  // namespace

bool fits(std::string_view defect, finding_kind kind) {
  if (defect.starts_with("crash")) {
    return kind == finding_kind::crash || kind == finding_kind::sanitizer;
  }
  // A broker that spins may answer late enough to be taken for one that hangs, and the reverse.
  if (defect.starts_with("hang") || defect.starts_with("spin")) {
    return kind == finding_kind::hang || kind == finding_kind::refusal ||
           kind == finding_kind::spin;
  }
  if (defect.starts_with("leak")) return kind == finding_kind::leak;
  return kind == finding_kind::disturbance;
}

trial trial_of(std::string_view defect, std::string_view mode, const record::fuzz_result& result) {
  trial made{.defect = std::string(defect),
             .mode = std::string(mode),
             .inputs = result.executions,
             .seconds = result.seconds};
  for (const record::fuzz_finding& each : result.findings) {
    if (each.flaky || each.kind == finding_kind::protocol) continue;
    if (!fits(defect, each.kind)) {
      made.is_misled = true;
      continue;
    }
    made.is_found = true;
    made.inputs = each.first_execution;
    made.seconds = each.first_second;
  }
  return made;
}

std::optional<double> median_of(std::vector<std::optional<double>> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end(),
            [](const auto& a, const auto& b) { return a && (!b || *a < *b); });
  const auto& above = values[values.size() / 2];
  const auto& below = values[(values.size() - 1) / 2];
  if (!above || !below) return std::nullopt;
  return (*above + *below) / 2;
}

std::string to_markdown(const std::vector<trial>& trials) {
  const texts modes = in_order(trials, &trial::mode);
  std::string text =
      "| defect | mode | found | inputs until then | inputs for each finding | seconds until then "
      "|\n| --- | --- | ---: | ---: | ---: | ---: |\n";
  for (const std::string& defect : in_order(trials, &trial::defect)) {
    for (const std::string& mode : modes) text += row_of(trials, defect, mode);
  }
  text +=
      "\n| mode | found | ended at something else | inputs for each finding | seconds for each "
      "finding | inputs a second |\n| --- | ---: | ---: | ---: | ---: | ---: |\n";
  for (const std::string& mode : modes) text += total_of(trials, mode);
  return text;
}

outcome<std::string> replace_between_marks(std::string_view text, std::string_view name,
                                           std::string_view content) {
  const std::string begin = fmt::format("<!-- {} begins -->\n", name);
  const std::string end = fmt::format("<!-- {} ends -->", name);
  const std::size_t from = text.find(begin);
  const std::size_t to = from == text.npos ? from : text.find(end, from);
  if (to == text.npos) {
    return bad_input(
        fmt::format("there are no lines '<!-- {} begins -->' and '{}' in the file", name, end));
  }
  return std::string(text.substr(0, from + begin.size())) + "\n" + std::string(content) + "\n" +
         std::string(text.substr(to));
}

}  // namespace gauntlet::benchmark
