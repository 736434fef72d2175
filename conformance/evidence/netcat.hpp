#pragma once

// The bytes of a test as lines for a shell: printf into nc, one line a connection.

#include <string>

#include "conformance/evidence/evidence_input.hpp"

namespace gauntlet::conformance {

/// Lines that send what each needed connection sent, and show what comes in hexadecimal. They do
/// not wait for answers; several connections begin a second apart. Empty for WebSocket, which nc
/// cannot speak, and if nothing was sent.
std::string to_netcat(const evidence_input& from);

}  // namespace gauntlet::conformance
