#pragma once

// Whether a well-formed CONNECT is let in (MQTT 5.0 §3.1.4; 3.1.1 §3.1.4, §3.2.2.3).

#include <optional>
#include <string_view>

#include "harness/broker/state.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::broker {

/// Why not.
struct admission_refusal {
  mqtt::reason_code reason;
  std::string_view why;  ///< static text for the log
};

/// What can be said before it is known who the client is; nothing if it may go on.
std::optional<admission_refusal> check_admission(broker_state& broker, const mqtt::connect& packet);

/// Whether there is room for the session that it asks for.
std::optional<admission_refusal> check_session_limit(broker_state& broker,
                                                     const mqtt::connect& packet);

}  // namespace gauntlet::broker
