#include "harness/fault/paced_bytes.hpp"

#include <algorithm>

namespace gauntlet::fault {

std::size_t paced_bytes::allowance(std::size_t wanted, time_point now) {
  if (bytes_per_second_ == 0) return 0;
  if (slice_bytes_ == 0) {
    const std::uint64_t longest = std::max<std::uint64_t>(1, bytes_per_second_ / 10);
    slice_bytes_ = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, longest));
    const double seconds =
        static_cast<double>(slice_bytes_) / static_cast<double>(bytes_per_second_);
    slice_there_at_ =
        now + std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds));
  }
  return now < slice_there_at_ ? 0 : std::min(wanted, slice_bytes_);
}

void paced_bytes::passed(std::size_t bytes, time_point) {
  slice_bytes_ -= std::min(bytes, slice_bytes_);
}

}  // namespace gauntlet::fault
