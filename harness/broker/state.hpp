#pragma once

// Everything one broker holds. The files of this folder are rules over it: free functions that take
// the state, the connection or session concerned, and a packet. Which file holds which rule is told
// in README.md beside this.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "harness/broker/connection.hpp"
#include "harness/broker/deadline_queue.hpp"
#include "harness/broker/defect_memory.hpp"
#include "harness/broker/defects.hpp"
#include "harness/broker/durable_store.hpp"
#include "harness/broker/faulty_output.hpp"
#include "harness/broker/log_format.hpp"
#include "harness/broker/options.hpp"
#include "harness/broker/rate_window.hpp"
#include "harness/broker/retained_store.hpp"
#include "harness/broker/robustness.hpp"
#include "harness/broker/routing_scratch.hpp"
#include "harness/broker/session.hpp"
#include "harness/broker/statistics.hpp"
#include "harness/broker/subscription_table.hpp"
#include "harness/broker/user_directory.hpp"

namespace gauntlet::broker {

/// The state of one broker.
struct broker_state {
  explicit broker_state(broker::options chosen)
      : options(std::move(chosen)), defects(options.defects, options.seed), users(options.users) {}

  const broker::options options;
  defect_set defects;
  const bool faulty_output = asks_for_faulty_output(options.defects);
  const bool harmful = asks_for_harm(options.defects);
  user_directory users;
  broker::defect_memory defect_memory;
  access_rights_source access;
  time_point now{};  ///< of the event being handled

  // Before what it serves: sessions cancel their deadlines when they go.
  deadline_queue deadlines;
  deadline sys_topics_due{nullptr};  ///< while anybody may be subscribed to them
  time_point started{};              ///< when the first connection came
  subscription_table subscriptions;
  session_store sessions;
  retained_store retained;
  broker::statistics statistics;
  /// Counted only if limits::connections_per_address_max is set.
  std::unordered_map<std::string, std::size_t> connections_by_address;

  /// Connections with bytes to send at the end of this turn.
  std::vector<connection*> with_output;
  /// Buffers that no connection needs just now, so that idle ones hold none.
  std::vector<byte_buffer> spare_buffers;
  broker::routing_scratch routing_scratch;
  std::uint64_t assigned_identifiers = 0;
  rate_window connect_rate;  ///< if limits::connects_per_second_max is set

  /// Where everything goes that is to survive a restart; null if nothing is, see persistence.hpp.
  durable_store* store = nullptr;
  /// Why the store has failed. Nothing is sent from then on.
  std::optional<failure> storage_failure;
  time_point last_commit{};              ///< when the store was last told to commit
  duration wall_offset{};                ///< what wall-clock time is ahead of the loop's
  std::uint64_t durable_messages = 0;    ///< the latest number given to a message record
  std::uint64_t durable_deliveries = 0;  ///< and to a delivery record

  /// Writes a line if anybody wants it: log(log_level::info, "connect client={}", id).
  template <class... Args>
  void log(log_level level, const log_format<std::type_identity_t<Args>...>& line,
           const Args&... args) const {
    if (logs(level)) options.sink(level, fmt::format(line.format, logged<Args>{args}...));
  }

  /// Whether anybody wants lines of this level; for values that cost something to get.
  bool logs(log_level level) const { return level <= options.level && options.sink; }
};

}  // namespace gauntlet::broker
