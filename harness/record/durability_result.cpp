#include "harness/record/durability_result.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "harness/base/utf8.hpp"

namespace gauntlet::record {
namespace {

namespace js = boost::json;

js::object write(const durability_ending& ending) {
  js::array counts;
  for (const durability_count& each : ending.counts) {
    counts.push_back(js::object{{"state", each.state},
                                {"acknowledged", each.acknowledged},
                                {"lost", each.lost},
                                {"doubled", each.doubled}});
  }
  return {{"ending", ending.ending},
          {"failure", to_valid_utf8(ending.failure)},
          {"counts", std::move(counts)}};
}

std::string cell(const durability_ending& ending, const std::string& state) {
  for (const durability_count& each : ending.counts) {
    if (each.state != state || each.acknowledged == 0) continue;
    std::string text = each.lost == 0 ? "all kept"
                                      : std::to_string(each.lost) + " of " +
                                            std::to_string(each.acknowledged) + " lost";
    if (each.doubled > 0) text += ", " + std::to_string(each.doubled) + " doubled";
    return text;
  }
  return "-";
}

using table = std::vector<std::vector<std::string>>;

std::string aligned(const table& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (std::size_t line = 0; line < rows.size(); ++line) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      text += "| " + rows[line][i] + std::string(widths[i] - rows[line][i].size() + 1, ' ');
    }
    text += "|\n";
    if (line != 0) continue;
    for (const std::size_t width : widths) text += "| " + std::string(width, '-') + " ";
    text += "|\n";
  }
  return text;
}

}  // namespace

std::string to_json(const durability_result& result) {
  js::array words;
  for (const std::string& word : result.command_line) words.push_back(js::value(word));
  js::array endings;
  for (const durability_ending& each : result.endings) endings.push_back(write(each));
  return js::serialize(js::object{{"format", "gauntlet.durability_result"},
                                  {"format_version", 1},
                                  {"tool_version", result.tool_version},
                                  {"command_line", std::move(words)},
                                  {"target", result.target},
                                  {"product", result.product},
                                  {"protocol", result.protocol},
                                  {"started", to_iso8601(result.started)},
                                  {"endings", std::move(endings)}}) +
         "\n";
}

std::string to_markdown(const durability_result& result) {
  table rows = {{"state"}};
  std::vector<std::string> states;
  for (const durability_ending& ending : result.endings) {
    rows.front().push_back(ending.ending);
    for (const durability_count& each : ending.counts) {
      if (std::find(states.begin(), states.end(), each.state) == states.end()) {
        states.push_back(each.state);
      }
    }
  }
  for (const std::string& state : states) {
    rows.push_back({state});
    for (const durability_ending& ending : result.endings) {
      rows.back().push_back(cell(ending, state));
    }
  }
  std::string text = "Durability of " + result.product + " (" + result.target + "), MQTT " +
                     result.protocol + "\n\n" + aligned(rows);
  for (const durability_ending& ending : result.endings) {
    if (!ending.failure.empty()) text += "\n" + ending.ending + ": " + ending.failure + "\n";
  }
  return text;
}

}  // namespace gauntlet::record
