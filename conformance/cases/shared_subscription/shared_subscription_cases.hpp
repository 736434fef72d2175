#pragma once

// Shared subscriptions, which only 5.0 has. MQTT 5.0 §4.8.2

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_shared_subscription_cases(suite& to);

// One file each.
void add_shared_delivery_cases(suite& to);
void add_shared_member_cases(suite& to);
void add_shared_options_cases(suite& to);
void add_shared_unfinished_cases(suite& to);
void add_share_name_cases(suite& to);

}  // namespace gauntlet::conformance
