#include "fuzz/features/answer_table.hpp"

#include <algorithm>
#include <iterator>

namespace gauntlet::fuzz {
namespace {

/// Fewer are no proof of noise: any packet may be late once.
constexpr std::uint8_t failures_min = 4;
constexpr std::uint8_t count_max = 200;

}  // namespace

void to_places(answer_places& found) {
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
}

bool answer_table::is_noise(std::uint16_t place) const {
  const record& of = records_[place];
  return of.failed >= failures_min && of.failed >= of.agreed;
}

void answer_table::count(std::uint16_t place, std::uint8_t record::*what) {
  record& of = records_[place];
  if (of.*what >= count_max) {
    // The recent past counts more.
    of.agreed /= 2;
    of.failed /= 2;
  }
  of.*what += 1;
}

bool answer_table::has_new(const answer_places& places) const {
  return std::any_of(places.begin(), places.end(),
                     [this](std::uint16_t each) { return !known_[each] && !is_noise(each); });
}

bool answer_table::confirm(const answer_places& first, const answer_places& second) {
  answer_places once;
  std::set_symmetric_difference(first.begin(), first.end(), second.begin(), second.end(),
                                std::back_inserter(once));
  for (const std::uint16_t each : once) count(each, &record::failed);
  answer_places both;
  std::set_intersection(first.begin(), first.end(), second.begin(), second.end(),
                        std::back_inserter(both));
  const bool is_new = has_new(both);
  for (const std::uint16_t each : both) {
    count(each, &record::agreed);
    known_.set(each);
  }
  return is_new;
}

bool answer_table::is_same(const answer_places& first, const answer_places& second) const {
  answer_places once;
  std::set_symmetric_difference(first.begin(), first.end(), second.begin(), second.end(),
                                std::back_inserter(once));
  return std::all_of(once.begin(), once.end(),
                     [this](std::uint16_t each) { return is_noise(each); });
}

void answer_table::guide(const answer_places& places, std::span<std::uint8_t> counters) const {
  for (const std::uint16_t each : places) {
    if (known_[each] && !is_noise(each)) counters[each] = 1;
  }
}

std::size_t answer_table::behaviours() const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < feature_places; ++i) {
    count += known_[i] && !is_noise(static_cast<std::uint16_t>(i)) ? 1U : 0U;
  }
  return count;
}

}  // namespace gauntlet::fuzz
