#pragma once

// Topic Aliases both ways. MQTT 5.0 §3.3.2.3.4

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_topic_alias_cases(suite& to);

// One file each.
void add_client_alias_cases(suite& to);
void add_alias_error_cases(suite& to);
void add_broker_alias_cases(suite& to);

}  // namespace gauntlet::conformance
