#pragma once

// Two ways into one broker, a cluster, or two brokers with a bridge: publish at the one, subscribe
// at the other. MQTT 5.0 §4.5

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_two_endpoints_cases(suite& to);

}  // namespace gauntlet::conformance
