#pragma once

// Topic Aliases that clients use towards the broker (MQTT 5.0 §3.3.2.3.4).

#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/broker/state.hpp"
#include "harness/mqtt/reason_code.hpp"

namespace gauntlet::broker {

/// The topic meant, or why there is none.
struct resolved_topic {
  std::string_view name;  ///< valid until the connection's next alias
  mqtt::reason_code error = mqtt::reason_code::success;
};

/// Gives or looks up an alias. `topic_name` may be empty; the mappings live and die with the
/// connection [MQTT-3.3.2-7].
resolved_topic resolve_topic(broker_state& broker, connection& from, std::string_view topic_name,
                             std::optional<std::uint16_t> alias);

}  // namespace gauntlet::broker
