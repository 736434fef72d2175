#pragma once

// The tests, one file a chapter or theme. Each is added by a plain call.

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

void add_connection_cases(suite& to);
void add_keep_alive_cases(suite& to);
void add_session_cases(suite& to);
void add_will_cases(suite& to);

/// Every scenario test that there is.
suite all_cases();

}  // namespace gauntlet::conformance
