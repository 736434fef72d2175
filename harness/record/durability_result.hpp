#pragma once

// What a broker kept over each way to end: the durability table. It judges nothing; a broker that
// promises no durability has none.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/wall_time.hpp"

namespace gauntlet::record {

/// One kind of state over one ending.
struct durability_count {
  std::string state;               ///< "queued QoS 1" and the like
  std::uint32_t acknowledged = 0;  ///< before the end; 0: not asked, or the broker refused
  std::uint32_t lost = 0;          ///< of these, gone after the start
  std::uint32_t doubled = 0;       ///< of these, delivered once more than QoS 2 allows
};

/// One way to end.
struct durability_ending {
  std::string ending;   ///< "graceful stop", "kill -9", "kill -9 after 3s"
  std::string failure;  ///< why there are no counts; empty: there are
  std::vector<durability_count> counts;
};

/// The whole table of one broker in one configuration.
struct durability_result {
  std::string tool_version;
  std::vector<std::string> command_line;
  std::string target;
  std::string product;
  std::string protocol;  ///< "5.0" or "3.1.1"
  wall_time started{};
  std::vector<durability_ending> endings;
};

/// As JSON text, `"format": "gauntlet.durability_result"`, ending with a line break.
std::string to_json(const durability_result& result);
/// As a Markdown table with aligned columns, which reads as well on a terminal.
std::string to_markdown(const durability_result& result);

}  // namespace gauntlet::record
