#pragma once

// A test as a short Python script that needs nothing but Python: for people who want to see a
// failure without Gauntlet.

#include <string>

#include "conformance/evidence/evidence_input.hpp"

namespace gauntlet::conformance {

/// A script that sends what each connection sent, in order, waits where answers came, and prints
/// what comes. Host and port may be given as its arguments. Without what only shows that the broker
/// serves others.
std::string to_python(const evidence_input& from);

}  // namespace gauntlet::conformance
