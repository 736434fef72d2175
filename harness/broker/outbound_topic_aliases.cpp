#include "harness/broker/outbound_topic_aliases.hpp"

namespace gauntlet::broker {

outbound_alias outbound_topic_aliases::choose(std::string_view topic) const {
  if (const auto found = given_.find(topic); found != given_.end()) return {found->second, true};
  if (given_.size() >= maximum_) return {};
  return {static_cast<std::uint16_t>(given_.size() + 1), false};
}

void outbound_topic_aliases::remember(std::string_view topic, std::uint16_t number) {
  given_.emplace(std::string(topic), number);
}

}  // namespace gauntlet::broker
