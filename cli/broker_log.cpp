#include "cli/broker_log.hpp"

#include <string>

#include <fmt/format.h>

#include "harness/record/wall_time.hpp"

namespace gauntlet::cli {

broker::log_sink lines_to(std::FILE* file, const event_loop& loop) {
  return [file, &loop](broker::log_level level, std::string_view line) {
    const auto now = std::chrono::floor<std::chrono::milliseconds>(loop.wall_now());
    const std::string whole =
        fmt::format("{} {} {}\n", record::to_iso8601(now), broker::to_string(level), line);
    std::fwrite(whole.data(), 1, whole.size(), file);
  };
}

}  // namespace gauntlet::cli
