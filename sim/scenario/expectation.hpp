#pragma once

// What a scenario's author wants to be true at the end: figures with bounds.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/config/diagnostic.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::sim {

/// The figures that can be bounded, and what a limit counts in.
enum class figure : std::uint8_t {
  sent,          ///< at least: share of the planned messages that was handed to a connection
  lost,          ///< at most: deliveries that were due and never came (count or share)
  duplicated,    ///< at most: deliveries beyond the first (count or share)
  reordered,     ///< at most: deliveries behind a later message of their stream (count or share)
  latency,       ///< at most: from the scheduled time to the receipt
  service_time,  ///< at most: from the actual send to the receipt
  throughput,    ///< at least: deliveries a second over the publishing time
  connected,     ///< at least: share of the devices that got their first CONNACK with success
  connect_time,  ///< at most: from the first connect attempt to CONNACK
  unexpected_disconnects,  ///< at most: connections that ended though nobody asked (count)
};

/// What the limit of an expectation is given in.
enum class limit_unit : std::uint8_t { count, percent, nanoseconds, per_second };

/// One figure and its bound. Groups and QoS narrow it down: messages count by the group that
/// published them and their QoS (deliveries by the lower of published and granted), connections by
/// their own group.
struct expectation {
  figure what = figure::lost;
  double percentile = 0;  ///< of latency, service_time, connect_time; 100 means the maximum
  double limit = 0;       ///< in `unit`
  limit_unit unit = limit_unit::count;
  std::string group;           ///< empty: all groups
  std::vector<mqtt::qos> qos;  ///< empty: all; only for figures of messages
  config::place where;         ///< in the scenario file
};

/// "sent", "lost", ...: the figure's key in the file, without percentile.
std::string_view figure_name(figure what);

/// Whether the limit is a lower bound.
bool is_lower_bound(figure what);

/// Whether the figure counts messages; the others count connections and know no QoS.
bool is_of_messages(figure what);

/// A stable name for tools, as in "lost.qos12", "latency.p99.group.doors".
std::string expectation_id(const expectation& what);

/// A sentence without its full stop: "No message is lost (group doors, QoS 1 and 2)".
std::string describe(const expectation& what);

/// The bound alone, with its unit: "at most 50ms", or "0".
std::string describe_limit(const expectation& what);

}  // namespace gauntlet::sim
