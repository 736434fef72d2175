#include <algorithm>
#include <map>
#include <optional>

#include "sim/engine/retained_check.hpp"

namespace gauntlet::sim {
namespace {

// The last message of a stream, if the broker surely has to retain it.
std::optional<retained_value> last_of(const fleet_plan& plan, history::stream_index stream,
                                      const history::published_stream& published) {
  const auto source = plan.source_of(stream);
  const publication& what = plan.group_of(source.device).publish[source.publication];
  if (published.sent == 0 || what.qos == mqtt::qos::at_most_once || what.properties.expiry ||
      what.stamp == stamp_place::none) {
    return std::nullopt;
  }
  const std::uint32_t last = published.sent - 1;
  if (published.uncertain.contains(last) || published.rejected.contains(last)) return std::nullopt;
  return retained_value{.topic_name = plan.topic_of(source.device, source.publication),
                        .stream = stream,
                        .sequence = last};
}

bool is_retained(const fleet_plan& plan, history::stream_index stream) {
  const auto source = plan.source_of(stream);
  const publication& what = plan.group_of(source.device).publish[source.publication];
  return what.retain && !what.answers;
}

}  // namespace

std::vector<retained_value> expected_retained(const fleet_plan& plan,
                                              const std::vector<const history::ledger*>& books) {
  // A topic with several publishers is kept in the map without a value.
  std::map<std::string, std::optional<retained_value>> topics;
  for (const history::ledger* each : books) {
    for (const auto& [stream, published] : each->published) {
      if (!is_retained(plan, stream)) continue;
      const auto source = plan.source_of(stream);
      auto [entry, fresh] = topics.try_emplace(plan.topic_of(source.device, source.publication),
                                               last_of(plan, stream, published));
      if (!fresh) entry->second.reset();
    }
  }
  std::vector<retained_value> expected;
  for (auto& [topic, value] : topics) {
    if (value && expected.size() < retained_topics_max) expected.push_back(std::move(*value));
  }
  return expected;
}

}  // namespace gauntlet::sim
