#pragma once

// The names of the fields of a suite's result. Private to harness/record.

#include "harness/record/fields.hpp"
#include "harness/record/guarantees_result.hpp"

namespace gauntlet::record {

/// As in fields.hpp.
template <class Visit, maybe_const<guarantee_scenario> T>
void visit_fields(Visit&& visit, T& x) {
  visit("name", x.name);
  visit("title", x.title);
  visit("verdict", x.verdict);
  visit("remark", x.remark);
  visit("took_ns", x.took);
  visit("faults", x.faults);
  visit("guarantees", x.guarantees);
}

template <class Visit, maybe_const<guarantees_result> T>
void visit_fields(Visit&& visit, T& x) {
  visit("tool_version", x.tool_version);
  visit("command_line", x.command_line);
  visit("target", x.target);
  visit("product", x.product);
  visit("survives", x.survives);
  visit("seed", x.seed);
  visit("started", x.started);
  visit("took_ns", x.took);
  visit("failure", x.failure);
  visit("scenarios", x.scenarios);
}

}  // namespace gauntlet::record
