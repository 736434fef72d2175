#pragma once

// What a scenario's author wants to be true at the end: figures with bounds.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/config/diagnostic.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::sim {

/// The figures that can be bounded. Those of messages, then of connections, of requests, of the
/// run.
enum class figure : std::uint8_t {
  sent,             ///< at least: share of the planned messages that was handed to a connection
  lost,             ///< at most: deliveries that were due and never came (count or share)
  duplicated,       ///< at most: deliveries beyond the first (count or share)
  reordered,        ///< at most: deliveries behind a later message of their stream (count or share)
  dropped_offline,  ///< at most: messages for which a device without connection had no room (count)
  latency,          ///< at most: from the scheduled time to the receipt
  service_time,     ///< at most: from the actual send to the receipt
  throughput,       ///< at least: deliveries a second over the publishing time
  connected,        ///< at least: share of the devices that got their first CONNACK with success
  connect_time,     ///< at most: from the first connect attempt to CONNACK
  unexpected_disconnects,  ///< at most: connections that ended though nobody asked (count)
  sessions_lost,           ///< at most: sessions that the broker had to keep and did not (count)
  offline_time,            ///< at most: from the loss of a connection to the next CONNACK
  answered,                ///< at least: share of the requests answered in time
  response_time,           ///< at most: from the scheduled time of a request to its answer
  wills_missing,           ///< at most: wills that had to be published and were not seen (count)
  wills_unexpected,        ///< at most: wills seen that had to stay away (count)
  retained_missing,        ///< at most: retained messages that a new subscriber did not get (count)
  retained_stale,    ///< at most: retained messages with another value than the last one (count)
  sparkplug_faults,  ///< at most: faults that host applications found in messages (count)
  recovery,          ///< at most: from a disturbance until the devices concerned are back
  broker_memory,     ///< at most: resident memory of a broker that we started
  broker_cpu,        ///< at most: processor time of such a broker, as a share of one core
};

/// What the limit of an expectation is given in.
enum class limit_unit : std::uint8_t { count, percent, nanoseconds, per_second, bytes };

/// What a figure counts, and so what can narrow it down.
enum class figure_scope : std::uint8_t {
  messages,     ///< group, QoS and stage
  connections,  ///< group
  requests,     ///< group
  run,          ///< nothing
};

/// One figure and its bound. Messages count by the group that published them, their QoS (deliveries
/// by the lower of published and granted) and the stage in which they were due; connections and
/// requests by their own group.
struct expectation {
  figure what = figure::lost;
  double percentile = 0;  ///< of latency, recovery and other times; 100 means the maximum
  double limit = 0;       ///< in `unit`
  limit_unit unit = limit_unit::count;
  std::string group;           ///< empty: all groups
  std::vector<mqtt::qos> qos;  ///< empty: all
  std::string stage;           ///< empty: all
  /// Ends the run when the figure is beyond its bound for so long while the run goes on.
  std::optional<duration> abort_after;
  config::place where;  ///< in the scenario file
};

/// "sent", "lost", ...: the figure's key in the file, without percentile.
std::string_view figure_name(figure what);

/// Whether the limit is a lower bound.
bool is_lower_bound(figure what);

figure_scope scope_of(figure what);

/// Whether the figure counts messages.
inline bool is_of_messages(figure what) { return scope_of(what) == figure_scope::messages; }

/// Whether the figure can be told while the run goes on, for `abort_on`.
bool is_live(const expectation& what);

/// A stable name for tools, as in "lost.qos12", "latency.p99.group.doors".
std::string expectation_id(const expectation& what);

/// A sentence without its full stop: "No message is lost (group doors, QoS 1 and 2)".
std::string describe(const expectation& what);

/// The bound alone, with its unit: "at most 50ms", or "0".
std::string describe_limit(const expectation& what);

}  // namespace gauntlet::sim
