#pragma once

// Measures the durability table of one broker: for each way to end a fresh broker, a workload, the
// end, a start on the same data, and the count.

#include <cstdint>
#include <functional>
#include <string>

#include "harness/net/network.hpp"
#include "harness/record/durability_result.hpp"
#include "harness/target/target.hpp"

namespace gauntlet::durability {

/// What to measure.
struct measure_options {
  target::target_options target;
  std::uint32_t count = 20;                    ///< operations of each kind
  duration after = std::chrono::seconds(3);    ///< between the last operation and the third end
  std::function<void(std::string_view)> says;  ///< a line of progress; may be empty
};

/// A target that is not ours cannot be ended: bad input. What goes wrong in one ending is told
/// there.
outcome<record::durability_result> measure(const measure_options& options, net::network& network);

}  // namespace gauntlet::durability
