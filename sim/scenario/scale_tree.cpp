#include "sim/scenario/scale_tree.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "harness/base/units.hpp"

namespace gauntlet::sim {
namespace {

config::node* find(config::node& in, std::string_view key) {
  for (config::member& each : in.members) {
    if (each.key == key) return &each.value;
  }
  return nullptr;
}

std::optional<std::uint64_t> count_of(const config::node& from) {
  std::uint64_t count = 0;
  const char* end = from.scalar.data() + from.scalar.size();
  const auto read = std::from_chars(from.scalar.data(), end, count);
  if (from.quoted || read.ec != std::errc{} || read.ptr != end || count == 0) return std::nullopt;
  return count;
}

std::string scale_group(config::node& group, double by) {
  const config::node* name = group.find("group");
  config::node* written = find(group, "count");
  if (name == nullptr || written == nullptr) return {};
  const auto count = count_of(*written);
  if (!count) return {};
  const config::node* may_scale = group.find("scale");
  if (may_scale != nullptr && may_scale->scalar == "false") {
    return name->scalar + ": " + format_count(*count) + (*count == 1 ? " device" : " devices") +
           " as before (scale: false)";
  }
  const double wanted = std::round(static_cast<double>(*count) * by);
  const auto scaled = static_cast<std::uint64_t>(std::clamp(wanted, 1.0, 1e15));
  written->scalar = std::to_string(scaled);
  return name->scalar + ": " + format_count(scaled) + (scaled == 1 ? " device" : " devices") +
         ", of " + format_count(*count);
}

}  // namespace

std::vector<std::string> scale_tree(config::node& scenario, double by) {
  std::vector<std::string> changed;
  if (config::node* fleet = find(scenario, "fleet")) {
    for (config::node& group : fleet->items) {
      std::string said = scale_group(group, by);
      if (!said.empty()) changed.push_back(std::move(said));
    }
  }
  config::node* arrival = find(scenario, "arrival");
  config::node* pace = arrival == nullptr ? nullptr : find(*arrival, "rate");
  if (pace == nullptr) return changed;
  if (const auto written = parse_rate(pace->scalar)) {
    const rate scaled{.count = written->count * by, .per = written->per};
    changed.push_back("arrival: " + format_rate(scaled) + ", of " + pace->scalar);
    pace->scalar = format_rate(scaled);
  }
  return changed;
}

}  // namespace gauntlet::sim
