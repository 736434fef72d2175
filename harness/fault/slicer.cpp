#include <algorithm>

#include "harness/fault/stream_fault.hpp"

namespace gauntlet::fault {
namespace {

class sliced_bytes final : public stream_fault {
 public:
  sliced_bytes(const slicer& what, const stream_start& begin)
      : what_(what), draws_(begin.draws), next_at_(begin.at) {
    draw_piece();
  }

  std::size_t allowance(std::size_t wanted, time_point now) override {
    return now < next_at_ ? 0 : std::min(wanted, piece_bytes_);
  }
  time_point next_chance() const override { return next_at_; }
  void passed(std::size_t, time_point now) override {
    next_at_ = now + what_.gap;
    draw_piece();
  }

 private:
  void draw_piece() {
    const auto average = static_cast<std::int64_t>(what_.average_bytes);
    const auto variation = static_cast<std::int64_t>(what_.variation_bytes);
    piece_bytes_ = static_cast<std::size_t>(
        std::max<std::int64_t>(1, average + draws_.between(-variation, variation)));
  }

  slicer what_;
  seeded_stream draws_;
  std::size_t piece_bytes_ = 1;
  time_point next_at_;
};

}  // namespace

std::unique_ptr<stream_fault> start(const slicer& what, const stream_start& begin) {
  return std::make_unique<sliced_bytes>(what, begin);
}

}  // namespace gauntlet::fault
