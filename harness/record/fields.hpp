#pragma once

// The names of all fields of a record, said once: writing and reading JSON both go through here, so
// that they cannot disagree. Private to harness/record.

#include <concepts>
#include <type_traits>

#include "harness/record/run_result.hpp"

namespace gauntlet::record {

/// T is U or const U: one list of fields serves writer and reader.
template <class T, class U>
concept maybe_const = std::same_as<std::remove_const_t<T>, U>;

template <class Visit, maybe_const<delivery_account> T>
void visit_fields(Visit&& visit, T& x) {
  visit("planned", x.planned);
  visit("sent", x.sent);
  visit("acknowledged", x.acknowledged);
  visit("rejected", x.rejected);
  visit("not_sent", x.not_sent);
  visit("dropped_offline", x.dropped_offline);
  visit("expected_deliveries", x.expected_deliveries);
  visit("delivered", x.delivered);
  visit("lost", x.lost);
  visit("duplicated", x.duplicated);
  visit("reordered", x.reordered);
  visit("uncertain", x.uncertain);
  visit("unexpected", x.unexpected);
  visit("unjudged", x.unjudged);
  visit("payload_bytes_sent", x.payload_bytes_sent);
  visit("payload_bytes_received", x.payload_bytes_received);
}

template <class Visit, maybe_const<message_flow> T>
void visit_fields(Visit&& visit, T& x) {
  visit("group", x.group);
  visit("qos", x.qos);
  visit("stage", x.stage);
  visit("account", x.account);
  visit("latency_from_schedule", x.latency_from_schedule);
  visit("latency_from_send", x.latency_from_send);
  visit("acknowledgement_time", x.acknowledgement_time);
}

template <class Visit, maybe_const<connection_account> T>
void visit_fields(Visit&& visit, T& x) {
  visit("group", x.group);
  visit("planned", x.planned);
  visit("attempts", x.attempts);
  visit("connected", x.connected);
  visit("reconnected", x.reconnected);
  visit("failures", x.failures);
  visit("unexpected_disconnects", x.unexpected_disconnects);
  visit("disconnected_by_faults", x.disconnected_by_faults);
  visit("closed_by_us", x.closed_by_us);
  visit("planned_departures", x.planned_departures);
  visit("left_open", x.left_open);
  visit("sessions_resumed", x.sessions_resumed);
  visit("sessions_lost", x.sessions_lost);
  visit("offline_time", x.offline_time);
  visit("connect_time", x.connect_time);
  visit("subscriptions_requested", x.subscriptions_requested);
  visit("subscriptions_granted", x.subscriptions_granted);
  visit("subscriptions_downgraded", x.subscriptions_downgraded);
  visit("subscriptions_refused", x.subscriptions_refused);
}

template <class Visit, maybe_const<request_account> T>
void visit_fields(Visit&& visit, T& x) {
  visit("group", x.group);
  visit("requests", x.requests);
  visit("answered", x.answered);
  visit("timed_out", x.timed_out);
  visit("answered_late", x.answered_late);
  visit("unfinished", x.unfinished);
  visit("answered_twice", x.answered_twice);
  visit("wrong_correlation", x.wrong_correlation);
  visit("response_time", x.response_time);
  visit("response_time_from_send", x.response_time_from_send);
}

template <class Visit, maybe_const<recovery_account> T>
void visit_fields(Visit&& visit, T& x) {
  visit("name", x.name);
  visit("at_ns", x.at);
  visit("concerned", x.concerned);
  visit("back_after", x.back_after);
}

template <class Visit, maybe_const<will_account> T>
void visit_fields(Visit&& visit, T& x) {
  visit("expected", x.expected);
  visit("delivered", x.delivered);
  visit("missing", x.missing);
  visit("unexpected", x.unexpected);
}

template <class Visit, maybe_const<retained_account> T>
void visit_fields(Visit&& visit, T& x) {
  visit("expected", x.expected);
  visit("delivered", x.delivered);
  visit("missing", x.missing);
  visit("stale", x.stale);
  visit("replayed", x.replayed);
}

template <class Visit, maybe_const<sparkplug_account> T>
void visit_fields(Visit&& visit, T& x) {
  visit("messages", x.messages);
  visit("faults", x.faults);
  visit("rebirths_requested", x.rebirths_requested);
}

template <class Visit, maybe_const<worker_account> T>
void visit_fields(Visit&& visit, T& x) {
  visit("id", x.id);
  visit("pid", x.pid);
  visit("devices", x.devices);
  visit("cpu_ns", x.cpu);
  visit("rss_bytes_max", x.rss_bytes_max);
  visit("finished", x.finished);
}

template <class Visit, maybe_const<generator_account> T>
void visit_fields(Visit&& visit, T& x) {
  visit("workers", x.workers);
  visit("schedule_lag", x.schedule_lag);
  visit("loop_lag", x.loop_lag);
}

template <class Visit, maybe_const<series_point> T>
void visit_fields(Visit&& visit, T& x) {
  visit("connected", x.connected);
  visit("sent", x.sent);
  visit("received", x.received);
  visit("acknowledged", x.acknowledged);
  visit("connection_failures", x.connection_failures);
  visit("latency", x.latency);
  visit("schedule_lag", x.schedule_lag);
  visit("own_cpu_ns", x.own_cpu);
  visit("broker_rss_bytes", x.broker_rss_bytes);
  visit("broker_cpu_ns", x.broker_cpu);
}

template <class Visit, maybe_const<time_series> T>
void visit_fields(Visit&& visit, T& x) {
  visit("interval_ns", x.interval);
  visit("points", x.points);
}

template <class Visit, maybe_const<event> T>
void visit_fields(Visit&& visit, T& x) {
  visit("at_ns", x.at);
  visit("level", x.level);
  visit("source", x.source);
  visit("text", x.text);
}

template <class Visit, maybe_const<measurements> T>
void visit_fields(Visit&& visit, T& x) {
  visit("flows", x.flows);
  visit("connections", x.connections);
  visit("requests", x.requests);
  visit("recoveries", x.recoveries);
  visit("wills", x.wills);
  visit("retained", x.retained);
  visit("sparkplug", x.sparkplug);
  visit("foreign_messages", x.foreign_messages);
  visit("protocol_errors", x.protocol_errors);
  visit("generator", x.generator);
  visit("series", x.series);
  visit("events", x.events);
}

template <class Visit, maybe_const<scenario_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("name", x.name);
  visit("description", x.description);
  visit("path", x.path);
  visit("source", x.source);
  visit.decimal_text("seed", x.seed);
  visit("simulated", x.simulated);
  visit("parameters", x.parameters);
  visit("scaled", x.scaled);
  visit("plan_sha256", x.plan_sha256);
}

template <class Visit, maybe_const<target_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("given", x.given);
  visit("url", x.url);
  visit("profile", x.profile);
  visit("product", x.product);
}

template <class Visit, maybe_const<environment_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("host", x.host);
  visit("os", x.os);
  visit("kernel", x.kernel);
  visit("cpu_model", x.cpu_model);
  visit("cores", x.cores);
  visit("memory_bytes", x.memory_bytes);
  visit("descriptor_limit", x.descriptor_limit);
}

template <class Visit, maybe_const<expectation_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("id", x.id);
  visit("where", x.where);
  visit("sentence", x.sentence);
  visit("expected", x.expected);
  visit("observed", x.observed);
  visit("verdict", x.verdict);
}

template <class Visit, maybe_const<broker_process_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("pid", x.pid);
  visit("command", x.command);
  visit("output_file", x.output_file);
  visit("started_at_ns", x.started_at);
  visit("rss_bytes_start", x.rss_bytes_start);
  visit("rss_bytes_end", x.rss_bytes_end);
  visit("rss_bytes_max", x.rss_bytes_max);
  visit("cpu_ns", x.cpu);
  visit("exit", x.exit);
  visit("exit_unexpected", x.exit_unexpected);
}

template <class Visit, maybe_const<generator_judgement> T>
void visit_fields(Visit&& visit, T& x) {
  visit("limited", x.limited);
  visit("sentence", x.sentence);
}

template <class Visit, maybe_const<fault_span> T>
void visit_fields(Visit&& visit, T& x) {
  visit("from_ns", x.from);
  visit("until_ns", x.until);
}

template <class Visit, maybe_const<fault_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("name", x.name);
  visit("what", x.what);
  visit("active", x.active);
  visit("strikes", x.strikes);
}

template <class Visit, maybe_const<witness_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("connection", x.connection);
  visit("to_broker", x.to_broker);
  visit("sent_ns", x.sent);
  visit("passed_ns", x.passed);
  visit("packet", x.packet);
  visit("fault", x.fault);
}

template <class Visit, maybe_const<finding_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("class", x.class_name);
  visit("verdict", x.verdict);
  visit("sentence", x.sentence);
  visit("witness", x.witness);
}

template <class Visit, maybe_const<class_count> T>
void visit_fields(Visit&& visit, T& x) {
  visit("class", x.class_name);
  visit("count", x.count);
}

template <class Visit, maybe_const<guarantee_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("rule", x.rule);
  visit("title", x.title);
  visit("verdict", x.verdict);
  visit("asked", x.asked);
  visit("counts", x.counts);
  visit("findings", x.findings);
}

template <class Visit, maybe_const<run_result> T>
void visit_fields(Visit&& visit, T& x) {
  visit("verdict", x.verdict);
  visit("exit_code", x.exit_code);
  visit("ending", x.ending);
  visit("ending_sentence", x.ending_sentence);
  visit("expectations", x.expectations);
  visit.unless_default("faults", x.faults);
  visit.unless_default("guarantees", x.guarantees);
  visit("tool_version", x.tool_version);
  visit("command_line", x.command_line);
  visit("started", x.started);
  visit("duration_ns", x.duration);
  visit("real_duration_ns", x.real_duration);
  visit("scenario", x.scenario);
  visit("target", x.target);
  visit("environment", x.environment);
  visit("generator", x.generator);
  visit("broker_processes", x.broker_processes);
  visit("measured", x.measured);
}

}  // namespace gauntlet::record
