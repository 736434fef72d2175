// Fuzz target: any text is a scenario or a list of complaints with places in that text; and a tree
// of YAML means the same after it was written out and read again.

#include <algorithm>
#include <string>

#include "harness/base/assert.hpp"
#include "harness/base/bytes.hpp"
#include "harness/config/node.hpp"
#include "harness/config/yaml_text.hpp"
#include "sim/scenario/load_scenarios.hpp"

namespace gauntlet::fuzz {
namespace {

/// Paths in the text lead nowhere: relative ones to a folder that there is not.
constexpr const char* file_name = "/nonexistent/scenario.yaml";

bool same_tree(const config::node& a, const config::node& b) {
  // Quotes may be added, never lost: "5" is not the number 5.
  if (a.quoted && !b.quoted) return false;
  if (a.is != b.is || a.scalar != b.scalar || a.items.size() != b.items.size() ||
      a.members.size() != b.members.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!same_tree(a.items[i], b.items[i])) return false;
  }
  for (std::size_t i = 0; i < a.members.size(); ++i) {
    if (a.members[i].key != b.members[i].key) return false;
    if (!same_tree(a.members[i].value, b.members[i].value)) return false;
  }
  return true;
}

void check_diagnostics(const std::vector<config::diagnostic>& all, std::string_view text) {
  GAUNTLET_ASSERT(!all.empty());
  const auto lines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')) + 2;
  for (const config::diagnostic& each : all) {
    GAUNTLET_ASSERT(!each.message.empty());
    GAUNTLET_ASSERT(each.file != file_name || each.at.line <= lines);
  }
}

/// Answers the tree written out; empty if the text is no YAML.
std::string check_yaml(std::string_view text) {
  config::diagnostics wrong(file_name);
  const config::node root = config::parse_yaml(text, wrong);
  if (!wrong.empty()) {
    check_diagnostics(wrong.take(), text);
    return {};
  }
  std::string written = config::to_yaml(root);
  const config::node again = config::parse_yaml(written, wrong);
  GAUNTLET_ASSERT(wrong.empty() && same_tree(root, again));
  return written;
}

void run(std::string_view text) {
  const std::string written = check_yaml(text);
  const auto loaded = sim::parse_scenarios(text, file_name, {});
  if (!loaded) return check_diagnostics(loaded.error(), text);
  GAUNTLET_ASSERT(!loaded->empty() && !written.empty());
  const auto again = sim::parse_scenarios(written, file_name, {});
  GAUNTLET_ASSERT(again.has_value() && again->size() == loaded->size());
  for (std::size_t i = 0; i < loaded->size(); ++i) {
    const sim::scenario& one = (*loaded)[i].described;
    const sim::scenario& other = (*again)[i].described;
    GAUNTLET_ASSERT(one.name == other.name && one.seed == other.seed);
    GAUNTLET_ASSERT(one.device_count() == other.device_count());
    GAUNTLET_ASSERT(one.publish_for == other.publish_for);
    GAUNTLET_ASSERT(one.expect.size() == other.expect.size());
  }
}

}  // namespace
}  // namespace gauntlet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gauntlet::fuzz::run(gauntlet::as_text({data, size}));
  return 0;
}
