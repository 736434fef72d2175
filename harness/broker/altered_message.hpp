#pragma once

// What defects do to a message that was taken over from a publisher (MQTT 5.0 §3.3.2, §3.3.3,
// §4.7.3): a correct broker passes on every byte of topic, properties and payload. Called only
// while a defect is on.

#include <cstdint>
#include <optional>

#include "harness/broker/state.hpp"
#include "harness/mqtt/publish_view.hpp"

namespace gauntlet::broker {

/// Alters the message in hand as the defects that are on have it. What it then views lives in
/// broker.defect_memory until the next message. `alias` is the Topic Alias it came with, if any.
void alter_message(broker_state& broker, message_view& message, const mqtt::publish_view& received,
                   std::optional<std::uint16_t> alias);

}  // namespace gauntlet::broker
