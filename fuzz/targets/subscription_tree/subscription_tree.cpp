// Fuzz target: the subscription tree against a sorted list of filters that are matched one by one.
//
//   a line each: '+' and a filter adds it, '-' and a filter removes it, '=' and a filter replaces
//   its value, anything else is a name that is looked up

#include "harness/mqtt/subscription_tree.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fuzz/targets/parts/input_reader.hpp"
#include "fuzz/targets/parts/naive_topics.hpp"
#include "harness/base/assert.hpp"

namespace gauntlet::fuzz {
namespace {

class comparison {
 public:
  void run(input_reader input) {
    while (!input.empty()) {
      const std::string line(input.text_until('\n'));
      if (!line.empty()) step(line);
    }
    check_all();
    tree_.clear();
    GAUNTLET_ASSERT(tree_.empty());
  }

 private:
  void step(const std::string& line) {
    const std::string filter = line.substr(1);
    if (line[0] == '+') {
      if (is_valid_filter(filter)) add(filter);
    } else if (line[0] == '-') {
      if (is_valid_filter(filter)) remove(filter);
    } else if (line[0] == '=') {
      if (is_valid_filter(filter)) replace(filter);
    } else if (is_valid_name(line)) {
      look_up(line);
    }
    GAUNTLET_ASSERT(tree_.size() == model_.size());
  }

  void add(const std::string& filter) {
    const bool is_new = model_.emplace(filter, ++last_value_).second;
    GAUNTLET_ASSERT(tree_.add(filter, last_value_) == is_new);
    GAUNTLET_ASSERT(tree_.find(filter) != nullptr && *tree_.find(filter) == model_[filter]);
  }

  void replace(const std::string& filter) {
    const bool is_new = model_.insert_or_assign(filter, ++last_value_).second;
    GAUNTLET_ASSERT(tree_.replace(filter, last_value_) == !is_new);
  }

  void remove(const std::string& filter) {
    GAUNTLET_ASSERT(tree_.remove(filter) == (model_.erase(filter) == 1));
    GAUNTLET_ASSERT(tree_.find(filter) == nullptr);
  }

  void look_up(const std::string& name) {
    std::vector<std::uint32_t> found;
    tree_.match(name, [&found](std::uint32_t value) { found.push_back(value); });
    std::vector<std::uint32_t> expected;
    for (const auto& [filter, value] : model_) {
      if (naive_matches(filter, name)) expected.push_back(value);
    }
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    GAUNTLET_ASSERT(found == expected);
  }

  void check_all() {
    std::map<std::string, std::uint32_t> visited;
    tree_.visit([&visited](std::string_view filter, std::uint32_t value) {
      GAUNTLET_ASSERT(visited.emplace(filter, value).second);
    });
    GAUNTLET_ASSERT(visited == model_);
  }

  mqtt::subscription_tree<std::uint32_t> tree_;
  std::map<std::string, std::uint32_t> model_;
  std::uint32_t last_value_ = 0;
};

}  // namespace
}  // namespace gauntlet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gauntlet::fuzz::comparison().run(gauntlet::fuzz::input_reader({data, size}));
  return 0;
}
