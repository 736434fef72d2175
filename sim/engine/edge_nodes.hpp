#pragma once

// The edge nodes of Sparkplug among one worker's devices: what each one keeps from message to
// message, and their payloads. Groups of other devices cost nothing.
//
//   CONNECT (will: NDEATH) .. SUBSCRIBE (NCMD) .. NBIRTH .. DBIRTH of each device .. NDATA, DDATA
//
// Data are held back until the birth of their unit has been sent on this connection. What was due
// before goes out after it, as historical. Everything goes at QoS 0 and is never sent again, so
// that no payload has to be made twice.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/bytes.hpp"
#include "sim/engine/device.hpp"
#include "sim/plan/edge_plan.hpp"
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
  /// It was sent.
  void on_sent(const device& who, std::size_t publication, duration due);

  /// Whether a message that has come is the command to be born again.
  bool asks_for_rebirth(const device& who, std::string_view topic, byte_view payload) const;

 private:
  struct unit_state {
    bool is_born = false;  // on this connection
    sensor_memory memory;
    std::vector<std::uint64_t> reported;  // hashes of the values, by metric
  };
  struct node_state {
    sparkplug::edge_numbers numbers;
    duration born_at{};  // due time of the first NBIRTH on this connection
    std::vector<unit_state> units;
  };
  struct group_nodes {
    std::optional<edge_plan> plan;
    bool by_exception = false;
    std::uint32_t first_local = 0;
    std::vector<node_state> nodes;
  };
  class unit_values;

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

  const fleet_plan& plan_;
  std::vector<group_nodes> groups_;
  sparkplug::edge_writer writer_;
};

/// Where the stamp stands in payloads of edge nodes.
inline constexpr stamp_layout edge_node_stamp{.offset = sparkplug::stamp_offset,
                                              .as = stamp_layout::encoding::binary};

}  // namespace gauntlet::sim
