#pragma once

// `gauntlet broker` as a process of its own, so that its memory and its descriptors are its own.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/target/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::test {

/// Lets this process and those it starts have as many descriptors as the system permits; answers
/// how many.
std::uint64_t allow_many_descriptors();

/// The reference broker on a free port of 127.0.0.1. Ends with this object.
class reference_process {
 public:
  /// Starts the program with further flags and waits until it listens. Throws if it does not.
  explicit reference_process(std::vector<std::string> flags = {});

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return process_.pid(); }
  /// Memory in use now (VmRSS).
  std::uint64_t resident_bytes() const;
  /// What it has printed so far: where it listens, and its log.
  std::string output() const;

  /// Ends it in order, and answers the figures of the last line of its log by their names.
  std::map<std::string, std::uint64_t, std::less<>> stop();

 private:
  temporary_directory folder_;
  target::child_process process_;
  std::uint16_t port_ = 0;
};

}  // namespace gauntlet::test
