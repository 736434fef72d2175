#pragma once

// Requests and responses. MQTT 5.0 §4.10

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_request_response_cases(suite& to);

// One file each.
void add_exchange_cases(suite& to);

}  // namespace gauntlet::conformance
