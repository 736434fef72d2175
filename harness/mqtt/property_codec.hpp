#pragma once

// The properties part of a packet, read and written by the property table. MQTT 5.0 §2.2.2

#include "harness/mqtt/property.hpp"
#include "harness/mqtt/property_table.hpp"
#include "harness/mqtt/wire_reader.hpp"
#include "harness/mqtt/wire_writer.hpp"

namespace gauntlet::mqtt {

/// Reads the Property Length and checks all properties; answers their bytes without the length.
byte_view read_property_bytes(wire_reader& reader, property_place place, sender from) noexcept;

/// Reads the Property Length and the properties; nothing in 3.1.1.
property_list read_properties(wire_reader& reader, property_place place, sender from);

/// An owned copy of properties that have been checked.
property_list to_property_list(byte_view properties);

/// Writes the Property Length and the properties; refuses any in 3.1.1.
void write_properties(wire_writer& writer, const property_list& properties);

}  // namespace gauntlet::mqtt
