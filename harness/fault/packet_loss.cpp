#include <algorithm>

#include "harness/fault/stream_fault.hpp"

namespace gauntlet::fault {
namespace {

/// The payload of a segment on Ethernet.
constexpr std::size_t segment_bytes_max = 1'460;
/// A segment that gets lost more often than this comes through.
constexpr int losses_max = 8;

/// A segment that gets lost comes by its retransmission; TCP keeps the order, so all bytes behind
/// it wait.
class lossy_bytes final : public stream_fault {
 public:
  lossy_bytes(const packet_loss& what, const stream_start& begin)
      : what_(what), draws_(begin.draws), there_at_(begin.at) {}

  std::size_t allowance(std::size_t wanted, time_point now) override {
    if (segment_bytes_ == 0) send_segment(wanted, now);
    return now < there_at_ ? 0 : std::min(wanted, segment_bytes_);
  }
  time_point next_chance() const override { return there_at_; }
  void passed(std::size_t bytes, time_point) override {
    segment_bytes_ -= std::min(bytes, segment_bytes_);
  }

 private:
  void send_segment(std::size_t wanted, time_point now) {
    segment_bytes_ = std::min(wanted, segment_bytes_max);
    there_at_ = now;
    duration wait = what_.retransmission;
    for (int losses = 0; losses < losses_max && draws_.chance(what_.share); ++losses) {
      there_at_ += wait;
      wait *= 2;
    }
  }

  packet_loss what_;
  seeded_stream draws_;
  std::size_t segment_bytes_ = 0;
  time_point there_at_;
};

}  // namespace

std::unique_ptr<stream_fault> start(const packet_loss& what, const stream_start& begin) {
  return std::make_unique<lossy_bytes>(what, begin);
}

}  // namespace gauntlet::fault
