#pragma once

// Sessions. MQTT 5.0 §3.1.2.4, §3.1.2.11.2, §4.1

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_session_cases(suite& to);

// One file each.
void add_clean_start_cases(suite& to);
void add_session_expiry_cases(suite& to);
void add_session_resume_cases(suite& to);
void add_takeover_cases(suite& to);

}  // namespace gauntlet::conformance
