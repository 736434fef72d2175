#pragma once

// Whether a selection picks a connection, a packet, and this packet among those that are alike.

#include <cstdint>
#include <string>

#include "harness/base/seeded_stream.hpp"
#include "harness/fault/packet_facts.hpp"
#include "harness/fault/rule.hpp"

namespace gauntlet::fault {

/// How many packets a selection has met and picked, over whatever its scope counts.
struct tally {
  std::uint64_t met = 0;
  std::uint64_t picked = 0;
};

/// Whether the selection is about this connection, the `connect`-th of the client.
bool selects_connection(const selection& who, const std::string& client_id, std::uint32_t connect);

/// Whether it is about every connection, so that nothing needs to be known of the client.
bool is_about_all(const selection& who);

/// Whether the packet is what the selection asks for, not counting.
bool selects_packet(const selection& who, const packet_facts& packet);

/// Counts one packet that selects_packet() has answered true for, and says whether it is picked:
/// the `nth` one; of these and of all from then on each `every`-th; of these, by a draw, a share of
/// `probability`; and of these the first `times`.
bool picks(const selection& who, tally& counted, seeded_stream& draws);

}  // namespace gauntlet::fault
