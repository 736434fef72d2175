#pragma once

// Everything one worker writes down while its devices run: the ledger of messages, the
// measurements, and the live figures that the coordinator shows. Filling them is on the hot path.

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness/history/ledger.hpp"
#include "harness/record/measurements.hpp"
#include "sim/engine/broken_connections.hpp"
#include "sim/engine/live_recorder.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// Live figures of one worker; sent as they are between processes of one binary.
struct worker_progress {
  std::uint64_t devices = 0;       ///< of this worker
  std::uint64_t settled = 0;       ///< active once, or failed once
  std::uint64_t connected = 0;     ///< CONNACK seen and not closed since
  std::uint64_t offline = 0;       ///< were connected once, and lost their connection since
  std::uint64_t away = 0;          ///< have left as planned, and will be back
  std::uint64_t failures = 0;      ///< connections refused, failed or lost
  std::uint64_t sent = 0;          ///< messages handed to a connection
  std::uint64_t acknowledged = 0;  ///< QoS 1 and 2, with success
  std::uint64_t received = 0;      ///< PUBLISH packets in
  std::uint64_t first_copies = 0;  ///< of our streams, each once for each receiver
  std::int64_t missing = 0;        ///< numbers that order has passed by at a receiver
  std::uint64_t duplicated = 0;
  std::uint64_t in_flight = 0;        ///< sent and not acknowledged
  std::uint64_t waiting = 0;          ///< triggered, and still to be sent
  std::uint64_t open_requests = 0;    ///< sent, and no answer yet
  std::int64_t answers_until_ns = 0;  ///< the last time-out of a request, on the loop's time line
  std::int64_t last_receipt_ns = 0;   ///< on the loop's time line
  std::int64_t wills_until_ns = 0;    ///< after stop_publishing(): when the last will is surely due
  std::int64_t latency_p99_ns = 0;    ///< of the last full second, from the schedule
  std::uint64_t publishing_over = 0;  ///< 1 when nothing is left to send
  std::int64_t cpu_ns = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t owed = 0;  ///< messages for which a subscriber is surely there, if anybody asks
  live_slots slots{};      ///< of expectations that are narrowed
};

/// The books of one worker.
class worker_books {
 public:
  explicit worker_books(const fleet_plan& plan);
  worker_books(const worker_books&) = delete;
  worker_books& operator=(const worker_books&) = delete;

  /// The flow of messages that a group publishes at one QoS in the stage in which they are due.
  record::message_flow& flow(std::uint32_t group, mqtt::qos qos, duration due) {
    return measured.flows[flow_of_[group][static_cast<std::size_t>(qos)] + stages_.at(due)];
  }
  /// The flow that a message of a stream belongs to.
  record::message_flow& flow_of_stream(std::uint32_t stream, duration due) {
    return measured.flows[flow_of_stream_[stream] + stages_.at(due)];
  }
  /// Of a group that sends requests.
  record::request_account& requests(std::uint32_t group) {
    return measured.requests[request_of_[group]];
  }
  /// Enters what somebody reading the report should know; the first few of a kind are enough.
  void note(record::event_level level, std::string text, time_point now) {
    measured.events.add(
        {.at = now - run_start, .level = level, .source = "devices", .text = std::move(text)});
  }
  record::connection_account& connections(std::uint32_t group) {
    return measured.connections[group];
  }
  /// A device of the group has its CONNACK, or has lost its connection.
  void count_connected(std::uint32_t group, int by) {
    progress.connected += static_cast<std::uint64_t>(std::int64_t{by});
    live.on_connected(group, by);
  }
  /// Enters what has happened since the last call into the time series. To be called once in each
  /// interval and at the end.
  void close_interval(time_point now);

  time_point run_start{};
  history::ledger ledger;
  record::measurements measured;
  worker_progress progress;
  /// Of runs whose faults the coordinator plays.
  broken_connections broken;
  live_recorder live;
  record::histogram recent_latency;  ///< from the schedule, since the interval began
  record::histogram recent_lag;      ///< of the schedule, since the interval began

 private:
  const stage_plan& stages_;
  worker_progress at_last_close_;
  // Of the first stage; those of the other stages follow it.
  std::vector<std::array<std::uint32_t, 3>> flow_of_;  // by group, by QoS
  std::vector<std::uint32_t> flow_of_stream_;
  std::vector<std::uint16_t> request_of_;  // by group
};

}  // namespace gauntlet::sim
