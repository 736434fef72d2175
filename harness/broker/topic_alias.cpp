#include "harness/broker/topic_alias.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::reason_code;

// Whether the client may use this alias: 1 to what CONNACK said [MQTT-3.3.2-8, -9, -12].
bool is_in_range(broker_state& broker, std::uint16_t alias) {
  const std::uint16_t maximum = broker.options.capabilities.topic_alias_maximum;
  if (alias == 0) return false;
  if (alias > maximum) return broker.defects.strikes(defect::accept_topic_alias_above_maximum);
  return alias < maximum || !broker.defects.strikes(defect::refuse_highest_topic_alias);
}

topic_aliases& aliases_of(broker_state& broker, connection& from) {
  auto& remembered = broker.defect_memory.aliases;
  if (broker.defects.strikes(defect::share_topic_aliases_between_clients)) return remembered[""];
  if (broker.defects.strikes(defect::keep_topic_aliases_over_reconnect)) {
    return remembered[from.bound->client_id];
  }
  if (!from.aliases) from.aliases = std::make_unique<topic_aliases>();
  return *from.aliases;
}

}  // namespace

resolved_topic resolve_topic(broker_state& broker, connection& from, std::string_view topic_name,
                             std::optional<std::uint16_t> alias) {
  if (!alias) {
    if (topic_name.empty()) return {{}, reason_code::protocol_error};
    return {topic_name};
  }
  if (!is_in_range(broker, *alias)) return {{}, reason_code::topic_alias_invalid};

  topic_aliases& known = aliases_of(broker, from);
  if (known.size() < *alias) known.resize(*alias);
  std::string& mapped = known[*alias - 1U];
  // A new mapping, or one in place of an older.
  const bool keeps_older =
      !mapped.empty() && broker.defects.strikes(defect::ignore_new_topic_alias_mapping);
  if (!topic_name.empty() && !keeps_older) mapped = topic_name;
  if (mapped.empty()) return {{}, reason_code::protocol_error};
  return {mapped};
}

}  // namespace gauntlet::broker
