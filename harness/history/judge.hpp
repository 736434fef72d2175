#pragma once

// All guarantees, put to the history of a run.

#include "harness/history/evidence.hpp"
#include "harness/history/finding.hpp"

namespace gauntlet::history {

/// Asks every rule of docs/guarantees.md.
findings judge(const evidence& all);

}  // namespace gauntlet::history
