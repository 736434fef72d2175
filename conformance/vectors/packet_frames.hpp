#pragma once

// Packets of 5.0 field by field, around a Property Length and properties of one's own making.

#include <vector>

#include "conformance/vectors/vector.hpp"
#include "harness/mqtt/property_table.hpp"

namespace gauntlet::conformance {

/// The places where a client puts properties, AUTH left out: without a method that the broker knows
/// there is no legal AUTH to compare with.
inline constexpr mqtt::property_place client_places[] = {
    mqtt::property_place::connect,     mqtt::property_place::will,
    mqtt::property_place::publish,     mqtt::property_place::puback,
    mqtt::property_place::pubrec,      mqtt::property_place::pubrel,
    mqtt::property_place::pubcomp,     mqtt::property_place::subscribe,
    mqtt::property_place::unsubscribe, mqtt::property_place::disconnect};

/// The packet that carries the properties of the place.
const canonical_packet& packet_at(mqtt::property_place place);

/// That packet with `block` in place of Property Length and properties.
byte_buffer frame_with(mqtt::property_place place, const mqtt::raw_fields& block,
                       const occasion& at);

/// A legal value of a property of a client, as harmless as can be.
mqtt::property sample_property(mqtt::property_id id, const occasion& at);

/// In identifiers of tests: "topic-alias", "will-properties".
std::string dashed(std::string_view name);

}  // namespace gauntlet::conformance
