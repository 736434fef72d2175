// Goal: the ranges hold exactly the numbers that were put in. Method: a std::set does the same
// beside it.

#include "harness/history/sequence_set.hpp"

#include <set>

#include <gtest/gtest.h>

#include "harness/base/seeded_stream.hpp"

namespace gauntlet::history {
namespace {

std::set<std::uint32_t> numbers_of(const sequence_set& set) {
  std::set<std::uint32_t> numbers;
  for (const sequence_range range : set.ranges()) {
    for (std::uint32_t n = range.first; n <= range.last; ++n) numbers.insert(n);
  }
  return numbers;
}

struct model {
  sequence_set set;
  std::set<std::uint32_t> numbers;

  void add(std::uint32_t first, std::uint32_t last) {
    set.add({first, last});
    for (std::uint32_t n = first; n <= last; ++n) numbers.insert(n);
  }
};

model random_model(seeded_stream& random) {
  model made;
  for (int step = 0; step < 30; ++step) {
    const auto first = static_cast<std::uint32_t>(random.below(60));
    if (random.chance(0.7)) {
      made.add(first, first + static_cast<std::uint32_t>(random.below(5)));
    } else {
      EXPECT_EQ(made.set.remove(first), made.numbers.erase(first) == 1);
    }
  }
  return made;
}

TEST(SequenceSet, AgreesWithAPlainSet) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    seeded_stream random(seed, "sequence-set", "", 0);
    const model made = random_model(random);
    EXPECT_EQ(numbers_of(made.set), made.numbers) << "seed " << seed;
    EXPECT_EQ(made.set.size(), made.numbers.size());
    for (std::uint32_t n = 0; n < 66; ++n) {
      EXPECT_EQ(made.set.contains(n), made.numbers.contains(n));
      EXPECT_EQ(made.set.size_from(n), static_cast<std::uint64_t>(std::distance(
                                           made.numbers.lower_bound(n), made.numbers.end())));
    }
  }
}

TEST(SequenceSet, KeepsAdjacentRangesAsOne) {
  sequence_set set;
  set.add({0, 4});
  set.add({6, 9});
  set.add({5, 5});
  ASSERT_EQ(set.ranges().size(), 1U);
  EXPECT_EQ(set.ranges()[0], (sequence_range{0, 9}));
}

TEST(SequenceSet, ReachesTheLargestNumber) {
  sequence_set set;
  set.add({5, UINT32_MAX});
  set.add({UINT32_MAX, UINT32_MAX});
  EXPECT_TRUE(set.contains(UINT32_MAX));
  EXPECT_EQ(set.ranges().size(), 1U);
  EXPECT_EQ(set.size(), std::uint64_t{UINT32_MAX} - 4);
}

TEST(SequenceSet, IntersectsAndSubtracts) {
  for (std::uint64_t seed = 1000; seed < 1300; ++seed) {
    seeded_stream random(seed, "sequence-set", "", 0);
    const model left = random_model(random);
    const model right = random_model(random);
    std::set<std::uint32_t> common;
    std::set<std::uint32_t> rest;
    for (const std::uint32_t n : left.numbers)
      (right.numbers.contains(n) ? common : rest).insert(n);
    EXPECT_EQ(numbers_of(intersection(left.set, right.set)), common) << "seed " << seed;
    EXPECT_EQ(numbers_of(difference(left.set, right.set)), rest) << "seed " << seed;
  }
}

}  // namespace
}  // namespace gauntlet::history
