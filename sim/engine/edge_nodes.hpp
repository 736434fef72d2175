#pragma once

// The edge nodes of Sparkplug among one worker's devices: what each one keeps from message to
// message, and their payloads. Groups of other devices cost nothing.
//
//   CONNECT (will: NDEATH) .. SUBSCRIBE (NCMD) .. NBIRTH .. DBIRTH of each device .. NDATA, DDATA
//
// Data are held back until the birth of their unit has been sent on this connection, and while the
// device is dead. What was due before goes out after the birth, as historical. Everything goes at
// QoS 0 and is never sent again, so that no payload has to be made twice.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/bytes.hpp"
#include "sim/engine/device.hpp"
#include "sim/plan/edge_plan.hpp"
#include "sim/plan/edge_values.hpp"
#include "sim/plan/fleet_plan.hpp"
#include "sim/sparkplug/edge_node.hpp"

namespace gauntlet::sim {

/// The edge nodes of one worker.
class edge_nodes {
 public:
  /// The plan must outlive it.
  explicit edge_nodes(const fleet_plan& plan);

  /// Makes room for the device; once for each, in the order of local numbers.
  void add_device(const device& who);
  bool is_edge_node(const device& who) const { return groups_[who.group].plan.has_value(); }

  /// CONNECT goes out at `at` on the plan's time line: its will is the NDEATH of a new bdSeq, with
  /// `mark` as its stamp.
  void append_will(const device& who, duration at, const stamp& mark, byte_buffer& out);
  /// The connection is gone.
  void on_connection_lost(const device& who);

  /// Whether messages of this stream are those of an edge node, and not of its `publish`.
  bool makes(const device& who, std::size_t publication) const {
    return stream_of(who, publication).is != sparkplug_stream::kind::none;
  }
  /// Whether messages of this stream have to wait for a birth.
  bool is_held(const device& who, std::size_t publication) const;
  /// Appends the payload of the next message to be sent, with room for its stamp.
  void append_payload(const device& who, std::size_t publication, duration due, byte_buffer& out);
  /// A message that is to be triggered some time later.
  struct follow_up {
    std::size_t publication = 0;
    duration after{};
  };
  /// It was sent. Answers what follows from it: the death of a device, or its next birth.
  std::optional<follow_up> on_sent(const device& who, std::size_t publication, duration due);
  /// Whether a birth message is part of the births of the node: not while the device is dead.
  bool is_reborn(const device& who, std::size_t publication) const;

  /// What follows from a command.
  struct command {
    bool rebirth = false;
    bool is_stamped = false;           ///< by a publisher of the fleet
    std::vector<std::size_t> answers;  ///< publications that tell what was set
    std::vector<std::string> refused;  ///< metrics that are unknown, or not of that type
  };
  /// Obeys a message that has come at `at`, if it is an NCMD or DCMD that can be read.
  std::optional<command> obey(const device& who, std::string_view topic, byte_view payload,
                              duration at);

 private:
  struct unit_state {
    bool is_born = false;       // on this connection
    bool is_dead = false;       // until its own next birth, which is triggered
    bool awaits_death = false;  // which is triggered
    std::uint32_t deaths = 0;
    duration born_at{};  // due time of the last birth
    edge_memory memory;
  };
  struct node_state {
    sparkplug::edge_numbers numbers;
    std::vector<unit_state> units;
  };
  struct group_nodes {
    std::optional<edge_plan> plan;
    bool by_exception = false;
    std::uint32_t first_local = 0;
    std::vector<node_state> nodes;
  };

  const node_state& node_of(const device& who) const {
    const group_nodes& group = groups_[who.group];
    return group.nodes[who.local - group.first_local];
  }
  node_state& node_of(const device& who) {
    group_nodes& group = groups_[who.group];
    return group.nodes[who.local - group.first_local];
  }
  sparkplug_stream stream_of(const device& who, std::size_t publication) const {
    return plan_.described().fleet[who.group].publish[publication].sparkplug;
  }

  std::optional<std::uint16_t> unit_of(const device& who, std::string_view device_id) const;
  std::size_t publication_of(const device& who, const sparkplug_stream& stream) const;
  std::optional<follow_up> on_device_birth(const device& who, std::uint16_t unit);
  std::optional<follow_up> on_device_death(const device& who, std::uint16_t unit);

  const fleet_plan& plan_;
  std::vector<group_nodes> groups_;
  sparkplug::edge_writer writer_;
};

/// Where the stamp stands in payloads of edge nodes.
inline constexpr stamp_layout edge_node_stamp{.offset = sparkplug::stamp_offset,
                                              .as = stamp_layout::encoding::binary};

}  // namespace gauntlet::sim
