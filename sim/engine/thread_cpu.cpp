#include "sim/engine/thread_cpu.hpp"

#include <sys/resource.h>

namespace gauntlet::sim {

duration read_thread_cpu() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  const auto as_duration = [](const timeval& time) -> duration {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  return as_duration(usage.ru_utime) + as_duration(usage.ru_stime);
}

}  // namespace gauntlet::sim
