#pragma once

// Packets as one line for people: transcripts, messages, logs. Long and unprintable values are cut
// and escaped, so that a line stays a line.

#include <string>

#include "harness/mqtt/packets.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::mqtt {

/// A packet with all its fields that are not at their defaults, as in
/// `PUBLISH qos=1 packet_identifier=7 topic_name="a/b" payload="21.5" (4 bytes)`. Codes are shown
/// as numbers with the name of `version`.
std::string to_text(const packet& any, protocol_version version);

/// A property with its value, as in `receive_maximum=10`.
std::string to_text(const property& item);

/// In quotes, with control characters, quotes and bytes outside ASCII as \xNN; longer than
/// `size_max` bytes it is cut, and told so.
std::string quoted(byte_view text, std::size_t size_max = 80);

}  // namespace gauntlet::mqtt
