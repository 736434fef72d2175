#pragma once

// An input as people read it: a line a step.

#include <string>

#include "fuzz/input/input.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::fuzz {

/// The version that each CONNECT of a byte stream asks for, to read what follows it.
mqtt::protocol_version version_of_connect(byte_view packet, mqtt::protocol_version otherwise);

/// A line a step: "1  C0  CONNECT client_id=... | 10 1c 00 04 ...". Bytes that are no packet say
/// why.
std::string to_script(const input& of);

}  // namespace gauntlet::fuzz
