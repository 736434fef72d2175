#include "harness/broker/wrong_matching.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "harness/mqtt/topic.hpp"

namespace gauntlet::broker {
namespace {

constexpr defect all_of_them[] = {
#define GAUNTLET_DEFECT(name, sentence, violates) defect::name,
#include "harness/broker/defects/topics.inc"
#undef GAUNTLET_DEFECT
};

using topic_levels = std::vector<std::string>;

topic_levels levels_of(std::string_view text) {
  topic_levels levels;
  for (;;) {
    const auto end = text.find('/');
    levels.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return levels;
    text.remove_prefix(end + 1);
  }
}

std::string joined(const topic_levels& levels) {
  std::string text;
  for (const std::string& level : levels) text += "/" + level;
  return text.substr(1);
}

// A topic or filter as a defect reads it.
std::string misread(defect_set& defects, std::string text) {
  if (defects.strikes(defect::ignore_case_in_matching)) {
    for (char& letter : text) {
      letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    }
  }
  if (defects.strikes(defect::match_dot_as_separator)) std::ranges::replace(text, '.', '/');
  if (defects.strikes(defect::ignore_spaces_in_matching)) std::erase(text, ' ');
  if (text.size() > 1 && text.front() == '/' &&
      defects.strikes(defect::ignore_leading_separator_in_matching)) {
    text.erase(0, 1);
  }
  if (text.size() > 1 && text.back() == '/' &&
      defects.strikes(defect::ignore_trailing_separator_in_matching)) {
    text.pop_back();
  }
  topic_levels levels = levels_of(text);
  if (defects.strikes(defect::ignore_empty_levels_in_matching)) {
    std::erase(levels, "");
    if (levels.empty()) levels.emplace_back();
  }
  return joined(levels);
}

// What only a filter is misread as.
std::string misread_filter(defect_set& defects, const std::string& text) {
  topic_levels levels = levels_of(text);
  if (defects.strikes(defect::match_asterisk_as_wildcard)) std::ranges::replace(levels, "*", "+");
  if (levels.back() == "+" &&
      defects.strikes(defect::match_several_levels_with_single_level_wildcard)) {
    levels.emplace_back("#");
  }
  return joined(levels);
}

// Whether a defect keeps the filter from matching a name that it does match.
bool misses(defect_set& defects, const topic_levels& filter, const topic_levels& name) {
  const bool has_single = std::ranges::find(filter, "+") != filter.end();
  if (has_single && defects.strikes(defect::match_single_level_wildcard_literally)) return true;
  for (std::size_t i = 0; i < std::min(filter.size(), name.size()); ++i) {
    if (filter[i] == "+" && name[i].empty() &&
        defects.strikes(defect::match_no_empty_level_with_single_level_wildcard)) {
      return true;
    }
  }
  if (filter.back() != "#") return false;
  if (defects.strikes(defect::match_multi_level_wildcard_literally)) return true;
  if (name.size() > filter.size() &&
      defects.strikes(defect::match_one_level_with_multi_level_wildcard)) {
    return true;
  }
  return name.size() < filter.size() &&
         defects.strikes(defect::match_no_parent_with_multi_level_wildcard);
}

}  // namespace

bool matches_wrongly(const defect_set& defects) {
  return std::ranges::any_of(all_of_them, [&](defect each) { return defects.is_on(each); });
}

bool matches_wrongly(defect_set& defects, std::string_view filter, std::string_view name,
                     bool is_shared) {
  std::string read_name = misread(defects, std::string(name));
  std::string read_filter = misread_filter(defects, misread(defects, std::string(filter)));
  if (is_shared && read_filter.size() > 1 && read_filter.front() == '/' &&
      defects.strikes(defect::drop_separator_after_share_name)) {
    read_filter.erase(0, 1);
  }
  if (read_name.starts_with('$') && !read_filter.starts_with('$') &&
      defects.strikes(defect::match_dollar_topic_with_wildcard)) {
    read_name.front() = 'S';
  }
  if (!mqtt::has_wildcard(read_filter) && read_name.starts_with(read_filter + "/") &&
      defects.strikes(defect::match_filter_as_prefix)) {
    return true;
  }
  return mqtt::matches(read_filter, read_name) &&
         !misses(defects, levels_of(read_filter), levels_of(read_name));
}

}  // namespace gauntlet::broker
