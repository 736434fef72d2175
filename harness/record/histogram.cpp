#include "harness/record/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "harness/base/assert.hpp"

namespace gauntlet::record {
namespace {

constexpr std::uint64_t sum_max = INT64_MAX;

std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) {
  return b > sum_max - a ? sum_max : a + b;
}

std::uint64_t saturating_multiply(std::uint64_t value, std::uint64_t times) {
  return times != 0 && value > sum_max / times ? sum_max : value * times;
}

}  // namespace

std::uint32_t histogram::index_of(duration value) {
  const auto ns = static_cast<std::uint64_t>(
      std::clamp(value, duration::zero(), duration{trackable_max}).count());
  if (ns < page_size) return static_cast<std::uint32_t>(ns);
  const auto exponent = static_cast<std::uint32_t>(std::bit_width(ns)) - 7;
  return page_size * (exponent + 1) + static_cast<std::uint32_t>(ns >> exponent) - page_size;
}

duration histogram::low_of(std::uint32_t index) {
  if (index < page_size) return duration{index};
  const auto exponent = index / page_size - 1;
  return duration{static_cast<duration::rep>(page_size + index % page_size) << exponent};
}

std::uint64_t& histogram::counter(std::uint32_t index) {
  auto& slot = page_of_[index / page_size];
  if (slot == no_page) {
    slot = static_cast<std::uint8_t>(pages_.size());
    pages_.emplace_back();
  }
  return pages_[slot][index % page_size];
}

void histogram::record(duration value, std::uint64_t times) {
  if (times == 0) return;
  const auto ns = std::max<std::int64_t>(value.count(), 0);
  counter(index_of(value)) += times;
  count_ += times;
  sum_ns_ = saturating_add(sum_ns_, saturating_multiply(static_cast<std::uint64_t>(ns), times));
  min_ns_ = std::min(min_ns_, ns);
  max_ns_ = std::max(max_ns_, ns);
}

void histogram::merge(const histogram& other) {
  for (std::uint32_t power = 0; power < page_count; ++power) {
    if (other.page_of_[power] == no_page) continue;
    const auto& from = other.pages_[other.page_of_[power]];
    auto* to = &counter(power * page_size);
    for (std::uint32_t i = 0; i < page_size; ++i) to[i] += from[i];
  }
  count_ += other.count_;
  sum_ns_ = saturating_add(sum_ns_, other.sum_ns_);
  min_ns_ = std::min(min_ns_, other.min_ns_);
  max_ns_ = std::max(max_ns_, other.max_ns_);
}

duration histogram::mean() const {
  return duration{empty() ? 0 : static_cast<duration::rep>(sum_ns_ / count_)};
}

duration histogram::percentile(double percent) const {
  GAUNTLET_ASSERT(percent >= 0 && percent <= 100);
  if (empty()) return duration::zero();
  const auto all = static_cast<double>(count_);
  // The slack keeps a product that should be whole, as 99.9 % of 1000, from rounding up to the
  // next.
  const auto wanted = percent * all / 100 * (1 - 1e-12);
  const auto rank = static_cast<std::uint64_t>(std::clamp(std::ceil(wanted), 1.0, all));
  if (rank == 1) return min();
  if (rank >= count_) return max();
  std::uint64_t seen = 0;
  for (std::uint32_t power = 0; power < page_count; ++power) {
    if (page_of_[power] == no_page) continue;
    const auto& counts = pages_[page_of_[power]];
    for (std::uint32_t i = 0; i < page_size; ++i) {
      seen += counts[i];
      if (seen < rank) continue;
      const auto index = power * page_size + i;
      const auto low = low_of(index);
      const auto middle = low + (low_of(index + 1) - low) / 2;
      return std::clamp(middle, min(), max());
    }
  }
  return max();
}

std::uint64_t histogram::count_above(duration limit) const {
  const auto limit_index = index_of(limit);
  std::uint64_t above = 0;
  for_each_bucket([&](const bucket& each) {
    if (each.index > limit_index) above += each.count;
  });
  return above;
}

void histogram::for_each_bucket(const std::function<void(const bucket&)>& visit) const {
  for (std::uint32_t power = 0; power < page_count; ++power) {
    if (page_of_[power] == no_page) continue;
    const auto& counts = pages_[page_of_[power]];
    for (std::uint32_t i = 0; i < page_size; ++i) {
      const auto index = power * page_size + i;
      if (counts[i] != 0) visit({index, low_of(index), low_of(index + 1), counts[i]});
    }
  }
}

void histogram::restore_bucket(std::uint32_t index, std::uint64_t count) {
  GAUNTLET_ASSERT(index < index_end);
  if (count == 0) return;
  counter(index) += count;
  count_ += count;
}

void histogram::restore_exact(duration sum, duration min, duration max) {
  if (empty()) return;
  sum_ns_ = static_cast<std::uint64_t>(std::max<duration::rep>(sum.count(), 0));
  min_ns_ = min.count();
  max_ns_ = max.count();
}

bool histogram::operator==(const histogram& other) const {
  if (count_ != other.count_ || sum_ns_ != other.sum_ns_ || min() != other.min() ||
      max() != other.max()) {
    return false;
  }
  // A page of zeros equals no page at all, and the order in which pages were added says nothing.
  constexpr page zeros{};
  for (std::uint32_t power = 0; power < page_count; ++power) {
    const auto& mine = page_of_[power] == no_page ? zeros : pages_[page_of_[power]];
    const auto& theirs =
        other.page_of_[power] == no_page ? zeros : other.pages_[other.page_of_[power]];
    if (mine != theirs) return false;
  }
  return true;
}

}  // namespace gauntlet::record
