#pragma once

// The values of one unit of an edge node at one time, as a writer of Sparkplug messages asks for
// them, and which of them are news.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/plan/edge_plan.hpp"
#include "sim/sparkplug/edge_node.hpp"

namespace gauntlet::sim {

/// What a unit remembers from message to message.
struct edge_memory {
  sensor_memory sensors;
  std::vector<std::uint64_t> reported;  ///< hashes of the values, by metric; empty: all are news
};

/// Milliseconds since 1970 of a time on the plan's time line.
std::uint64_t edge_timestamp_ms(duration at);

/// Used for one message.
class edge_values final : public sparkplug::value_source {
 public:
  /// Plan and memory must outlive it. `index` is that of the edge node within its group.
  edge_values(const edge_plan& plan, std::uint32_t index, std::size_t unit, duration at,
              edge_memory& memory)
      : plan_(plan), index_(index), unit_(unit), at_(at), memory_(memory) {}

  sparkplug::value_view value_of(std::size_t metric) override;
  bool is_reported(std::size_t) override { return is_news_; }

 private:
  const edge_plan& plan_;
  std::uint32_t index_;
  std::size_t unit_;
  duration at_;
  edge_memory& memory_;
  bool is_news_ = true;
  std::string scratch_;
};

}  // namespace gauntlet::sim
