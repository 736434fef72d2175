#pragma once

// Where the lines of the broker's log go.

#include <cstdio>

#include "harness/base/event_loop.hpp"
#include "harness/broker/log.hpp"

namespace gauntlet::cli {

/// Writes "2026-01-31T09:05:00.250Z info connect ..." to the file, one line at a time. Time is the
/// loop's, which must outlive the sink.
broker::log_sink lines_to(std::FILE* file, const event_loop& loop);

}  // namespace gauntlet::cli
