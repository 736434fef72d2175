#pragma once

// The transcripts of a test as a capture file that Wireshark opens. The frames are made up around
// the bytes: Ethernet, IPv4 and TCP without TLS and WebSocket, the broker on port 1883, so that the
// packets are taken for MQTT.

#include <filesystem>

#include "conformance/evidence/evidence_input.hpp"
#include "harness/base/bytes.hpp"
#include "harness/base/result.hpp"

namespace gauntlet::conformance {

/// The capture: one TCP connection for each transcript, in the order of time, with what was
/// expected and remarked as comments. Zeros stand for what transcripts have cut, up to a megabyte;
/// what is beyond it is cut in the frames as well.
byte_buffer to_pcapng(const evidence_input& from);

/// Writes it to a file, in one step.
outcome<void> write_pcapng(const std::filesystem::path& file, const evidence_input& from);

}  // namespace gauntlet::conformance
