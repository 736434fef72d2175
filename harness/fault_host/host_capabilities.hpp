#pragma once

// What faults below TCP this machine can do, found out by doing each of them once on a network of
// our own.

#include <string>
#include <vector>

namespace gauntlet::fault_host {

/// One kind of fault.
struct host_capability {
  std::string name;  ///< as scenarios call it
  std::string what;  ///< and what it needs of the machine
  bool works = false;
  std::string why_not;  ///< a sentence for people; empty if it works
};

/// Tries them all; takes about a second. Everything is gone when it returns.
std::vector<host_capability> probe_host();

/// A line for each.
std::string describe(const std::vector<host_capability>& all);

}  // namespace gauntlet::fault_host
