#pragma once

// Clients of 3.1.1 and of 5.0 on one broker: what crosses from one version to the other, and what
// must not. Each test runs on both versions where both directions mean something.

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_mixed_versions_cases(suite& to);

// One file each.
void add_mixed_message_cases(suite& to);
void add_mixed_retained_and_will_cases(suite& to);
void add_mixed_session_cases(suite& to);
void add_mixed_isolation_cases(suite& to);

}  // namespace gauntlet::conformance
