#pragma once

// The names of the fields of a matrix of runs. Private to harness/record.

#include "harness/record/fields.hpp"
#include "harness/record/run_matrix.hpp"

namespace gauntlet::record {

/// As in fields.hpp.
template <class Visit, maybe_const<matrix_value> T>
void visit_fields(Visit&& visit, T& x) {
  visit("name", x.name);
  visit("value", x.value);
}

template <class Visit, maybe_const<run_matrix_row> T>
void visit_fields(Visit&& visit, T& x) {
  visit("parameters", x.values);
  visit("folder", x.folder);
  visit("verdict", x.verdict);
  visit("exit_code", x.exit_code);
  visit("ending", x.ending);
  visit("remark", x.remark);
  visit("devices", x.devices);
  visit("connected", x.connected);
  visit("sent", x.sent);
  visit("delivered", x.delivered);
  visit("lost", x.lost);
  visit("duplicated", x.duplicated);
  visit("reordered", x.reordered);
  visit("unexpected_disconnects", x.unexpected_disconnects);
  visit("sent_per_second", x.sent_per_second);
  visit("delivered_per_second", x.delivered_per_second);
  visit("connect_time_p99_ns", x.connect_time_p99);
  visit("latency_p50_ns", x.latency_p50);
  visit("latency_p99_ns", x.latency_p99);
  visit("latency_max_ns", x.latency_max);
  visit("broker_rss_bytes_max", x.broker_rss_bytes_max);
  visit("broker_cpu_ns", x.broker_cpu);
  visit("generator_limited", x.generator_limited);
  visit("expectations", x.expectations);
}

}  // namespace gauntlet::record
