// Random bytes of a fixed or random number; the stamp comes first.

#include <algorithm>
#include <cmath>

#include "sim/plan/payload/payload_format.hpp"

namespace gauntlet::sim {
namespace {

std::uint64_t draw_size(const size_distribution& size, seeded_stream& draws) {
  switch (size.as) {
    case size_distribution::shape::uniform:
      if (size.min_bytes == size.max_bytes) return size.min_bytes;
      return static_cast<std::uint64_t>(draws.between(static_cast<std::int64_t>(size.min_bytes),
                                                      static_cast<std::int64_t>(size.max_bytes)));
    case size_distribution::shape::normal: {
      const double drawn = std::round(size.mean_bytes + size.stddev_bytes * draws.normal());
      return static_cast<std::uint64_t>(std::clamp(drawn, static_cast<double>(size.min_bytes),
                                                   static_cast<double>(size.max_bytes)));
    }
    case size_distribution::shape::choice:
      break;
  }
  double whole = 0;
  for (const auto& each : size.choice) whole += each.weight;
  double left = draws.uniform() * whole;
  for (const auto& each : size.choice) {
    left -= each.weight;
    if (left < 0) return each.size_bytes;
  }
  return size.choice.back().size_bytes;
}

class random_format final : public payload_format {
 public:
  random_format(const random_payload& what, const format_setting& how) : size_(what.size) {
    using encoding = stamp_layout::encoding;
    const bool small = size_.min_bytes < stamp_size_bytes || how.stamp == stamp_place::compact;
    layout_.as = !how.in_payload() ? encoding::none : small ? encoding::compact : encoding::binary;
  }

  void append(const message_context& of, byte_buffer& out) const override {
    seeded_stream draws(of.key.with(of.carries.sequence));
    const std::size_t begin = out.size();
    out.resize(begin + draw_size(size_, draws));
    draws.bytes(std::span(out).subspan(begin));
  }
  stamp_layout layout() const override { return layout_; }

 private:
  size_distribution size_;
  stamp_layout layout_;
};

}  // namespace

format_handle make_format(const random_payload& what, const format_setting& how) {
  return std::make_shared<random_format>(what, how);
}

}  // namespace gauntlet::sim
