#pragma once

// The parts of the page, each filling the names that its template uses; private to reports.

#include "harness/record/run_result.hpp"
#include "reports/page_data.hpp"

namespace gauntlet::reports {

/// Verdict, key figures, expectations.
void add_overview(page_data& page, const record::run_result& run);
/// What was injected, what the packets prove, and which of them show it.
void add_faults(page_data& page, const record::run_result& run);
/// Delivery account, latencies, what the broker keeps.
void add_delivery(page_data& page, const record::run_result& run);
/// Connections, subscriptions, requests, and why they failed.
void add_connections(page_data& page, const record::run_result& run);
/// Generator, broker processes, events.
void add_processes(page_data& page, const record::run_result& run);
/// Scenario, environment, how to run it again.
void add_background(page_data& page, const record::run_result& run);

}  // namespace gauntlet::reports
