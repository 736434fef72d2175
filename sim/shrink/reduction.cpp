#include "sim/shrink/reduction.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "harness/base/units.hpp"

namespace gauntlet::sim {
namespace {

/// Where a value stands in a tree: keys and positions from the root.
struct step {
  std::string key;
  std::size_t index = 0;  ///< when the key is empty
};
using route = std::vector<step>;

config::node& at(config::node& root, const route& where) {
  config::node* reached = &root;
  for (const step& each : where) {
    if (each.key.empty()) {
      reached = &reached->items[each.index];
      continue;
    }
    for (config::member& candidate : reached->members) {
      if (candidate.key != each.key) continue;
      reached = &candidate.value;
      break;
    }
  }
  return *reached;
}

std::string to_text(const route& where) {
  std::string text;
  for (const step& each : where) {
    if (each.key.empty()) {
      text += "[" + std::to_string(each.index) + "]";
    } else {
      text += (text.empty() ? "" : ".") + each.key;
    }
  }
  return text;
}

route joined(route where, step next) {
  where.push_back(std::move(next));
  return where;
}

class collector {
 public:
  explicit collector(const config::node& scenario) : root_(scenario) {}

  std::vector<reduction> take() {
    shorten_times(root_, {}, {"duration"});
    parts_of("stages", [&](const config::node& each, const route& where) {
      shorten_times(each, where, {"duration"});
    });
    for (const char* list : {"faults", "expect", "disturbances", "stages", "fleet"}) {
      drop_items(root_, {{.key = list}}, list == std::string_view("fleet") ? 1 : 0);
    }
    if (const config::node* chaos = root_.find("chaos")) {
      halve_number(*chaos, {{.key = "chaos"}}, "at_most");
      drop_items(*chaos, {{.key = "chaos"}, {.key = "from"}}, 1);
    }
    parts_of("fleet", [&](const config::node& group, const route& where) {
      halve_number(group, where, "count");
    });
    parts_of("fleet", [&](const config::node& group, const route& where) {
      for (const char* list : {"publish", "subscribe", "on_message"}) {
        drop_items(group, joined(where, {.key = list}), 0);
      }
      drop_members(group, where, {"group", "count", "publish", "subscribe"});
    });
    parts_of("faults", [&](const config::node& fault, const route& where) {
      shorten_times(fault, where, {"for"});
      drop_members(fault, where, {});
    });
    drop_members(root_, {}, {"name", "fleet", "duration", "seed", "guarantees", "faults"});
    return std::move(all_);
  }

 private:
  template <class Use>
  void parts_of(const std::string& list, const Use& use) {
    const config::node* found = root_.find(list);
    if (found == nullptr) return;
    for (std::size_t i = 0; i < found->items.size(); ++i) {
      use(found->items[i], route{{.key = list}, {.index = i}});
    }
  }

  /// Halves, quarters and so on of a list, down to single items; at least `least` are left.
  void drop_items(const config::node& holder, const route& list, std::size_t least) {
    const config::node* found = holder.find(list.back().key);
    if (found == nullptr || found->items.empty()) return;
    const std::size_t count = found->items.size();
    for (std::size_t length = count; length > 0; length /= 2) {
      if (count - length < least) continue;
      for (std::size_t first = 0; first < count; first += length) {
        const std::size_t last = std::min(first + length, count);
        add_removal(list, first, last);
      }
    }
  }

  void add_removal(const route& list, std::size_t first, std::size_t last) {
    std::string text = "without " + to_text(list) + "[" + std::to_string(first);
    if (last - first > 1) text += " to " + std::to_string(last - 1);
    all_.push_back({text + "]", [list, first, last](config::node& scenario) {
                      auto& items = at(scenario, list).items;
                      const auto begin = items.begin();
                      items.erase(begin + static_cast<std::ptrdiff_t>(first),
                                  begin + static_cast<std::ptrdiff_t>(last));
                      if (items.empty()) remove_member(scenario, list);
                    }});
  }

  static void remove_member(config::node& scenario, route where) {
    const std::string key = where.back().key;
    where.pop_back();
    std::erase_if(at(scenario, where).members,
                  [&](const config::member& each) { return each.key == key; });
  }

  void drop_members(const config::node& holder, const route& where,
                    const std::vector<std::string_view>& kept) {
    for (const config::member& each : holder.members) {
      if (std::find(kept.begin(), kept.end(), each.key) != kept.end()) continue;
      const route member = joined(where, {.key = each.key});
      all_.push_back({"without " + to_text(member),
                      [member](config::node& scenario) { remove_member(scenario, member); }});
    }
  }

  void halve_number(const config::node& holder, const route& where, const std::string& key) {
    const config::node* found = holder.find(key);
    if (found == nullptr) return;
    std::uint64_t number = 0;
    const char* end = found->scalar.data() + found->scalar.size();
    const auto read = std::from_chars(found->scalar.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end || number < 2) return;
    // The smallest first, for most failures need no more than one or two.
    for (const std::uint64_t smaller : {std::uint64_t{1}, std::uint64_t{2}, number / 10, number / 2,
                                        number * 3 / 4, number * 9 / 10, number - 1}) {
      if (smaller == 0 || smaller >= number) continue;
      change(joined(where, {.key = key}), found->scalar, std::to_string(smaller));
    }
  }

  void shorten_times(const config::node& holder, const route& where,
                     const std::vector<std::string>& keys) {
    for (const std::string& key : keys) {
      const config::node* found = holder.find(key);
      if (found == nullptr) continue;
      const auto length = parse_duration(found->scalar);
      if (!length) continue;
      for (const int part : {10, 2}) {
        const duration shorter =
            std::max<duration>(std::chrono::ceil<std::chrono::milliseconds>(*length / part),
                               std::chrono::milliseconds(100));
        if (shorter >= *length) continue;
        change(joined(where, {.key = key}), found->scalar, format_duration(shorter));
      }
    }
  }

  void change(const route& where, const std::string& from, const std::string& to) {
    all_.push_back({to_text(where) + ": " + to + " instead of " + from,
                    [where, to](config::node& scenario) { at(scenario, where).scalar = to; }});
  }

  const config::node& root_;
  std::vector<reduction> all_;
};

}  // namespace

std::vector<reduction> reductions_of(const config::node& scenario) {
  return collector(scenario).take();
}

}  // namespace gauntlet::sim
