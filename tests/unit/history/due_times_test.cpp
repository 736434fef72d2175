// Goal: due times come back as they were entered, also over the way between processes, and damage
// is noticed.

#include "harness/history/due_times.hpp"

#include <gtest/gtest.h>

#include "harness/history/ledger.hpp"

namespace gauntlet::history {
namespace {

due_times sample() {
  due_times times;
  for (const std::int64_t ns : {0, 0, 5, 1'000'000'000, 1'000'000'001}) times.add(duration(ns));
  return times;
}

TEST(DueTimes, TellTheFirstFromATimeOn) {
  const due_times times = sample();
  EXPECT_EQ(times.size(), 5U);
  EXPECT_EQ(times.last(), duration(1'000'000'001));
  EXPECT_EQ(times.first_from(duration(-1)), 0U);
  EXPECT_EQ(times.first_from(duration(0)), 0U);
  EXPECT_EQ(times.first_from(duration(1)), 2U);
  EXPECT_EQ(times.first_from(duration(5)), 2U);
  EXPECT_EQ(times.first_from(duration(6)), 3U);
  EXPECT_EQ(times.first_from(duration(1'000'000'001)), 4U);
  EXPECT_EQ(times.first_from(duration(1'000'000'002)), 5U);
  EXPECT_EQ(due_times().first_from(duration(1)), 0U);
}

TEST(DueTimes, TravelWithTheLedger) {
  ledger books;
  books.recorded[7] = sample();
  byte_buffer bytes;
  write_ledger(books, bytes);
  ledger read;
  ASSERT_TRUE(read_ledger(bytes, read).has_value());
  EXPECT_EQ(read.recorded.at(7), sample());
}

TEST(DueTimes, NoticeDamage) {
  byte_buffer bytes;
  compact_writer out(bytes);
  out.number(2);
  out.number(UINT64_MAX);  // more than any time
  out.number(1);
  compact_reader in(bytes);
  static_cast<void>(due_times::read(in));
  EXPECT_TRUE(in.failed());

  byte_buffer cut;
  compact_writer(cut).number(3);
  compact_reader short_in(cut);
  static_cast<void>(due_times::read(short_in));
  EXPECT_TRUE(short_in.failed());
}

}  // namespace
}  // namespace gauntlet::history
