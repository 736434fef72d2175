#include "harness/record/compact_histogram.hpp"

namespace gauntlet::record {
namespace {

void append_number(std::vector<std::uint8_t>& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<std::uint8_t>(value));
}

std::uint64_t take_number(const std::uint8_t*& at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = *at++;
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
}

}  // namespace

compact_histogram::compact_histogram(const histogram& from)
    : count_(from.count()), sum_(from.sum()), min_(from.min()), max_(from.max()) {
  std::uint32_t previous = 0;
  from.for_each_bucket([&](const histogram::bucket& each) {
    append_number(buckets_, each.index - previous);
    append_number(buckets_, each.count);
    previous = each.index;
  });
  buckets_.shrink_to_fit();
}

histogram compact_histogram::unpack() const {
  histogram unpacked;
  std::uint32_t index = 0;
  for (const auto* at = buckets_.data(); at != buckets_.data() + buckets_.size();) {
    index += static_cast<std::uint32_t>(take_number(at));
    unpacked.restore_bucket(index, take_number(at));
  }
  unpacked.restore_exact(sum_, min_, max_);
  return unpacked;
}

void compact_histogram::merge(const compact_histogram& other) {
  if (other.empty()) return;
  auto both = unpack();
  both.merge(other.unpack());
  *this = compact_histogram(both);
}

}  // namespace gauntlet::record
