#pragma once

// The keys about the broker itself, one reader a part of broker::options.

#include "harness/broker/options.hpp"
#include "harness/config/reader.hpp"

namespace gauntlet::broker_config {

config::reader<broker::limits> limits();
config::reader<broker::capabilities> capabilities();
config::reader<broker::redirection> redirection();
config::reader<broker::persistence_settings> persistence();
/// The name of a defect, with ":1/N" for one occasion in N.
config::reader<broker::defect_switch> defect();
config::reader<broker::log_level> log_level();

}  // namespace gauntlet::broker_config
