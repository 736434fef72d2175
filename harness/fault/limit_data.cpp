#include <algorithm>

#include "harness/fault/stream_fault.hpp"

namespace gauntlet::fault {
namespace {

class limited_bytes final : public stream_fault {
 public:
  limited_bytes(const limit_data& what, const stream_start& begin)
      : left_(what.bytes), end_at_(begin.at) {}

  std::size_t allowance(std::size_t wanted, time_point) override {
    return static_cast<std::size_t>(std::min<std::uint64_t>(wanted, left_));
  }
  void passed(std::size_t bytes, time_point now) override {
    left_ -= std::min<std::uint64_t>(bytes, left_);
    end_at_ = now;
  }
  std::optional<stream_end> end() const override {
    if (left_ > 0) return std::nullopt;
    return stream_end{end_at_, planned_end{ending::fin, ending::fin}};
  }

 private:
  std::uint64_t left_;
  time_point end_at_;
};

}  // namespace

std::unique_ptr<stream_fault> start(const limit_data& what, const stream_start& begin) {
  return std::make_unique<limited_bytes>(what, begin);
}

}  // namespace gauntlet::fault
