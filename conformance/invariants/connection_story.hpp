#pragma once

// What went over one connection so far, as far as rules of later packets need it.

#include <cstdint>

#include "harness/mqtt/packets.hpp"

namespace gauntlet::conformance {

/// One connection of a test.
struct connection_story {
  mqtt::protocol_version version = mqtt::protocol_version::v5;
};

}  // namespace gauntlet::conformance
