#pragma once

// Asks a broker what it grants, before the tests.

#include "conformance/suite/arena.hpp"

namespace gauntlet::conformance {

/// What the broker announces in CONNACK, and what it refuses in the words of the standard when
/// asked: QoS, shared subscriptions, clients without identifier. A failure of another kind takes
/// nothing away; the tests will show it.
capabilities learn_capabilities(arena& where, mqtt::protocol_version version);

}  // namespace gauntlet::conformance
