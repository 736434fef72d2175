#include "conformance/invariants/session_story.hpp"

#include "harness/mqtt/topic.hpp"

namespace gauntlet::conformance {

bool subscription_record::is_shared(mqtt::protocol_version version) const {
  return version == mqtt::protocol_version::v5 && mqtt::is_shared_subscription(topic_filter);
}

bool subscription_record::covers(std::string_view topic_name,
                                 mqtt::protocol_version version) const {
  if (!mqtt::validate_topic_filter(topic_filter, version)) return false;
  if (!is_shared(version) && mqtt::matches(topic_filter, topic_name)) return true;
  // Brokers may know shared subscriptions in 3.1.1 as well, as an extension.
  if (!mqtt::is_shared_subscription(topic_filter)) return false;
  const auto parts = mqtt::parse_shared_subscription(topic_filter);
  return parts.has_value() && mqtt::matches(parts->filter, topic_name);
}

}  // namespace gauntlet::conformance
