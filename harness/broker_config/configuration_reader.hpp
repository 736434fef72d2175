#pragma once

// The keys at the top of the broker's file.

#include "harness/broker_config/configuration.hpp"
#include "harness/config/reader.hpp"

namespace gauntlet::broker_config {

/// Reads over what is there, so that several documents can be read one over the other.
const config::reader<configuration>& configuration_reader();

}  // namespace gauntlet::broker_config
