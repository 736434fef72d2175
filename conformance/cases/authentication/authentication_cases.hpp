#pragma once

// User names, passwords, access control and AUTH. MQTT 5.0 §3.1.3.5, §3.15, §4.12

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_authentication_cases(suite& to);

// One file each.
void add_access_control_cases(suite& to);
void add_enhanced_authentication_cases(suite& to);
void add_login_cases(suite& to);
void add_re_authentication_cases(suite& to);

}  // namespace gauntlet::conformance
