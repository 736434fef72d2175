#pragma once

// Connections that ended though no device asked for it, of which only the coordinator can say
// whether a fault of the broker or of the host ended them: it alone knows when those struck.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/compact.hpp"
#include "harness/base/event_loop.hpp"

namespace gauntlet::sim {

/// One of them.
struct broken_connection {
  time_point begun{};  ///< its CONNACK came
  time_point ended{};
  std::uint16_t group = 0;
  std::uint16_t reason = 0;
};

/// Those of one worker.
class broken_connections {
 public:
  /// So many are kept, in 24 MB.
  static constexpr std::size_t kept_max = 1'000'000;

  /// Answers false if there is no more room.
  bool add(std::uint16_t group, std::string_view reason, time_point begun, time_point ended);
  const std::deque<broken_connection>& all() const { return all_; }
  const std::string& reason_of(const broken_connection& which) const {
    return reasons_[which.reason];
  }

  void write(compact_writer& out) const;
  static broken_connections read(compact_reader& in);

 private:
  std::deque<broken_connection> all_;
  std::vector<std::string> reasons_;
};

/// A time in which a fault ended connections, or let them end.
struct breaking_time {
  std::string fault;
  time_point from{};
  time_point until = time_point::max();
  /// The broker went: no connection that stood at `until` outlives it, however late a device sees
  /// that. Otherwise ends show while it lasts, and for a while after.
  bool ends_all = false;
};

/// The name of the fault that explains the end of that connection; empty: none does. `times` are in
/// order of their beginnings.
std::string_view cause_of(const broken_connection& which, const std::vector<breaking_time>& times);

}  // namespace gauntlet::sim
