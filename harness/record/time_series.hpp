#pragma once

// What happened when: one point for each interval of the run, one second long at first. A long run
// widens the interval instead of growing without bound.

#include <cstdint>
#include <vector>

#include "harness/record/compact_histogram.hpp"

namespace gauntlet::record {

/// One interval. Counters count within the interval; gauges hold at its end.
struct series_point {
  /// Gauge: devices with an open session (CONNACK seen, not closed since). Summed over workers.
  std::uint64_t connected = 0;
  /// Application messages handed to the transport; retransmissions are not counted again.
  std::uint64_t sent = 0;
  /// PUBLISH packets received by our subscribers, duplicates and strangers' messages included.
  std::uint64_t received = 0;
  /// QoS 1 and 2 messages whose PUBACK or PUBCOMP came in with success.
  std::uint64_t acknowledged = 0;
  /// Connections refused, failed or lost, by a fault of the scenario or without one.
  std::uint64_t connection_failures = 0;
  /// Deliveries received in this interval, from the scheduled time of the publication to receipt.
  compact_histogram latency;
  /// How late our own timers were: from the scheduled time of a publication to its being sent.
  compact_histogram schedule_lag;
  /// CPU time used by all processes of the generator, user and system.
  duration own_cpu{};
  /// Gauge: resident memory of the broker process; 0 if it is not ours to sample. Filled by the
  /// coordinator alone. The largest counts when points are joined.
  std::uint64_t broker_rss_bytes = 0;
  /// CPU time used by the broker process; filled by the coordinator alone.
  duration broker_cpu{};

  bool operator==(const series_point&) const = default;
};

/// Points of equal length from the start of the run on, without gaps.
struct time_series {
  /// More points than this are never kept: twice the interval, half the points.
  static constexpr std::size_t points_max = 1200;
  static constexpr duration interval_default = std::chrono::seconds{1};

  /// Length of each point: interval_default times a power of two.
  duration interval = interval_default;
  std::vector<series_point> points;

  /// The point that covers `since_start` (zero or later), made with all before it if need be. The
  /// reference holds until the next call. A new point takes over `connected` from the one before.
  series_point& at(duration since_start);

  /// Joins pairs of points until there are at most `limit` and the interval is at least
  /// `interval_min`.
  void widen(duration interval_min, std::size_t limit = points_max);

  /// Adds another worker's series, point by point, at the wider interval of the two. The shorter
  /// one counts as going on with what it had connected. Associative.
  void merge(const time_series& other);

  bool operator==(const time_series&) const = default;

 private:
  void extend(std::size_t size);
};

}  // namespace gauntlet::record
