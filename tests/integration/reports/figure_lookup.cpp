#include "tests/integration/reports/figure_lookup.hpp"

#include <map>
#include <regex>

#include <boost/json.hpp>

#include "harness/record/json.hpp"

namespace gauntlet::reports {
namespace {

namespace js = boost::json;

std::string unescaped(std::string text) {
  const std::pair<std::string, std::string> entities[] = {
      {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&nbsp;", " "}, {"&amp;", "&"}};
  for (const auto& [entity, character] : entities) {
    for (std::size_t at = 0; (at = text.find(entity, at)) != std::string::npos; ++at) {
      text.replace(at, entity.size(), character);
    }
  }
  return text;
}

std::optional<double> number_at(const js::value& root, std::string_view pointer) {
  boost::system::error_code missing;
  const auto* found = root.find_pointer(pointer, missing);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  return found->to_number<double>();
}

std::optional<double> sum_over(const js::value& list, std::string_view rest) {
  double sum = 0;
  const auto add = [&](const js::value& each) {
    const auto number = number_at(each, rest);
    if (number) sum += *number;
    return number.has_value();
  };
  if (const auto* array = list.if_array()) {
    for (const auto& each : *array) {
      if (!add(each)) return std::nullopt;
    }
    return sum;
  }
  if (const auto* object = list.if_object()) {
    for (const auto& [key, each] : *object) {
      if (!add(each)) return std::nullopt;
    }
    return sum;
  }
  return std::nullopt;
}

}  // namespace

std::vector<page_figure> figures_on(const std::string& dom) {
  const std::regex element(
      "<data class=\"figure [a-z]+\" data-figure=\"([^\"]*)\" value=\"([^\"]*)\">"
      "([^<]*)(?:<span class=\"unit\">([^<]*)</span>)?</data>");
  std::vector<page_figure> figures;
  for (std::sregex_iterator at(dom.begin(), dom.end(), element), end; at != end; ++at) {
    figures.push_back({unescaped((*at)[1]), (*at)[2], (*at)[3].str() + (*at)[4].str()});
  }
  return figures;
}

figure_truth::figure_truth(record::run_result run)
    : run_(std::move(run)), json_(js::parse(record::to_json(run_))) {}

std::optional<double> figure_truth::at(std::string_view path) const {
  if (path == "/measured/flows/*/latency_from_schedule/p99_ns") {
    record::histogram all;
    for (const auto& flow : run_.measured.flows) all.merge(flow.latency_from_schedule);
    return static_cast<double>(all.percentile(99).count());
  }
  const auto star = path.find("/*");
  if (star == std::string_view::npos) return number_at(json_, path);
  boost::system::error_code missing;
  const auto* list = json_.find_pointer(path.substr(0, star), missing);
  return list == nullptr ? std::nullopt : sum_over(*list, path.substr(star + 2));
}

std::optional<double> number_of_text(std::string_view text) {
  static const std::map<std::string, double> units{
      {"", 1},  {"ns", 1},       {"\u00b5s", 1e3},   {"ms", 1e6},          {"s", 1e9},
      {"B", 1}, {"KiB", 1024.0}, {"MiB", 1048576.0}, {"GiB", 1073741824.0}};
  std::string digits;
  std::size_t at = 0;
  for (; at < text.size() &&
         std::string_view("0123456789.,").find(text[at]) != std::string_view::npos;
       ++at) {
    if (text[at] != ',') digits += text[at];
  }
  constexpr std::string_view thin_space = "\u202f";
  auto unit = text.substr(at);
  if (unit.substr(0, thin_space.size()) == thin_space) unit.remove_prefix(thin_space.size());
  const auto factor = units.find(std::string(unit));
  if (digits.empty() || factor == units.end()) return std::nullopt;
  return std::stod(digits) * factor->second;
}

}  // namespace gauntlet::reports
