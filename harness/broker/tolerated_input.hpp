#pragma once

// The defects of the lists tolerated_input and tolerated_properties: errors of a client that the
// broker lets pass. A correct broker refuses every packet that cannot be decoded, and no other.

#include <optional>

#include "harness/broker/state.hpp"
#include "harness/mqtt/codec_error.hpp"

namespace gauntlet::broker {

/// What to take in place of a packet that cannot be decoded: nothing at all if it has to be
/// refused, as is right; no bytes if it is to be ignored; otherwise the packet without its error.
std::optional<byte_buffer> tolerate(broker_state& broker, const connection& from, byte_view packet,
                                    const mqtt::decode_error& error);

/// The defect refuse-remaining-length-of-three-bytes. Answers whether it struck.
bool refuse_large_packet(broker_state& broker, connection& from, std::size_t size);

/// Whether to ignore, from here on, what comes on a connection whose bytes cannot be told apart any
/// more.
bool tolerate_lost_framing(broker_state& broker, const mqtt::decode_error& error);

}  // namespace gauntlet::broker
