#pragma once

// A stream through which nothing gets until the connection ends: what toxiproxy's timeout and
// reset_peer have in common.

#include <optional>

#include "harness/fault/stream_fault.hpp"

namespace gauntlet::fault {

/// Swallows all bytes, and puts `end` to the connection if there is one.
class dead_stream final : public stream_fault {
 public:
  explicit dead_stream(std::optional<stream_end> end) : end_(end) {}
  bool swallows() const override { return true; }
  std::optional<stream_end> end() const override { return end_; }

 private:
  std::optional<stream_end> end_;
};

}  // namespace gauntlet::fault
