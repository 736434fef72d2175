#pragma once

// SUBSCRIBE and what it makes the broker deliver. MQTT 5.0 §3.8, §3.9, §3.3.4, §4.5

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_subscribe_cases(suite& to);

// One file each.
void add_suback_cases(suite& to);
void add_subscribe_error_cases(suite& to);
void add_subscribe_limit_cases(suite& to);
void add_subscribe_qos_cases(suite& to);
void add_subscribe_replace_cases(suite& to);
void add_subscriber_cases(suite& to);
void add_overlapping_cases(suite& to);
void add_no_local_cases(suite& to);

}  // namespace gauntlet::conformance
