#pragma once

// Readers of the notations that several parts of a scenario share.

#include <string>

#include "harness/config/reader.hpp"
#include "harness/mqtt/protocol.hpp"
#include "sim/scenario/message_properties.hpp"
#include "sim/scenario/text_template.hpp"

namespace gauntlet::sim {

/// A name of 1 to 64 letters, digits, dots, dashes and underscores: safe in topics, client
/// identifiers and file names.
config::reader<std::string> identifier();

/// 0, 1 or 2.
config::reader<mqtt::qos> qos_level();

/// Text with placeholders, of at least `length_min` bytes as written.
config::reader<text_template> template_text(std::size_t length_min = 1);

/// A Four Byte Integer of seconds, less the value that may mean "never". MQTT 5.0 §3.1.2.11.2
inline constexpr duration four_byte_seconds_max = std::chrono::seconds(4'294'967'294);

/// Path of a file, from the folder of the file in which it stands.
config::reader<std::string> file_path();

/// The same with placeholders.
config::reader<text_template> path_template();

/// Names, and values with placeholders.
config::reader<user_property_list> user_properties_reader();

/// A duration in whole seconds, as MQTT counts its intervals, from 0 to `max`.
config::reader<duration> whole_seconds(duration max);

/// A whole number that fits 32 bits, from `min`.
config::reader<std::uint32_t> count_from(std::uint32_t min, std::uint32_t max = UINT32_MAX);

}  // namespace gauntlet::sim
