#include "harness/broker/topic_alias.hpp"

namespace gauntlet::broker {

resolved_topic resolve_topic(connection& from, std::string_view topic_name,
                             std::optional<std::uint16_t> alias, std::uint16_t alias_maximum) {
  if (!alias) {
    if (topic_name.empty()) return {{}, mqtt::reason_code::protocol_error};
    return {topic_name};
  }
  if (*alias == 0 || *alias > alias_maximum) return {{}, mqtt::reason_code::topic_alias_invalid};

  if (!from.aliases) from.aliases = std::make_unique<topic_aliases>();
  topic_aliases& known = *from.aliases;
  if (known.size() < *alias) known.resize(*alias);
  std::string& mapped = known[*alias - 1U];
  if (!topic_name.empty()) mapped = topic_name;  // a new mapping, or one in place of an older
  if (mapped.empty()) return {{}, mqtt::reason_code::protocol_error};
  return {mapped};
}

}  // namespace gauntlet::broker
