#pragma once

// Retained messages: stored, replaced, cleared, sent at a subscribe. MQTT 5.0 §3.3.1.3, §3.8.4

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_retained_cases(suite& to);

// One file each.
void add_retained_storing_cases(suite& to);
void add_retained_clearing_cases(suite& to);
void add_retained_delivery_cases(suite& to);
void add_retained_handling_cases(suite& to);
void add_retained_flag_cases(suite& to);
void add_retained_expiry_cases(suite& to);
void add_retained_properties_cases(suite& to);

}  // namespace gauntlet::conformance
