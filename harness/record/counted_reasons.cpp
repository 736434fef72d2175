#include "harness/record/counted_reasons.hpp"

namespace gauntlet::record {

void counted_reasons::add(std::string_view reason, std::uint64_t times) {
  if (times == 0) return;
  if (const auto found = counts_.find(reason); found != counts_.end()) {
    found->second += times;
    return;
  }
  counts_[std::string(counts_.size() < different_max ? reason : other)] += times;
}

void counted_reasons::merge(const counted_reasons& others) {
  for (const auto& [reason, times] : others.counts_) counts_[reason] += times;
}

std::uint64_t counted_reasons::total() const {
  std::uint64_t sum = 0;
  for (const auto& [reason, times] : counts_) sum += times;
  return sum;
}

}  // namespace gauntlet::record
