// Goal: every receipt is called what it is, and what is missing is known exactly.

#include "harness/history/receipt_tracker.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "harness/base/seeded_stream.hpp"

namespace gauntlet::history {
namespace {

receipt_tracker seen(const std::vector<std::uint32_t>& sequence, std::uint16_t epoch = 0) {
  receipt_tracker tracker;
  for (const std::uint32_t number : sequence) tracker.receive(number, epoch);
  return tracker;
}

TEST(ReceiptTracker, NamesEachReceipt) {
  receipt_tracker tracker;
  EXPECT_EQ(tracker.receive(0, 0).kind, receipt_kind::in_order);
  EXPECT_EQ(tracker.receive(2, 0).kind, receipt_kind::in_order);
  EXPECT_EQ(tracker.receive(1, 0).kind, receipt_kind::late);
  EXPECT_EQ(tracker.receive(1, 0).kind, receipt_kind::duplicate);
  EXPECT_EQ(tracker.receive(2, 0).kind, receipt_kind::duplicate);
  EXPECT_EQ(tracker.received(), 3U);
  EXPECT_EQ(tracker.late(), 1U);
  EXPECT_EQ(tracker.duplicates(), 2U);
  EXPECT_TRUE(tracker.missing_below(3).empty());
}

TEST(ReceiptTracker, TellsAtOnceWhatWasSkipped) {
  receipt_tracker tracker;
  EXPECT_EQ(tracker.receive(3, 0).skipped, 0U);
  EXPECT_EQ(tracker.receive(4, 0).skipped, 0U);
  EXPECT_EQ(tracker.receive(7, 0).skipped, 2U);
  EXPECT_EQ(tracker.receive(5, 0).skipped, 0U);
}

TEST(ReceiptTracker, KnowsWhatIsMissingBeforeBetweenAndAfter) {
  const receipt_tracker tracker = seen({2, 3, 6});
  const sequence_set missing = tracker.missing_below(9);
  ASSERT_EQ(missing.ranges().size(), 3U);
  EXPECT_EQ(missing.ranges()[0], (sequence_range{0, 1}));
  EXPECT_EQ(missing.ranges()[1], (sequence_range{4, 5}));
  EXPECT_EQ(missing.ranges()[2], (sequence_range{7, 8}));
  EXPECT_EQ(tracker.missing_below(3).size(), 2U);
}

TEST(ReceiptTracker, AgreesWithASetUnderAnyOrderLossAndDuplication) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    seeded_stream random(seed, "tracker", "", 0);
    receipt_tracker tracker;
    std::set<std::uint32_t> numbers;
    std::uint32_t highest = 0;
    std::uint32_t late = 0;
    std::uint32_t duplicates = 0;
    for (int step = 0; step < 100; ++step) {
      const auto number = static_cast<std::uint32_t>(random.below(80));
      if (!numbers.insert(number).second) {
        ++duplicates;
      } else if (numbers.size() > 1 && number < highest) {
        ++late;
      }
      highest = std::max(highest, number);
      tracker.receive(number, 0);
    }
    EXPECT_EQ(tracker.received(), numbers.size()) << "seed " << seed;
    EXPECT_EQ(tracker.late(), late);
    EXPECT_EQ(tracker.duplicates(), duplicates);
    EXPECT_EQ(tracker.missing_below(80).size(), 80 - numbers.size());
  }
}

TEST(ReceiptTracker, ExcusesOnlyTheGapAcrossABreak) {
  receipt_tracker tracker;
  tracker.receive(0, 0);
  tracker.receive(2, 0);  // 1 is missing inside the first epoch
  tracker.receive(5, 1);  // 3 and 4 fell into the break
  tracker.receive(7, 1);  // 6 is missing inside the second
  EXPECT_EQ(tracker.missing_below(8).size(), 4U);
  ASSERT_EQ(tracker.excused().ranges().size(), 1U);
  EXPECT_EQ(tracker.excused().ranges()[0], (sequence_range{3, 4}));
}

TEST(ReceiptTracker, CountsByRangeOfNumbers) {
  const receipt_tracker tracker = seen({0, 3, 1, 1, 1, 3, 6});
  EXPECT_EQ(tracker.received_in({0, 2}), 2U);
  EXPECT_EQ(tracker.received_in({3, UINT32_MAX}), 2U);
  EXPECT_EQ(tracker.received_in({7, 9}), 0U);
  EXPECT_EQ(tracker.late_in({0, 1}), 1U);
  EXPECT_EQ(tracker.late_in({2, 9}), 0U);
  EXPECT_EQ(tracker.duplicates_in({0, 2}), 1U);
  EXPECT_EQ(tracker.duplicates_in({3, 9}), 2U);  // with the second further receipt of 1
  EXPECT_EQ(tracker.duplicates(), 3U);
}

TEST(ReceiptTracker, JoinsMembersOfASharedSubscription) {
  receipt_tracker first = seen({0, 2, 4});
  first.join(seen({1, 3}));
  EXPECT_EQ(first.received(), 5U);
  EXPECT_EQ(first.duplicates(), 0U);
  EXPECT_EQ(first.late(), 0U);

  receipt_tracker both = seen({0, 1, 2});
  both.join(seen({2, 3, 5}));
  EXPECT_EQ(both.received(), 5U);
  EXPECT_EQ(both.duplicates(), 1U);
  EXPECT_EQ(both.missing_below(6).size(), 1U);
}

TEST(ReceiptTracker, StaysSmallWhileHealthy) { EXPECT_LE(sizeof(receipt_tracker), 24U); }

TEST(ReceiptTracker, TellsOfGapsOnceAndWhenTheyHeal) {
  receipt_tracker tracker;
  EXPECT_EQ(tracker.receive(2, 0).skipped, 0U);  // may have come in the middle of the stream
  EXPECT_FALSE(tracker.receive(1, 0).was_skipped);
  EXPECT_EQ(tracker.receive(5, 0).skipped, 2U);
  EXPECT_TRUE(tracker.receive(4, 0).was_skipped);
  EXPECT_EQ(tracker.receive(9, 1).skipped, 0U);  // the session broke: excused
  EXPECT_FALSE(tracker.receive(7, 1).was_skipped);
}

}  // namespace
}  // namespace gauntlet::history
