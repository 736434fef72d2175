#include "harness/history/sequence_set.hpp"

#include <algorithm>

#include "harness/base/assert.hpp"

namespace gauntlet::history {
namespace {

std::uint64_t length(sequence_range range) { return std::uint64_t{range.last} - range.first + 1; }

// The first range that ends at or after `number`.
template <class Ranges>
auto first_reaching(Ranges& ranges, std::uint32_t number) {
  return std::lower_bound(ranges.begin(), ranges.end(), number,
                          [](sequence_range range, std::uint32_t n) { return range.last < n; });
}

}  // namespace

std::uint64_t sequence_set::size() const { return size_from(0); }

std::uint64_t sequence_set::size_from(std::uint32_t from) const {
  std::uint64_t total = 0;
  for (auto it = first_reaching(ranges_, from); it != ranges_.end(); ++it) {
    total += length({std::max(it->first, from), it->last});
  }
  return total;
}

std::uint64_t sequence_set::size_in(sequence_range range) const {
  const std::uint64_t above = range.last == UINT32_MAX ? 0 : size_from(range.last + 1);
  return size_from(range.first) - above;
}

bool sequence_set::contains(std::uint32_t number) const {
  const auto it = first_reaching(ranges_, number);
  return it != ranges_.end() && it->first <= number;
}

void sequence_set::add(sequence_range range) {
  GAUNTLET_ASSERT(range.first <= range.last);
  // Adjacent ranges melt together, hence the search starts one below.
  auto begin = first_reaching(ranges_, range.first == 0 ? 0 : range.first - 1);
  auto end = begin;
  while (end != ranges_.end() && (range.last == UINT32_MAX || end->first <= range.last + 1)) {
    range.first = std::min(range.first, end->first);
    range.last = std::max(range.last, end->last);
    ++end;
  }
  if (begin == end) {
    ranges_.insert(begin, range);
  } else {
    *begin = range;
    ranges_.erase(begin + 1, end);
  }
}

bool sequence_set::remove(std::uint32_t number) {
  const auto it = first_reaching(ranges_, number);
  if (it == ranges_.end() || it->first > number) return false;
  if (it->first == it->last) {
    ranges_.erase(it);
  } else if (it->first == number) {
    ++it->first;
  } else if (it->last == number) {
    --it->last;
  } else {
    const sequence_range upper{number + 1, it->last};
    it->last = number - 1;
    ranges_.insert(it + 1, upper);
  }
  return true;
}

sequence_set intersection(const sequence_set& left, const sequence_set& right) {
  sequence_set common;
  auto l = left.ranges().begin();
  auto r = right.ranges().begin();
  while (l != left.ranges().end() && r != right.ranges().end()) {
    const std::uint32_t first = std::max(l->first, r->first);
    const std::uint32_t last = std::min(l->last, r->last);
    if (first <= last) common.add({first, last});
    if (l->last < r->last) {
      ++l;
    } else {
      ++r;
    }
  }
  return common;
}

sequence_set difference(const sequence_set& left, const sequence_set& right) {
  sequence_set rest;
  auto r = right.ranges().begin();
  for (const sequence_range range : left.ranges()) {
    std::uint64_t from = range.first;
    while (r != right.ranges().end() && r->last < range.first) ++r;
    for (auto hole = r; hole != right.ranges().end() && hole->first <= range.last; ++hole) {
      if (hole->first > from) {
        rest.add({static_cast<std::uint32_t>(from), hole->first - 1});
      }
      from = std::uint64_t{hole->last} + 1;
    }
    if (from <= range.last) rest.add({static_cast<std::uint32_t>(from), range.last});
  }
  return rest;
}

}  // namespace gauntlet::history
