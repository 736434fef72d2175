#pragma once

// The names of the fields of a fuzzing campaign's result. Private to harness/record.

#include "harness/record/fields.hpp"
#include "harness/record/fuzz_result.hpp"

namespace gauntlet::record {

/// As in fields.hpp.
template <class Visit, maybe_const<fuzz_input_size> T>
void visit_fields(Visit&& visit, T& x) {
  visit("inputs", x.inputs);
  visit("connections", x.connections);
  visit("packets", x.packets);
  visit("bytes", x.bytes);
}

template <class Visit, maybe_const<fuzz_finding> T>
void visit_fields(Visit&& visit, T& x) {
  visit("id", x.id);
  visit("kind", x.kind);
  visit("sentence", x.sentence);
  visit("signature", x.signature);
  visit("statement", x.statement);
  visit("section", x.section);
  visit("configuration", x.configuration);
  visit("times_seen", x.times_seen);
  visit("first_second", x.first_second);
  visit("first_execution", x.first_execution);
  visit("replayed", x.replayed);
  visit("replays", x.replays);
  visit("flaky", x.flaky);
  visit("found", x.found);
  visit("minimised", x.minimised);
  visit("script", x.script);
  visit("replay_command", x.replay_command);
  visit("folder", x.folder);
  visit("log_tail", x.log_tail);
}

template <class Visit, maybe_const<fuzz_sample> T>
void visit_fields(Visit&& visit, T& x) {
  visit("second", x.second);
  visit("executions", x.executions);
  visit("packets", x.packets);
  visit("connections", x.connections);
  visit("behaviours", x.behaviours);
  visit("edges", x.edges);
  visit("corpus", x.corpus);
  visit("resident_bytes", x.resident_bytes);
}

template <class Visit, maybe_const<fuzz_state_row> T>
void visit_fields(Visit&& visit, T& x) {
  visit("state", x.state);
  visit("sent", x.sent);
  visit("answered", x.answered);
}

template <class Visit, maybe_const<fuzz_result> T>
void visit_fields(Visit&& visit, T& x) {
  visit("tool_version", x.tool_version);
  visit("command_line", x.command_line);
  visit("target", x.target);
  visit("product", x.product);
  visit("configurations", x.configurations);
  visit("mode", x.mode);
  visit.decimal_text("seed", x.seed);
  visit("workers", x.workers);
  visit("workers_lost", x.workers_lost);
  visit("started", x.started);
  visit("seconds", x.seconds);
  visit("interrupted", x.interrupted);
  visit("executions", x.executions);
  visit("packets", x.packets);
  visit("connections", x.connections);
  visit("behaviours", x.behaviours);
  visit("edges", x.edges);
  visit("corpus", x.corpus);
  visit("restarts", x.restarts);
  visit("stability_tries", x.stability_tries);
  visit("stability_same", x.stability_same);
  visit("false_alarms", x.false_alarms);
  visit("seconds_in_vain", x.seconds_in_vain);
  visit("memory_growth_per_thousand", x.memory_growth_per_thousand);
  visit("samples", x.samples);
  visit("remarks", x.remarks);
  visit("packet_names", x.packet_names);
  visit("states", x.states);
  visit("findings", x.findings);
}

}  // namespace gauntlet::record
