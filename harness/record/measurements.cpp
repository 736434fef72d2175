#include "harness/record/measurements.hpp"

#include <algorithm>
#include <cmath>

namespace gauntlet::record {
namespace {

void merge(message_flow& into, const message_flow& other) {
  record::merge(into.account, other.account);
  into.latency_from_schedule.merge(other.latency_from_schedule);
  into.latency_from_send.merge(other.latency_from_send);
  into.acknowledgement_time.merge(other.acknowledgement_time);
}

void merge(will_account& into, const will_account& other) {
  into.expected += other.expected;
  into.delivered += other.delivered;
  into.missing += other.missing;
  into.unexpected += other.unexpected;
}

void merge(retained_account& into, const retained_account& other) {
  into.expected += other.expected;
  into.delivered += other.delivered;
  into.missing += other.missing;
  into.stale += other.stale;
  into.replayed += other.replayed;
}

void merge(generator_account& into, const generator_account& other) {
  into.workers.insert(into.workers.end(), other.workers.begin(), other.workers.end());
  into.schedule_lag.merge(other.schedule_lag);
  into.loop_lag.merge(other.loop_lag);
}

}  // namespace

std::string label_of(const message_flow& flow) {
  return flow.stage.empty() ? flow.group : flow.group + ", " + flow.stage;
}

message_flow& measurements::flow(std::string_view group, std::uint8_t qos, std::string_view stage) {
  const auto found = std::find_if(flows.begin(), flows.end(), [&](const message_flow& each) {
    return each.qos == qos && each.group == group && each.stage == stage;
  });
  if (found != flows.end()) return *found;
  auto& added = flows.emplace_back();
  added.group = group;
  added.qos = qos;
  added.stage = stage;
  return added;
}

connection_account& measurements::connection(std::string_view group) {
  const auto found =
      std::find_if(connections.begin(), connections.end(),
                   [&](const connection_account& each) { return each.group == group; });
  if (found != connections.end()) return *found;
  auto& added = connections.emplace_back();
  added.group = group;
  return added;
}

request_account& measurements::requests_of(std::string_view group) {
  const auto found = std::find_if(requests.begin(), requests.end(),
                                  [&](const request_account& each) { return each.group == group; });
  if (found != requests.end()) return *found;
  auto& added = requests.emplace_back();
  added.group = group;
  return added;
}

recovery_account& measurements::recovery(std::string_view name, duration at) {
  const auto found = std::find_if(
      recoveries.begin(), recoveries.end(),
      [&](const recovery_account& each) { return each.at == at && each.name == name; });
  if (found != recoveries.end()) return *found;
  auto& added = recoveries.emplace_back();
  added.name = name;
  added.at = at;
  return added;
}

std::optional<duration> recovery_account::recovered_after(double percent) const {
  const auto wanted =
      static_cast<std::uint64_t>(std::ceil(static_cast<double>(concerned) * percent / 100));
  const std::uint64_t back = back_after.count();
  if (concerned == 0 || wanted > back) return std::nullopt;
  return back_after.percentile(100 * static_cast<double>(wanted) / static_cast<double>(back));
}

void merge(delivery_account& into, const delivery_account& other) {
  into.planned += other.planned;
  into.sent += other.sent;
  into.acknowledged += other.acknowledged;
  into.rejected += other.rejected;
  into.not_sent += other.not_sent;
  into.dropped_offline += other.dropped_offline;
  into.expected_deliveries += other.expected_deliveries;
  into.delivered += other.delivered;
  into.lost += other.lost;
  into.duplicated += other.duplicated;
  into.reordered += other.reordered;
  into.uncertain += other.uncertain;
  into.unexpected += other.unexpected;
  into.unjudged += other.unjudged;
  into.payload_bytes_sent += other.payload_bytes_sent;
  into.payload_bytes_received += other.payload_bytes_received;
}

void merge(connection_account& into, const connection_account& other) {
  into.planned += other.planned;
  into.attempts += other.attempts;
  into.connected += other.connected;
  into.reconnected += other.reconnected;
  into.failures.merge(other.failures);
  into.unexpected_disconnects.merge(other.unexpected_disconnects);
  into.disconnected_by_faults.merge(other.disconnected_by_faults);
  into.closed_by_us += other.closed_by_us;
  into.planned_departures.merge(other.planned_departures);
  into.left_open += other.left_open;
  into.sessions_resumed += other.sessions_resumed;
  into.sessions_lost += other.sessions_lost;
  into.offline_time.merge(other.offline_time);
  into.connect_time.merge(other.connect_time);
  into.subscriptions_requested += other.subscriptions_requested;
  into.subscriptions_granted += other.subscriptions_granted;
  into.subscriptions_downgraded += other.subscriptions_downgraded;
  into.subscriptions_refused.merge(other.subscriptions_refused);
}

void merge(request_account& into, const request_account& other) {
  into.requests += other.requests;
  into.answered += other.answered;
  into.timed_out += other.timed_out;
  into.answered_late += other.answered_late;
  into.unfinished += other.unfinished;
  into.answered_twice += other.answered_twice;
  into.wrong_correlation += other.wrong_correlation;
  into.response_time.merge(other.response_time);
  into.response_time_from_send.merge(other.response_time_from_send);
}

void merge(measurements& into, const measurements& other) {
  for (const auto& each : other.flows) merge(into.flow(each.group, each.qos, each.stage), each);
  for (const auto& each : other.connections) merge(into.connection(each.group), each);
  for (const auto& each : other.requests) merge(into.requests_of(each.group), each);
  for (const auto& each : other.recoveries) {
    recovery_account& sum = into.recovery(each.name, each.at);
    sum.concerned += each.concerned;
    sum.back_after.merge(each.back_after);
  }
  merge(into.wills, other.wills);
  merge(into.retained, other.retained);
  into.sparkplug.messages += other.sparkplug.messages;
  into.sparkplug.faults.merge(other.sparkplug.faults);
  into.sparkplug.rebirths_requested += other.sparkplug.rebirths_requested;
  into.foreign_messages += other.foreign_messages;
  into.protocol_errors.merge(other.protocol_errors);
  merge(into.generator, other.generator);
  into.series.merge(other.series);
  into.events.merge(other.events);
}

delivery_account total_of(const measurements& all, std::uint8_t qos) {
  delivery_account sum;
  for (const auto& each : all.flows) {
    if (each.qos == qos) merge(sum, each.account);
  }
  return sum;
}

delivery_account total_of(const measurements& all) {
  delivery_account sum;
  for (const auto& each : all.flows) merge(sum, each.account);
  return sum;
}

}  // namespace gauntlet::record
