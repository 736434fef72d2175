#pragma once

// Wills. MQTT 5.0 §3.1.2.5, §3.1.3.2

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_will_cases(suite& to);

// One file each.
void add_will_absence_cases(suite& to);
void add_will_delay_cases(suite& to);
void add_will_message_cases(suite& to);
void add_will_property_cases(suite& to);
void add_will_publication_cases(suite& to);

}  // namespace gauntlet::conformance
