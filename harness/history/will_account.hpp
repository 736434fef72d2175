#pragma once

// The verdict on wills: of each connection that ended without a DISCONNECT, was the will seen by
// those who were subscribed to it, and of all others, was it not? A will is named by its device and
// the number of the connection that carried it.

#include <cstdint>

#include "harness/history/ledger.hpp"

namespace gauntlet::history {

/// What the checker must know of a device's will beyond the books.
struct will_facts {
  std::string topic_name;
  mqtt::qos published_qos = mqtt::qos::at_most_once;
};

/// Where those facts come from.
class will_catalogue {
 public:
  virtual ~will_catalogue() = default;
  virtual will_facts describe_will(receiver_index device) const = 0;
};

/// Each figure counts pairs of will and receiver.
struct will_figures {
  std::uint64_t expected = 0;    ///< receipts that had to happen
  std::uint64_t delivered = 0;   ///< of those, how many did
  std::uint64_t missing = 0;     ///< of those, how many did not
  std::uint64_t unexpected = 0;  ///< wills that had to be dropped, or of connections that stand
};

/// Judges the books of all processes of a run that ended at `end`. Wills whose time comes later are
/// not expected.
will_figures judge_wills(const ledger& books, const will_catalogue& catalogue, time_point end);

}  // namespace gauntlet::history
