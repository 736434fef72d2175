#pragma once

// Flow control both ways: the client's and the broker's Receive Maximum. MQTT 5.0 §4.9

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_flow_control_cases(suite& to);

// One file each.
void add_client_receive_maximum_cases(suite& to);
void add_exhausted_quota_cases(suite& to);
void add_broker_receive_maximum_cases(suite& to);

}  // namespace gauntlet::conformance
