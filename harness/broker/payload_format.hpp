#pragma once

// Payload Format Indicator 1: the payload is UTF-8 text (MQTT 5.0 §3.3.2.3.2, §3.1.3.2.3).

#include "harness/base/bytes.hpp"

namespace gauntlet::broker {

/// Whether the payload is UTF-8 as Unicode defines it. Unlike the strings of a packet it may
/// contain U+0000.
bool is_utf8_payload(byte_view payload);

}  // namespace gauntlet::broker
