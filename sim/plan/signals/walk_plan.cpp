#include "sim/plan/signals/walk_plan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "sim/plan/signals/draws.hpp"

namespace gauntlet::sim {
namespace {

/// The square roots of the powers of two, by exponent, and their inverses.
struct root_table {
  std::array<double, 64> root{};
  std::array<double, 64> inverse{};
};
constexpr root_table roots = [] {
  root_table made;
  for (std::size_t i = 0; i < made.root.size(); ++i) {
    const auto whole = static_cast<double>(std::uint64_t{1} << (i / 2));
    made.root[i] = i % 2 == 0 ? whole : whole * 1.4142135623730951;
    made.inverse[i] = (i % 2 == 0 ? 1.0 : 0.7071067811865476) / whole;
  }
  return made;
}();

/// What is left of one end of a block at the other: too little to be seen in any statistic.
constexpr double forgotten = 1e-6;

double as_double(std::uint64_t value) {
  return static_cast<double>(static_cast<std::int64_t>(value));
}

}  // namespace

double gaussian_walk(const stream_key& key, std::uint64_t at) {
  if (at == 0) return 0;
  const std::uint64_t seed = key.bits();
  // At the powers of two up to the largest one not above `at`: W(1) is a step, and W(2^(j+1)) is
  // W(2^j) plus a normal increment of variance 2^j.
  const auto top = static_cast<unsigned>(std::bit_width(at)) - 1;
  double value = step_draw(seed, 0);
  for (unsigned j = 0; j < top; ++j) {
    value += roots.root[j] * step_draw(seed, std::uint64_t{2} << j);
  }
  // From there on a straight line to the next power of two, bent level by level: the middle of an
  // interval of length d is off the line between its ends by a normal of variance d / 4, and what
  // lies beside the middle by as much less as it is nearer to an end (the construction of Levy and
  // Ciesielski).
  const std::uint64_t above = at - (std::uint64_t{1} << top);
  value += as_double(above) * roots.inverse[top] * step_draw(seed, std::uint64_t{2} << top);
  for (unsigned exponent = top; exponent > 0; --exponent) {
    const std::uint64_t length = std::uint64_t{1} << exponent;
    const std::uint64_t off = at & (length - 1);
    if (off == 0) break;
    const std::uint64_t nearer = std::min(off, length - off);
    value += as_double(nearer) * roots.inverse[exponent] * step_draw(seed, at - off + length / 2);
  }
  return value;
}

double reflect(double value, double min, double max) {
  if (value >= min && value <= max) return value;
  const double width = max - min;
  double off = std::fmod(value - min, 2 * width);
  if (off < 0) off += 2 * width;
  return min + (off <= width ? off : 2 * width - off);
}

walk_plan::walk_plan(const walk_signal& what) : what_(what), mean_(what.mean.value_or(what.start)) {
  if (what.reversion <= 0) return;
  decay_ = 1 - what.reversion;
  deviation_ = what.step / std::sqrt(1 - decay_ * decay_);
  while (decay_ >= forgotten) {
    // The middle of twice the interval, given both ends: with r the decay over half of it, each end
    // counts r / (1 + r^2), and the variance left is (1 - r^2) / (1 + r^2).
    const double square = decay_ * decay_;
    levels_.push_back({decay_ / (1 + square), deviation_ * std::sqrt((1 - square) / (1 + square))});
    decay_ = square;
  }
}

double walk_plan::value(const stream_key& key, std::uint64_t step) const {
  const double free = what_.reversion > 0 ? mean_ + reverting(key, step)
                                          : what_.start + what_.step * gaussian_walk(key, step);
  return reflect(free, what_.min, what_.max);
}

double walk_plan::reverting(const stream_key& key, std::uint64_t step) const {
  const std::uint64_t seed = key.bits();
  const std::size_t top = levels_.size() - 1;
  const std::uint64_t block = step >> top;
  // The process begins in its start and not in its stationary state; within the first block what
  // differs from that decays.
  const auto end = [&](std::uint64_t number) {
    return number == 0 ? what_.start - mean_ : deviation_ * step_draw(seed, number << top);
  };
  std::uint64_t low_at = block << top;
  double low = end(block);
  if (low_at == step) return low;
  double high = end(block + 1);
  if (block == 0) high += decay_ * low;
  for (std::size_t depth = top; depth > 0; --depth) {
    const std::uint64_t middle = low_at + (std::uint64_t{1} << (depth - 1));
    const double there =
        levels_[depth].weight * (low + high) + levels_[depth].deviation * step_draw(seed, middle);
    if (middle == step) return there;
    if (step > middle) {
      low_at = middle;
      low = there;
    } else {
      high = there;
    }
  }
  return low;
}

}  // namespace gauntlet::sim
