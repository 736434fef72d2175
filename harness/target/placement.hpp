#pragma once

// Where the process of a broker lives, if not in the machine's own network.

#include <string>

namespace gauntlet::target {

/// A network namespace from which what listens on 127.0.0.1 is reached under an address of this
/// machine. Outlives the broker.
struct placement {
  int network_namespace = -1;  ///< its descriptor
  std::string address;         ///< that clients dial
};

}  // namespace gauntlet::target
