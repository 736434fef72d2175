#pragma once

// Whether a target is possible at all, asked before anything is made for it.

#include "harness/base/result.hpp"
#include "harness/target/target.hpp"

namespace gauntlet::target {

/// Bad input, if open_target() would refuse these options whatever the machine does: names that
/// nobody knows, brokers that are not installed, defects that the target cannot have. Opens nothing
/// and writes nothing.
outcome<void> check_target(const target_options& options);

}  // namespace gauntlet::target
