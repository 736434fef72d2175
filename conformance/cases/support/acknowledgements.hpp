#pragma once

// The acknowledgements of QoS 1 and 2, one by one. Refusals that are the broker's own business (not
// authorized, quota exceeded, ...) leave a test undecided; everything else that is not the
// acknowledgement fails it.

#include <cstdint>
#include <functional>

#include "conformance/suite/breach.hpp"
#include "conformance/suite/context.hpp"
#include "harness/mqtt/raw_packet.hpp"

namespace gauntlet::conformance {

/// The next packet of that type acknowledges `packet_identifier`.
mqtt::puback expect_puback(context& test, client& from, std::uint16_t packet_identifier);
mqtt::pubrec expect_pubrec(context& test, client& from, std::uint16_t packet_identifier);
mqtt::pubrel expect_pubrel(client& from, std::uint16_t packet_identifier);
mqtt::pubcomp expect_pubcomp(client& from, std::uint16_t packet_identifier);

/// Sends a QoS 1 or 2 message, and demands all its acknowledgements.
void expect_taken(context& test, client& from, mqtt::publish message);

/// PUBREL, and PUBCOMP demanded.
void release(client& from, std::uint16_t packet_identifier);

/// PINGREQ is answered, and nothing was waiting or comes before.
void expect_only_pingresp(context& test, client& from);

/// The acknowledgement that an exchange of QoS 1 or 2 waits for.
enum class awaited : std::uint8_t { puback, pubrec, pubrel, pubcomp };

/// The exchange comes to where this client has to send the acknowledgement; answers the Packet
/// Identifier. A client sends messages to itself for PUBACK, PUBREC and PUBCOMP.
std::uint16_t bring_to(context& test, client& c, awaited what);

/// An acknowledgement byte by byte: in its short form, with Reason Code, with properties. The flags
/// are right.
byte_buffer acknowledgement(awaited what, std::uint16_t packet_identifier);
byte_buffer acknowledgement(awaited what, std::uint16_t packet_identifier, std::uint8_t code);
byte_buffer acknowledgement(awaited what, std::uint16_t packet_identifier, std::uint8_t code,
                            const mqtt::raw_fields& properties);

using acknowledgement_maker = std::function<byte_buffer(std::uint16_t packet_identifier)>;

/// Demands that the broker ends the connection of a client that acknowledges with an error, and
/// takes the control.
void expect_acknowledgement_refused(context& test, awaited what,
                                    const acknowledgement_maker& control,
                                    const acknowledgement_maker& breach, const refusal& manner);

}  // namespace gauntlet::conformance
