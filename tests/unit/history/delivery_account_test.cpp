// Goal: each kind of wrong delivery is counted exactly, and nothing the standard permits is counted
// as wrong. Method: books written by hand; message n of every stream is scheduled at n
// milliseconds.

#include "harness/history/delivery_account.hpp"

#include <initializer_list>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace gauntlet::history {
namespace {

using std::chrono::milliseconds;

time_point at(int ms) { return time_point(milliseconds(ms)); }

class catalogue final : public stream_catalogue {
 public:
  std::vector<stream_facts> streams{
      {.topic_name = "plant/a", .published_qos = mqtt::qos::at_least_once}};

  stream_facts describe(stream_index stream) const override { return streams.at(stream); }
  std::uint32_t first_scheduled_from(stream_index, time_point when) const override {
    const auto ms = std::chrono::ceil<milliseconds>(when.time_since_epoch()).count();
    return ms < 0 ? 0 : static_cast<std::uint32_t>(ms);
  }
  std::vector<time_point> later_stages() const override { return later; }

  std::vector<time_point> later;
};

class DeliveryAccount : public testing::Test {
 protected:
  // Stream 0 sends `count` messages and all are acknowledged.
  void publish(std::uint32_t count, stream_index stream = 0) {
    books.published[stream].sent = count;
    books.published[stream].acknowledged = count;
  }
  receiver_record& subscribe(receiver_index who, std::string filter, int from_ms = 0,
                             mqtt::qos granted = mqtt::qos::exactly_once) {
    receiver_record& record = books.received.receivers[who];
    record.subscriptions.push_back({.topic_filter = std::move(filter), .granted_qos = granted});
    record.subscribed = {{.from = at(from_ms)}};
    return record;
  }
  void receive(receiver_index who, std::initializer_list<std::uint32_t> numbers,
               std::uint16_t epoch = 0, stream_index stream = 0) {
    for (const std::uint32_t n : numbers) books.received.receive(who, stream, n, epoch);
  }
  delivery_figures judge(mqtt::qos effective = mqtt::qos::at_least_once, std::uint32_t group = 0,
                         std::uint32_t stage = 0) {
    const delivery_account account = judge_deliveries(books, facts);
    const auto found = account.find({.group = group, .effective_qos = effective, .stage = stage});
    return found == account.end() ? delivery_figures{} : found->second;
  }

  ledger books;
  catalogue facts;
};

TEST_F(DeliveryAccount, CountsEveryPairOfMessageAndReceiver) {
  publish(4);
  subscribe(7, "plant/+");
  subscribe(8, "#");
  receive(7, {0, 1, 2, 3});
  receive(8, {0, 1, 2, 3});
  const delivery_figures figures = judge();
  EXPECT_EQ(figures.expected, 8U);
  EXPECT_EQ(figures.delivered, 8U);
  EXPECT_EQ(figures.lost + figures.uncertain + figures.extra + figures.unexpected, 0U);
}

TEST_F(DeliveryAccount, CountsLossAtTheBeginningInsideAndAtTheEnd) {
  publish(6);
  subscribe(7, "plant/a");
  receive(7, {1, 3});
  const delivery_figures figures = judge();
  EXPECT_EQ(figures.expected, 6U);
  EXPECT_EQ(figures.lost, 4U);
}

TEST_F(DeliveryAccount, CountsAReceiverThatGotNothing) {
  publish(5);
  subscribe(7, "plant/a");
  EXPECT_EQ(judge().lost, 5U);
}

TEST_F(DeliveryAccount, CountsDuplicatesAndReordering) {
  publish(4);
  subscribe(7, "plant/a");
  receive(7, {0, 2, 1, 1, 3, 3});
  const delivery_figures figures = judge();
  EXPECT_EQ(figures.delivered, 4U);
  EXPECT_EQ(figures.duplicated, 2U);
  EXPECT_EQ(figures.reordered, 1U);
  EXPECT_EQ(figures.lost, 0U);
}

TEST_F(DeliveryAccount, CountsByTheStageInWhichAMessageWasScheduled) {
  facts.later = {at(3), at(6), at(6)};  // the third stage is over at once
  publish(9);
  subscribe(7, "plant/a");
  receive(7, {0, 1, 2, 2, 2, 3, 5, 4, 7, 8});
  const auto in_stage = [&](std::uint32_t stage) {
    return judge(mqtt::qos::at_least_once, 0, stage);
  };
  EXPECT_EQ(in_stage(0).delivered, 3U);
  EXPECT_EQ(in_stage(0).duplicated, 2U);
  EXPECT_EQ(in_stage(0).reordered, 0U);
  EXPECT_EQ(in_stage(1).delivered, 3U);
  EXPECT_EQ(in_stage(1).reordered, 1U);
  EXPECT_EQ(in_stage(1).duplicated + in_stage(1).lost, 0U);
  EXPECT_EQ(in_stage(2).expected, 0U);
  EXPECT_EQ(in_stage(3).expected, 3U);
  EXPECT_EQ(in_stage(3).lost, 1U);
}

TEST_F(DeliveryAccount, CountsDuplicatesAmongMembersByStage) {
  facts.later = {at(2)};
  publish(4);
  for (const receiver_index member : {7U, 8U}) {
    subscribe(member, "plant/a").subscriptions.back().share_name = "s";
  }
  receive(7, {0, 1, 3});
  receive(8, {1, 2, 3});
  EXPECT_EQ(judge().duplicated, 1U);
  EXPECT_EQ(judge(mqtt::qos::at_least_once, 0, 1).duplicated, 1U);
  EXPECT_EQ(judge().lost + judge(mqtt::qos::at_least_once, 0, 1).lost, 0U);
}

TEST_F(DeliveryAccount, OwesNothingScheduledBeforeTheSubscriptionStood) {
  publish(10);
  subscribe(7, "plant/a", 4);
  receive(7, {3, 4, 5, 6, 7, 8, 9});
  const delivery_figures figures = judge();
  EXPECT_EQ(figures.expected, 6U);
  EXPECT_EQ(figures.delivered, 6U);
  EXPECT_EQ(figures.extra, 1U);
}

TEST_F(DeliveryAccount, LeavesUnacknowledgedMessagesUncertain) {
  publish(5);
  books.published[0].uncertain.add({3, 4});
  subscribe(7, "plant/a");
  receive(7, {0, 1, 2, 3});
  const delivery_figures figures = judge();
  EXPECT_EQ(figures.expected, 3U);
  EXPECT_EQ(figures.extra, 1U);
  EXPECT_EQ(figures.uncertain, 1U);
  EXPECT_EQ(figures.lost, 0U);
}

TEST_F(DeliveryAccount, ConvictsDeliveryOfARejectedMessage) {
  publish(3);
  books.published[0].rejected.add({1, 1});
  subscribe(7, "plant/a");
  receive(7, {0, 1, 2});
  const delivery_figures figures = judge();
  EXPECT_EQ(figures.expected, 2U);
  EXPECT_EQ(figures.unexpected, 1U);
}

TEST_F(DeliveryAccount, ConvictsWhatWasNeverSentOrNeverSubscribed) {
  publish(2);
  subscribe(7, "plant/a");
  subscribe(8, "office/a");
  receive(7, {0, 1, 5});
  receive(8, {0, 0});
  EXPECT_EQ(judge().unexpected, 3U);
}

TEST_F(DeliveryAccount, PermitsOneCopyForEachOverlappingSubscription) {
  publish(3);
  subscribe(7, "plant/a");
  subscribe(7, "plant/#");
  receive(7, {0, 0, 1, 2, 2});
  const delivery_figures figures = judge();
  EXPECT_EQ(figures.expected, 3U);
  EXPECT_EQ(figures.duplicated, 0U);
}

TEST_F(DeliveryAccount, AccountsAtTheLowerOfPublishedAndGrantedQos) {
  publish(2);
  subscribe(7, "plant/a", 0, mqtt::qos::at_most_once);
  EXPECT_EQ(judge(mqtt::qos::at_least_once).expected, 0U);
  EXPECT_EQ(judge(mqtt::qos::at_most_once).lost, 2U);
}

TEST_F(DeliveryAccount, LeavesOutThePublisherUnderNoLocal) {
  facts.streams[0].publisher = 7;
  publish(2);
  subscribe(7, "plant/a").subscriptions[0].no_local = true;
  EXPECT_EQ(judge().expected, 0U);
}

TEST_F(DeliveryAccount, JudgesSharedSubscriptionsAsOneReceiver) {
  publish(5);
  for (const receiver_index member : {7U, 8U}) {
    subscribe(member, "plant/a").subscriptions[0].share_name = "workers";
  }
  receive(7, {0, 2});
  receive(8, {1, 2});
  const delivery_figures figures = judge();
  EXPECT_EQ(figures.expected, 5U);
  EXPECT_EQ(figures.delivered, 3U);
  EXPECT_EQ(figures.lost, 2U);
  EXPECT_EQ(figures.duplicated, 1U);
}

// A session that broke at 5 ms and was new at 7 ms: what was scheduled between is not owed, what
// order had passed by before is, and the tail before the break may have gone with the session.
TEST_F(DeliveryAccount, ExcusesTheTailOfABrokenSessionAndNothingElse) {
  publish(10);
  receiver_record& record = subscribe(7, "plant/a");
  record.subscribed = {{.from = at(0), .until = at(5)}, {.from = at(7)}};
  record.epoch = 1;
  receive(7, {0, 2, 3}, 0);
  receive(7, {7, 9}, 1);
  const delivery_figures figures = judge();
  EXPECT_EQ(figures.lost, 2U);       // 1 and 8
  EXPECT_EQ(figures.uncertain, 1U);  // 4
  EXPECT_EQ(figures.expected, 7U);   // 0 to 3 and 7 to 9
}

TEST_F(DeliveryAccount, ExcusesTheTailWhenNothingCameAfterTheBreak) {
  publish(6);
  receiver_record& record = subscribe(7, "plant/a");
  record.subscribed = {{.from = at(0), .until = at(4)}};
  record.epoch = 1;
  receive(7, {0, 1}, 0);
  const delivery_figures figures = judge();
  EXPECT_EQ(figures.expected, 2U);
  EXPECT_EQ(figures.uncertain, 2U);
  EXPECT_EQ(figures.lost, 0U);
}

TEST_F(DeliveryAccount, KeepsGroupsApart) {
  facts.streams.push_back(
      {.topic_name = "plant/b", .published_qos = mqtt::qos::at_least_once, .group = 1});
  publish(2, 0);
  publish(3, 1);
  subscribe(7, "plant/+");
  receive(7, {0, 1}, 0, 0);
  receive(7, {0, 1}, 0, 1);
  EXPECT_EQ(judge(mqtt::qos::at_least_once, 0).lost, 0U);
  EXPECT_EQ(judge(mqtt::qos::at_least_once, 1).lost, 1U);
}

}  // namespace
}  // namespace gauntlet::history
