#pragma once

// The keys of a scenario's faults that act below TCP.

#include <string>
#include <vector>

#include "harness/config/reader.hpp"
#include "harness/fault_host/host_fault.hpp"

namespace gauntlet::sim {

/// One such key.
struct host_fault_key {
  std::string name;
  std::string doc;
  config::reader<fault_host::host_fault> read;
};

std::vector<host_fault_key> host_fault_keys();

}  // namespace gauntlet::sim
