#pragma once

// The messages of one edge node as they are planned: born at the start, its devices dying and being
// reborn as their outages say, the connection never lost, no command obeyed. For the digest of a
// plan.

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/base/bytes.hpp"
#include "sim/plan/edge_plan.hpp"
#include "sim/plan/edge_values.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// Follows one edge node. Messages are to be asked for in order of time, births of the start first.
class edge_story {
 public:
  /// The device must be an edge node; the plan must outlive it.
  edge_story(const fleet_plan& plan, device_number device);

  /// Appends the payload of the next message of a stream, with an empty stamp.
  void append(const sparkplug_stream& stream, duration due, byte_buffer& out);

  /// A message that follows from another.
  struct follow_up {
    sparkplug_stream stream;
    duration due{};
  };
  /// What follows from the birth or death of a device.
  std::optional<follow_up> after(const sparkplug_stream& stream, duration due);

 private:
  struct unit_state {
    edge_memory memory;
    std::uint32_t deaths = 0;
    duration born_at{};
  };

  edge_plan plan_;
  std::uint32_t index_;
  sparkplug::edge_numbers numbers_;
  sparkplug::edge_writer writer_;
  std::vector<unit_state> units_;
};

}  // namespace gauntlet::sim
