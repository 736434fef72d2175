#include <algorithm>
#include <map>
#include <optional>

#include "sim/engine/retained_check.hpp"

namespace gauntlet::sim {
namespace {

// An empty payload clears the topic. MQTT 5.0 §3.3.1.3
bool is_empty(const fleet_plan& plan, const fleet_plan::stream_source& source,
              std::uint32_t sequence) {
  byte_buffer payload;
  plan.append_payload(source.device, source.publication, {.sequence = sequence}, payload);
  return payload.empty();
}

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
  if (published.uncertain.contains(last) || published.rejected.contains(last) ||
      is_empty(plan, source, last)) {
    return std::nullopt;
  }
  return retained_value{.topic_name = plan.topic_of(source.device, source.publication),
                        .stream = stream,
                        .sequence = last};
}

bool is_retained(const fleet_plan& plan, history::stream_index stream) {
  const auto source = plan.source_of(stream);
  const publication& what = plan.group_of(source.device).publish[source.publication];
  return what.retain && !what.answers;
}

using value_of_topic = std::map<std::string, std::optional<retained_value>>;

// A will may have come after the last message.
void leave_out_wills(const fleet_plan& plan, value_of_topic& topics) {
  for (std::size_t group = 0; group < plan.described().fleet.size(); ++group) {
    const device_group& devices = plan.described().fleet[group];
    if (!devices.will || !devices.will->retain) continue;
    for (std::uint32_t index = 0; index < devices.count; ++index) {
      const auto will = plan.will_of(plan.first_of_group(group) + index);
      const auto entry = topics.find(will->topic);
      if (entry != topics.end()) entry->second.reset();
    }
  }
}

// Messages without a stamp are in no books.
void leave_out_unstamped(const fleet_plan& plan, value_of_topic& topics) {
  for (std::size_t group = 0; group < plan.described().fleet.size(); ++group) {
    const device_group& devices = plan.described().fleet[group];
    for (std::size_t i = 0; i < devices.publish.size(); ++i) {
      if (!devices.publish[i].retain || devices.publish[i].stamp != stamp_place::none) continue;
      for (std::uint32_t index = 0; index < devices.count; ++index) {
        const auto entry = topics.find(plan.topic_of(plan.first_of_group(group) + index, i));
        if (entry != topics.end()) entry->second.reset();
      }
    }
  }
}

}  // namespace

std::vector<retained_value> expected_retained(const fleet_plan& plan,
                                              const std::vector<const history::ledger*>& books) {
  // A topic with several publishers is kept in the map without a value.
  value_of_topic topics;
  for (const history::ledger* each : books) {
    for (const auto& [stream, published] : each->published) {
      if (!is_retained(plan, stream)) continue;
      const auto source = plan.source_of(stream);
      auto [entry, fresh] = topics.try_emplace(plan.topic_of(source.device, source.publication),
                                               last_of(plan, stream, published));
      if (!fresh) entry->second.reset();
    }
  }
  leave_out_wills(plan, topics);
  leave_out_unstamped(plan, topics);
  std::vector<retained_value> expected;
  for (auto& [topic, value] : topics) {
    if (value) expected.push_back(std::move(*value));
  }
  return expected;
}

}  // namespace gauntlet::sim
