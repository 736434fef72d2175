#include "fuzz/targets/parts/naive_topics.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace gauntlet::fuzz {
namespace {

using levels = std::vector<std::string>;

levels split(std::string_view topic) {
  levels all(1);
  for (const char c : topic) {
    if (c == '/') {
      all.emplace_back();
    } else {
      all.back() += c;
    }
  }
  return all;
}

bool is_valid_text(std::string_view topic) {
  return !topic.empty() && topic.size() <= 65535 && topic.find('\0') == topic.npos;
}

bool holds_wildcard(std::string_view text) {
  return text.find('+') != text.npos || text.find('#') != text.npos;
}

bool match_from(const levels& filter, const levels& name, std::size_t at) {
  if (at == filter.size()) return at == name.size();
  if (filter[at] == "#") return true;  // any number of levels, and none: the parent
  if (at == name.size()) return false;
  return (filter[at] == "+" || filter[at] == name[at]) && match_from(filter, name, at + 1);
}

}  // namespace

bool is_valid_name(std::string_view name) { return is_valid_text(name) && !holds_wildcard(name); }

bool is_valid_filter(std::string_view filter) {
  if (!is_valid_text(filter)) return false;
  const levels all = split(filter);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] == "#" ? i + 1 != all.size() : all[i] != "+" && holds_wildcard(all[i])) return false;
  }
  return true;
}

bool is_valid_shared(std::string_view filter) {
  if (!is_valid_text(filter)) return false;
  const levels all = split(filter);
  if (all.size() < 3 || all[0] != "$share" || all[1].empty() || holds_wildcard(all[1])) {
    return false;
  }
  return is_valid_filter(filter.substr(all[0].size() + all[1].size() + 2));
}

bool naive_matches(std::string_view filter, std::string_view name) {
  if (name.front() == '$' && (filter.front() == '+' || filter.front() == '#')) return false;
  return match_from(split(filter), split(name), 0);
}

}  // namespace gauntlet::fuzz
