#pragma once

// What MQTT 5.0 lets a publisher say about a message beside its topic and payload.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "sim/scenario/text_template.hpp"

namespace gauntlet::sim {

/// User Properties in their order: names, and values with placeholders. MQTT 5.0 §3.1.2.11.8
using user_property_list = std::vector<std::pair<std::string, text_template>>;

/// Properties of PUBLISH that the file sets. MQTT 5.0 §3.3.2.3
struct message_properties {
  std::optional<duration> expiry;             ///< Message Expiry Interval, whole seconds
  std::optional<text_template> content_type;  ///< Content Type
  bool is_utf8 = false;                       ///< Payload Format Indicator: UTF-8
  user_property_list user_properties;

  bool empty() const { return !expiry && !content_type && !is_utf8 && user_properties.empty(); }
};

}  // namespace gauntlet::sim
