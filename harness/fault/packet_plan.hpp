#pragma once

// What shall become of one packet: rules write it, one after the other, and the flow carries it
// out. The effect of each fault on packets is a function from a packet to a change of its plan.

#include <optional>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"
#include "harness/base/seeded_stream.hpp"
#include "harness/fault/actions.hpp"
#include "harness/fault/packet_facts.hpp"
#include "harness/history/packet_observer.hpp"

namespace gauntlet::fault {

/// Both ends of a connection, ended by a fault.
struct planned_end {
  ending at_client = ending::reset;
  ending at_broker = ending::reset;
};

/// The plan of one packet; as it stands here, it passes.
struct packet_plan {
  history::fault_index fault = 0;  ///< the last that changed it
  bool swallowed = false;
  std::optional<byte_buffer> instead;     ///< passes in its place
  std::optional<std::size_t> only_first;  ///< bytes; the rest never comes
  std::optional<planned_end> then_end;    ///< after it, or what of it passes
  duration late{};                        ///< on top of what else delays it
  bool may_be_overtaken = false;          ///< others need not wait for it
  std::size_t piece_bytes = 0;            ///< it goes in pieces; 0: whole
  duration piece_gap{};

  struct copy {
    byte_buffer bytes;
    duration gap{};
  };
  std::vector<copy> copies;  ///< behind it

  struct forged_packet {
    byte_buffer bytes;
    history::direction towards = history::direction::to_client;
    bool before = false;  ///< matters in its own direction only
  };
  std::vector<forged_packet> forged;

  /// Mechanisms that outlast the packet.
  std::optional<fault::hold> held;
  std::optional<fault::reorder> reordered;
  std::optional<fault::coalesce> coalesced;
  std::optional<duration> stall;  ///< from now on, before it
  bool direction_dies = false;    ///< from this packet on, itself included
};

/// The effect of each fault on a packet, in files of the faults' names. `draws` is the stream of
/// the rule on this connection.
void apply(const cut& what, const packet_facts& packet, seeded_stream& draws, packet_plan& plan);
void apply(const drop& what, const packet_facts& packet, seeded_stream& draws, packet_plan& plan);
void apply(const delay& what, const packet_facts& packet, seeded_stream& draws, packet_plan& plan);
void apply(const duplicate& what, const packet_facts& packet, seeded_stream& draws,
           packet_plan& plan);
void apply(const reorder& what, const packet_facts& packet, seeded_stream& draws,
           packet_plan& plan);
void apply(const hold& what, const packet_facts& packet, seeded_stream& draws, packet_plan& plan);
void apply(const withhold& what, const packet_facts& packet, seeded_stream& draws,
           packet_plan& plan);
void apply(const rewrite& what, const packet_facts& packet, seeded_stream& draws,
           packet_plan& plan);
void apply(const corrupt& what, const packet_facts& packet, seeded_stream& draws,
           packet_plan& plan);
void apply(const inject& what, const packet_facts& packet, seeded_stream& draws, packet_plan& plan);
void apply(const split& what, const packet_facts& packet, seeded_stream& draws, packet_plan& plan);
void apply(const coalesce& what, const packet_facts& packet, seeded_stream& draws,
           packet_plan& plan);
void apply(const stall& what, const packet_facts& packet, seeded_stream& draws, packet_plan& plan);
void apply(const half_open& what, const packet_facts& packet, seeded_stream& draws,
           packet_plan& plan);

/// Whether the fault acts on packets that its selection picks; the others act on the stream.
bool acts_on_packets(const action& what);
/// The effect of any fault; none for those that act on the stream.
void apply_to_packet(const action& what, const packet_facts& packet, seeded_stream& draws,
                     packet_plan& plan);

}  // namespace gauntlet::fault
