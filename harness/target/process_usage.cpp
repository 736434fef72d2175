#include "harness/target/process_usage.hpp"

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <unistd.h>

namespace gauntlet::target {

std::optional<process_usage> read_process_usage(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  if (!file) return std::nullopt;
  return parse_process_stat(std::string(std::istreambuf_iterator<char>(file), {}));
}

std::optional<process_usage> parse_process_stat(std::string_view text) {
  // "pid (name) state ppid ...": the name ends at the last parenthesis. proc(5) counts fields from
  // 1; the state is field 3.
  const std::size_t name_end = text.rfind(')');
  if (name_end == text.npos) return std::nullopt;
  std::istringstream fields{std::string(text.substr(name_end + 1))};
  std::string ignored;
  for (int field = 3; field < 14; ++field) fields >> ignored;
  std::uint64_t user_ticks = 0;
  std::uint64_t system_ticks = 0;
  fields >> user_ticks >> system_ticks;
  for (int field = 16; field < 24; ++field) fields >> ignored;
  std::uint64_t resident_pages = 0;
  if (!(fields >> resident_pages)) return std::nullopt;

  static const auto ticks_per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  static const auto page_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::uint64_t nanoseconds_per_tick = 1'000'000'000 / ticks_per_second;
  return process_usage{.resident_bytes = resident_pages * page_bytes,
                       .cpu_time = duration(static_cast<duration::rep>((user_ticks + system_ticks) *
                                                                       nanoseconds_per_tick))};
}

}  // namespace gauntlet::target
