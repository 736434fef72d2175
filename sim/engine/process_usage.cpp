#include "sim/engine/process_usage.hpp"

#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace gauntlet::sim {
namespace {

duration cpu_of(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto as_duration = [](const timeval& time) -> duration {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  return as_duration(usage.ru_utime) + as_duration(usage.ru_stime);
}

}  // namespace

process_usage read_process_usage() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total_pages = 0;
  std::uint64_t resident_pages = 0;
  if (!(statm >> total_pages >> resident_pages)) resident_pages = 0;
  return {.cpu = cpu_of(RUSAGE_SELF),
          .resident_bytes = resident_pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))};
}

duration read_thread_cpu() { return cpu_of(RUSAGE_THREAD); }

}  // namespace gauntlet::sim
