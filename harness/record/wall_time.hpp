#pragma once

// Wall-clock times as people and other programs read them: ISO 8601, UTC, to the millisecond.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gauntlet::record {

using wall_time = std::chrono::sys_time<std::chrono::milliseconds>;

/// "2026-01-31T09:05:00.250Z". Years 0 to 9999.
std::string to_iso8601(wall_time time);
/// The time written by to_iso8601, and by nothing else.
std::optional<wall_time> from_iso8601(std::string_view text);

}  // namespace gauntlet::record
