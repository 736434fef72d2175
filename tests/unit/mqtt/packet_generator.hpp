#pragma once

// Legal packets drawn from a seeded stream: every type, any legal combination of fields.

#include "harness/base/seeded_stream.hpp"
#include "harness/mqtt/packets.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::mqtt {

/// A packet and who may have sent it.
struct generated_packet {
  protocol_version version;
  sender from;
  mqtt::packet packet;
};

/// Draws the next packet.
generated_packet generate_packet(seeded_stream& draws);

}  // namespace gauntlet::mqtt
