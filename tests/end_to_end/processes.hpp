#pragma once

// Processes as /proc shows them: whom a program has started, and who is still there.

#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace gauntlet::test {

/// The children of `parent`, without those that have ended and only wait to be reaped.
std::vector<pid_t> children_of(pid_t parent);
/// Those of them whose program has that name, as /proc/PID/comm says it.
std::vector<pid_t> children_of(pid_t parent, std::string_view name);

/// Whether the process runs; one that has ended and waits to be reaped does not.
bool is_alive(pid_t pid);
/// Whether none of them is alive.
bool all_gone(const std::vector<pid_t>& pids);

/// Whether the process has a handler for the signal.
bool handles(pid_t pid, int signal);

}  // namespace gauntlet::test
