#pragma once

// The three kinds of target, one function and one file each. Only open_target() calls them.

#include <memory>

#include "harness/base/result.hpp"
#include "harness/net/network.hpp"
#include "harness/target/target.hpp"

namespace gauntlet::target {

/// A broker that runs already, somewhere.
outcome<std::unique_ptr<target_handle>> open_url(const target_options& options,
                                                 net::network& network);

/// The broker of a profile, started here.
outcome<std::unique_ptr<target_handle>> open_managed(const target_options& options,
                                                     net::network& network);

/// The reference broker, in a thread of this process.
outcome<std::unique_ptr<target_handle>> open_embedded(const target_options& options,
                                                      net::network& network);

/// The embedded broker's settings as the target wants them: with a store in the run's folder, if
/// its state is to be kept and no other place is named.
broker::options embedded_options(const target_options& options);

}  // namespace gauntlet::target
