#pragma once

// What the edge nodes of one group report: the metrics of the node and of each device behind it,
// with aliases and types, and their values, which are sensors. Everything that does not change from
// message to message; the numbers that do are in sim/engine/edge_nodes.hpp.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/seeded_stream.hpp"
#include "sim/plan/sensor_plan.hpp"
#include "sim/plan/sensor_value.hpp"
#include "sim/scenario/sparkplug.hpp"
#include "sim/sparkplug/edge_node.hpp"

namespace gauntlet::sim {

/// The units of a group's edge nodes: the node is unit 0, its devices follow. Immutable.
class edge_plan {
 public:
  /// `key` names the group.
  edge_plan(const sparkplug_settings& what, const stream_key& key);

  std::size_t units() const { return units_.size(); }
  const sparkplug::unit_facts& facts(std::size_t unit) const { return units_[unit].facts; }
  /// Whether a memory makes the sensors of a unit faster.
  bool wants_memory(std::size_t unit) const { return kind_of(unit).sensors.wants_memory(); }

  /// How long the device of edge node `index` lives after its birth of this number, and how long
  /// it is dead then; zero if it never dies.
  struct outage {
    duration after{};
    duration lasts{};
  };
  outage outage_of(std::uint32_t index, std::size_t unit, std::uint32_t number) const;

  /// Sets a metric from `at` on, as a command says; whether it can be: a value of its type, and of
  /// a sensor that is one metric.
  bool set(sensor_memory& memory, std::size_t unit, std::size_t metric, duration at,
           const sparkplug::value& value) const;

  /// The value of a metric of edge node `index` of the group, as its type wants it. A text lives as
  /// `scratch`, the plan or the memory does.
  sparkplug::value_view value(std::uint32_t index, std::size_t unit, std::size_t metric,
                              duration at, sensor_memory* memory, std::string& scratch) const;

 private:
  /// Units that differ by their values alone.
  struct kind_plan {
    sensor_plan sensors;
    std::vector<sensor_use> uses;  // by metric
    std::uint32_t count = 1;       // behind each edge node
    std::optional<sparkplug_outages> outages;
    stream_key key;
  };
  struct unit_plan {
    std::uint32_t kind = 0;
    std::uint32_t number = 0;  // within its kind
    sparkplug::unit_facts facts;
  };

  void add_kind(const std::vector<sensor>& metrics, kind_plan kind);
  const kind_plan& kind_of(std::size_t unit) const { return kinds_[units_[unit].kind]; }

  std::vector<kind_plan> kinds_;
  std::vector<unit_plan> units_;
  std::uint64_t next_alias_ = 0;
};

}  // namespace gauntlet::sim
