#include "harness/record/environment.hpp"

#include <fstream>
#include <sched.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace gauntlet::record {
namespace {

// The value of the first line of `file` that starts with `key`, without separators and quotes.
std::string value_in(const char* file, std::string_view key) {
  std::ifstream lines(file);
  std::string line;
  while (std::getline(lines, line)) {
    if (!line.starts_with(key)) continue;
    const std::size_t from = line.find_first_not_of(" \t:=\"", key.size());
    const std::size_t to = line.find_last_not_of(" \t\"");
    if (from == std::string::npos || to < from) return {};
    return line.substr(from, to - from + 1);
  }
  return {};
}

}  // namespace

environment_record describe_environment() {
  environment_record here;
  utsname names{};
  if (::uname(&names) == 0) {
    here.host = names.nodename;
    here.kernel = std::string(names.sysname) + " " + names.release;
  }
  here.os = value_in("/etc/os-release", "PRETTY_NAME");
  here.cpu_model = value_in("/proc/cpuinfo", "model name");
  cpu_set_t usable;
  if (::sched_getaffinity(0, sizeof usable, &usable) == 0) {
    here.cores = static_cast<std::uint32_t>(CPU_COUNT(&usable));
  }
  here.memory_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                      static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) here.descriptor_limit = limit.rlim_cur;
  return here;
}

}  // namespace gauntlet::record
