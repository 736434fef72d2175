#pragma once

// Which process of those that a command started is the broker: some are started by a shell script,
// whose memory, threads and processor time say nothing of the broker's.

#include <cstdint>
#include <sys/types.h>
#include <vector>

namespace gauntlet::target {

/// The process and all that it has started and that still belong to it, it first.
std::vector<pid_t> process_tree(pid_t root);

/// The one of them that listens on that TCP port; the root where none can be seen to.
pid_t serving_process(pid_t root, std::uint16_t port);

}  // namespace gauntlet::target
