#pragma once

// A PUBLISH of a given size on the wire.

#include <cstdint>
#include <string>

#include "harness/mqtt/packets.hpp"

namespace gauntlet::conformance {

/// A PUBLISH without properties that takes `size_bytes` in 5.0; the payload fills it up.
mqtt::publish publish_of_size(std::string topic, std::uint32_t size_bytes, mqtt::qos qos);

/// How many bytes a packet takes in 5.0.
std::size_t size_in_v5(const mqtt::packet& packet);

}  // namespace gauntlet::conformance
