#pragma once

// report.html: one file that needs nothing else, neither network nor folder.

#include <string>

#include "harness/record/run_result.hpp"

namespace gauntlet::reports {

/// The whole page in UTF-8. It holds the record as JSON (a script element named "result", without
/// the histograms of the time series), and every figure in it is a `data` element that says in
/// `data-figure` where in result.json it stands.
std::string to_html(const record::run_result& run);

}  // namespace gauntlet::reports
