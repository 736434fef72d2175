// Goal: the books survive the way from a worker to the coordinator, and damage on it is noticed.

#include "harness/history/ledger.hpp"

#include <gtest/gtest.h>

namespace gauntlet::history {
namespace {

ledger sample() {
  ledger books;
  published_stream& stream = books.published[70000];
  stream.sent = 12;
  stream.acknowledged = 9;
  stream.rejected.add({3, 3});
  stream.uncertain.add({10, 11});
  receiver_record& record = books.received.receivers[5];
  record.subscriptions = {{.topic_filter = "a/#", .granted_qos = mqtt::qos::exactly_once},
                          {.topic_filter = "b", .share_name = "s", .no_local = true}};
  record.subscribed = {{.from = time_point(duration(7)), .until = time_point(duration(9))},
                       {.from = time_point(duration(11))}};
  record.epoch = 1;
  for (const std::uint32_t n : {0U, 4U, 4U, 2U}) books.received.receive(5, 70000, n, 0);
  books.received.receive(5, 70000, 9, 1);
  return books;
}

TEST(Ledger, ComesBackAsItWas) {
  byte_buffer bytes;
  write_ledger(sample(), bytes);
  ledger books;
  ASSERT_TRUE(read_ledger(bytes, books).has_value());

  const published_stream& stream = books.published.at(70000);
  EXPECT_EQ(stream.sent, 12U);
  EXPECT_EQ(stream.acknowledged, 9U);
  EXPECT_TRUE(stream.rejected.contains(3));
  EXPECT_EQ(stream.uncertain.size(), 2U);
  const receiver_record& record = books.received.receivers.at(5);
  ASSERT_EQ(record.subscriptions.size(), 2U);
  EXPECT_EQ(record.subscriptions[0].topic_filter, "a/#");
  EXPECT_EQ(record.subscriptions[0].granted_qos, mqtt::qos::exactly_once);
  EXPECT_EQ(record.subscriptions[1].share_name, "s");
  EXPECT_TRUE(record.subscriptions[1].no_local);
  ASSERT_EQ(record.subscribed.size(), 2U);
  EXPECT_EQ(record.subscribed[1].until, time_point::max());
  EXPECT_EQ(record.epoch, 1U);
  const receipt_tracker& tracker = books.received.trackers.at({5, 70000});
  EXPECT_EQ(tracker.received(), 4U);
  EXPECT_EQ(tracker.duplicates(), 1U);
  EXPECT_EQ(tracker.late(), 1U);
  EXPECT_EQ(tracker.epoch(), 1U);
  EXPECT_EQ(tracker.excused().size(), 4U);
}

TEST(Ledger, AddsToWhatIsThere) {
  byte_buffer bytes;
  write_ledger(sample(), bytes);
  ledger books;
  books.published[1].sent = 3;
  ASSERT_TRUE(read_ledger(bytes, books).has_value());
  EXPECT_EQ(books.published.size(), 2U);
}

TEST(Ledger, RefusesEveryTruncation) {
  byte_buffer bytes;
  write_ledger(sample(), bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ledger books;
    EXPECT_FALSE(read_ledger(byte_view(bytes).first(size), books).has_value()) << size;
  }
  bytes.push_back(0);
  ledger books;
  EXPECT_FALSE(read_ledger(bytes, books).has_value());
}

}  // namespace
}  // namespace gauntlet::history
