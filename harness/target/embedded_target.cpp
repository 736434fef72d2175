// A target that is the reference broker, in a thread of this process.

#include "harness/target/openers.hpp"

namespace gauntlet::target {

outcome<std::unique_ptr<target_handle>> open_embedded(const target_options&, net::network&) {
  return failure{exit_code::internal_error, "the embedded broker is not part of this build"};
}

}  // namespace gauntlet::target
