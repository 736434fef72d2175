#include "harness/record/run_matrix.hpp"

#include <algorithm>
#include <utility>

namespace gauntlet::record {
namespace {

double per_second(std::uint64_t count, duration time) {
  if (time <= duration::zero()) return 0;
  return static_cast<double>(count) / std::chrono::duration<double>(time).count();
}

void add_connections(run_matrix_row& row, const measurements& measured) {
  connection_account all;
  for (const connection_account& each : measured.connections) merge(all, each);
  row.devices = all.planned;
  row.connected = all.connected - std::min(all.connected, all.reconnected);
  row.unexpected_disconnects = all.unexpected_disconnects.total();
  if (!all.connect_time.empty()) row.connect_time_p99 = all.connect_time.percentile(99);
}

void add_deliveries(run_matrix_row& row, const measurements& measured, duration publishing) {
  const delivery_account account = total_of(measured);
  row.sent = account.sent;
  row.delivered = account.delivered;
  row.lost = account.lost;
  row.duplicated = account.duplicated;
  row.reordered = account.reordered;
  row.sent_per_second = per_second(account.sent, publishing);
  row.delivered_per_second = per_second(account.delivered, publishing);
  histogram latency;
  for (const message_flow& each : measured.flows) latency.merge(each.latency_from_schedule);
  if (latency.empty()) return;
  row.latency_p50 = latency.percentile(50);
  row.latency_p99 = latency.percentile(99);
  row.latency_max = latency.percentile(100);
}

}  // namespace

run_matrix_row matrix_row_of(std::vector<matrix_value> values, std::string folder,
                             const run_result& result, duration publishing) {
  run_matrix_row row{.values = std::move(values),
                     .folder = std::move(folder),
                     .verdict = result.verdict,
                     .exit_code = result.exit_code,
                     .ending = result.ending,
                     .generator_limited = result.generator.limited,
                     .expectations = result.expectations};
  if (result.ending != ending::complete) row.remark = result.ending_sentence;
  add_connections(row, result.measured);
  add_deliveries(row, result.measured, publishing);
  for (const broker_process_record& each : result.broker_processes) {
    row.broker_rss_bytes_max = std::max(row.broker_rss_bytes_max, each.rss_bytes_max);
    row.broker_cpu += each.cpu;
  }
  return row;
}

}  // namespace gauntlet::record
