#include "sim/engine/worker_books.hpp"

#include <algorithm>

namespace gauntlet::sim {

worker_books::worker_books(const fleet_plan& plan)
    : live(plan, progress.slots, progress.owed), stages_(plan.stages()) {
  const scenario& described = plan.described();
  for (const disturbance& each : described.disturbances) {
    measured.recovery(name_of(each), each.at);
  }
  flow_of_.resize(described.fleet.size());
  flow_of_stream_.reserve(plan.stream_count());
  for (std::size_t group = 0; group < described.fleet.size(); ++group) {
    const device_group& devices = described.fleet[group];
    measured.connection(devices.name);
    request_of_.push_back(static_cast<std::uint16_t>(measured.requests.size()));
    if (std::any_of(devices.publish.begin(), devices.publish.end(),
                    [](const publication& what) { return what.request.has_value(); })) {
      measured.requests_of(devices.name);
    }
    for (std::uint8_t qos = 0; qos <= 2; ++qos) {
      bool used = false;
      for (const publication& publish : devices.publish) {
        used = used || static_cast<std::uint8_t>(publish.qos) == qos;
      }
      if (!used) continue;
      flow_of_[group][qos] = static_cast<std::uint32_t>(measured.flows.size());
      for (std::size_t stage = 0; stage < stages_.count(); ++stage) {
        measured.flow(devices.name, qos, stages_.name(stage));
      }
    }
    for (std::uint32_t device = 0; device < devices.count; ++device) {
      for (const publication& publish : devices.publish) {
        flow_of_stream_.push_back(flow_of_[group][static_cast<std::size_t>(publish.qos)]);
      }
    }
  }
}

void worker_books::close_interval(time_point now) {
  progress.latency_p99_ns = recent_latency.percentile(99).count();
  live.close_interval();

  // An interval that ends now holds what happened before now.
  const duration since = now - run_start - duration(1);
  if (since < duration::zero()) return;
  record::series_point& point = measured.series.at(since);
  point.connected = progress.connected;
  point.sent += progress.sent - at_last_close_.sent;
  point.received += progress.received - at_last_close_.received;
  point.acknowledged += progress.acknowledged - at_last_close_.acknowledged;
  point.connection_failures += progress.failures - at_last_close_.failures;
  point.own_cpu += duration(progress.cpu_ns - at_last_close_.cpu_ns);
  point.latency.merge(record::compact_histogram(recent_latency));
  point.schedule_lag.merge(record::compact_histogram(recent_lag));
  recent_latency = {};
  recent_lag = {};
  at_last_close_ = progress;
}

}  // namespace gauntlet::sim
