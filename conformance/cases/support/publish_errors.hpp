#pragma once

// A PUBLISH with an error: the broker ends the connection, and nobody gets the message.

#include <functional>
#include <string_view>

#include "conformance/suite/breach.hpp"
#include "conformance/suite/context.hpp"
#include "harness/mqtt/raw_packet.hpp"

namespace gauntlet::conformance {

/// The packet as the test wants it, for a payload and a topic that a watcher has subscribed to.
using publish_maker = std::function<byte_buffer(std::string_view topic, std::string_view payload)>;

/// Demands that the broker takes and delivers the control, and refuses the breach without
/// delivering it.
void expect_publish_refused(context& test, const publish_maker& control,
                            const publish_maker& breach, const refusal& manner);

/// A PUBLISH of QoS 0 in the test's version, byte by byte; properties for 5.0 alone.
byte_buffer raw_publish(const context& test, std::string_view topic, std::string_view payload,
                        const mqtt::raw_fields& properties = {}, std::uint8_t first_byte = 0x30);

/// Properties one after the other, legal together or not.
mqtt::raw_fields fields_of(const mqtt::property_list& properties);

/// Makes a PUBLISH of QoS 0 with these properties.
publish_maker carrying(const context& test, const mqtt::property_list& properties);

}  // namespace gauntlet::conformance
