#pragma once

// Bytes at a steady pace, in slices of a tenth of a second.

#include <cstdint>

#include "harness/fault/stream_fault.hpp"

namespace gauntlet::fault {

/// A slice goes on when the time that it takes is over, as on a slow line.
class paced_bytes : public stream_fault {
 public:
  /// 0 bytes a second: nothing moves.
  explicit paced_bytes(std::uint64_t bytes_per_second) : bytes_per_second_(bytes_per_second) {}

  std::size_t allowance(std::size_t wanted, time_point now) override;
  time_point next_chance() const override { return slice_there_at_; }
  void passed(std::size_t bytes, time_point now) override;

 private:
  std::uint64_t bytes_per_second_;
  std::size_t slice_bytes_ = 0;  // on the line; 0: the line is free
  time_point slice_there_at_ = time_point::max();
};

}  // namespace gauntlet::fault
