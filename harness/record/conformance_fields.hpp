#pragma once

// The names of all fields of a conformance result, said once for writing and reading JSON. Private
// to harness/record.

#include "harness/record/conformance_matrix.hpp"
#include "harness/record/conformance_result.hpp"
#include "harness/record/fields.hpp"

namespace gauntlet::record {

/// Calls `visit` with the name and the value of each field, in the order of the JSON.
template <class Visit, maybe_const<conformance_options> T>
void visit_fields(Visit&& visit, T& x) {
  visit("protocols", x.protocols);
  visit("jobs", x.jobs);
  visit("strict", x.strict);
  visit("fast", x.fast);
  visit("repeat", x.repeat);
  visit("timeout_scale", x.timeout_scale);
  visit("only", x.only);
  visit("skip", x.skip);
  visit("second_target", x.second_target);
}

template <class Visit, maybe_const<capability_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("name", x.name);
  visit("value", x.value);
  visit("source", x.source);
}

template <class Visit, maybe_const<statement_ref> T>
void visit_fields(Visit&& visit, T& x) {
  visit("version", x.version);
  visit("id", x.id);
}

template <class Visit, maybe_const<statement_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("version", x.version);
  visit("id", x.id);
  visit("section", x.section);
  visit("title", x.title);
  visit("says", x.says);
  visit("link", x.link);
  visit("level", x.level);
  visit("numbered", x.numbered);
  visit("testable", x.testable);
  visit.unless_default("why_not", x.why_not);
  visit("verdict", x.verdict);
  visit("tests", x.tests);
  visit("passed", x.passed);
}

template <class Visit, maybe_const<catalogue_totals> T>
void visit_fields(Visit&& visit, T& x) {
  visit("version", x.version);
  visit("numbered", x.numbered);
  visit("numbered_testable", x.numbered_testable);
  visit("numbered_tested", x.numbered_tested);
  visit("numbered_kept", x.numbered_kept);
  visit("numbered_broken", x.numbered_broken);
  visit("other_testable", x.other_testable);
  visit("other_tested", x.other_tested);
  visit("other_kept", x.other_kept);
  visit("other_broken", x.other_broken);
}

template <class Visit, maybe_const<cause_group> T>
void visit_fields(Visit&& visit, T& x) {
  visit("sentence", x.sentence);
  visit("verdict", x.verdict);
  visit("signature", x.signature);
  visit("tests", x.tests);
}

template <class Visit, maybe_const<expectation_difference> T>
void visit_fields(Visit&& visit, T& x) {
  visit("change", x.change);
  visit("test", x.test);
  visit("version", x.version);
  visit("expected", x.expected);
  visit("observed", x.observed);
  visit.unless_default("reason", x.reason);
  visit.unless_default("issue", x.issue);
}

template <class Visit, maybe_const<expectation_comparison> T>
void visit_fields(Visit&& visit, T& x) {
  visit("file", x.file);
  visit("entries", x.entries);
  visit("met", x.met);
  visit("differences", x.differences);
}

template <class Visit, maybe_const<divergence_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit.unless_default("client", x.client);
  visit("expected", x.expected);
  visit("observed", x.observed);
  visit("signature", x.signature);
}

template <class Visit, maybe_const<manner_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("expected", x.expected);
  visit("observed", x.observed);
}

template <class Visit, maybe_const<wire_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("at_ns", x.at);
  visit("what", x.what);
  visit.unless_default("hex", x.hex);
  visit.unless_default("size_bytes", x.size_bytes);
  visit.unless_default("text", x.text);
}

template <class Visit, maybe_const<transcript_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("connection", x.connection);
  visit.unless_default("attempt", x.attempt);
  visit("entries", x.entries);
  visit.unless_default("left_out", x.left_out);
}

template <class Visit, maybe_const<reproducer_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit.unless_default("netcat", x.netcat);
  visit.unless_default("python", x.python);
  visit.unless_default("command", x.command);
}

template <class Visit, maybe_const<breach_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("id", x.id);
  visit.unless_default("statements", x.statements);
  visit("sentence", x.sentence);
  visit("client", x.client);
  visit("at_ns", x.at);
  visit("packet", x.packet);
  visit.unless_default("hex", x.hex);
}

template <class Visit, maybe_const<test_record> T>
void visit_fields(Visit&& visit, T& x) {
  visit("id", x.id);
  visit("version", x.version);
  visit("verdict", x.verdict);
  visit("title", x.title);
  visit("theme", x.theme);
  visit.unless_default("chapter", x.chapter);
  visit.unless_default("kind", x.kind);
  visit.unless_default("level", x.level);
  visit.unless_default("reason", x.reason);
  visit("statements", x.statements);
  visit.unless_default("divergence", x.divergence);
  visit.unless_default("control", x.control);
  visit.unless_default("manners", x.manners);
  visit.unless_default("runs", x.runs, 1U);
  visit.unless_default("passes", x.passes);
  visit("took_ns", x.took);
  visit.unless_default("waited_ns", x.waited);
  visit.unless_default("breaches", x.breaches);
  visit.unless_default("reproducer", x.reproducer);
  visit.unless_default("transcripts", x.transcripts);
}

template <class Visit, maybe_const<conformance_result> T>
void visit_fields(Visit&& visit, T& x) {
  visit("verdict", x.verdict);
  visit("exit_code", x.exit_code);
  visit("ending", x.ending);
  visit("ending_sentence", x.ending_sentence);
  visit("tool_version", x.tool_version);
  visit("command_line", x.command_line);
  visit("started", x.started);
  visit("duration_ns", x.duration);
  visit.decimal_text("seed", x.seed);
  visit("target", x.target);
  visit("environment", x.environment);
  visit("options", x.options);
  visit("capabilities", x.capabilities);
  visit.unless_default("expectations", x.expectations);
  visit("totals", x.totals);
  visit("groups", x.groups);
  visit("statements", x.statements);
  visit("tests", x.tests);
}

template <class Visit, maybe_const<matrix_column> T>
void visit_fields(Visit&& visit, T& x) {
  visit("name", x.name);
  visit("product", x.product);
  visit("report", x.report);
  visit("started", x.started);
  visit.decimal_text("seed", x.seed);
  visit("ending", x.ending);
  visit("verdict", x.verdict);
  visit("totals", x.totals);
  visit("capabilities", x.capabilities);
}

template <class Visit, maybe_const<matrix_finding> T>
void visit_fields(Visit&& visit, T& x) {
  visit("column", x.column);
  visit("text", x.text);
}

template <class Visit, maybe_const<matrix_test> T>
void visit_fields(Visit&& visit, T& x) {
  visit("id", x.id);
  visit("version", x.version);
  visit("title", x.title);
  visit("theme", x.theme);
  visit.unless_default("chapter", x.chapter);
  visit.unless_default("level", x.level);
  visit("verdicts", x.verdicts);
  visit.unless_default("findings", x.findings);
}

template <class Visit, maybe_const<conformance_matrix> T>
void visit_fields(Visit&& visit, T& x) {
  visit("tool_version", x.tool_version);
  visit("columns", x.columns);
  visit("tests", x.tests);
}

}  // namespace gauntlet::record
