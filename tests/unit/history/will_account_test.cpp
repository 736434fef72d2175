// Goal: wills are expected of the right connections at the right receivers, and of nobody else.

#include "harness/history/will_account.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace gauntlet::history {
namespace {

using std::chrono::seconds;

constexpr receiver_index device = 7;
constexpr receiver_index watcher = 1;

time_point at(int second) { return time_point(seconds(second)); }

// Every device's will goes to will/<device>.
class wills_at final : public will_catalogue {
 public:
  explicit wills_at(mqtt::qos qos) : qos_(qos) {}
  will_facts describe_will(receiver_index from) const override {
    return {.topic_name = "will/" + std::to_string(from), .published_qos = qos_};
  }

 private:
  mqtt::qos qos_;
};

// A watcher who was subscribed from the tenth second on, and an ending of the device's second
// connection in the twentieth, due in the thirtieth.
ledger books_with(bool required) {
  ledger books;
  receiver_record& record = books.received.receivers[watcher];
  record.subscriptions.push_back(
      {.topic_filter = "will/#", .granted_qos = mqtt::qos::at_least_once});
  record.subscribed.push_back({.from = at(10)});
  books.wills.endings.push_back(
      {.device = device, .connection = 2, .required = required, .ended = at(20), .due = at(30)});
  return books;
}

will_figures judged(const ledger& books, mqtt::qos qos = mqtt::qos::at_least_once, int end = 60) {
  return judge_wills(books, wills_at(qos), at(end));
}

TEST(WillAccount, ExpectsWhatIsDueBeforeTheEnd) {
  ledger books = books_with(true);
  EXPECT_EQ(judged(books).missing, 1U);
  EXPECT_EQ(judged(books, mqtt::qos::at_least_once, 25).expected, 0U);
  books.wills.receipts[{.receiver = watcher, .device = device, .connection = 2}] = 1;
  const will_figures seen = judged(books);
  EXPECT_EQ(seen.expected, 1U);
  EXPECT_EQ(seen.delivered, 1U);
  EXPECT_EQ(seen.missing + seen.unexpected, 0U);
}

TEST(WillAccount, EitherWayIsFineWhereNothingIsRequired) {
  ledger books = books_with(false);
  EXPECT_EQ(judged(books).expected, 0U);
  books.wills.receipts[{.receiver = watcher, .device = device, .connection = 2}] = 1;
  EXPECT_EQ(judged(books).unexpected, 0U);
}

TEST(WillAccount, WillsOfOtherConnectionsAreUnexpected) {
  ledger books = books_with(true);
  books.wills.receipts[{.receiver = watcher, .device = device, .connection = 3}] = 2;
  EXPECT_EQ(judged(books).unexpected, 2U);
}

TEST(WillAccount, NobodyIsOwedWhoWasNotThere) {
  ledger late = books_with(true);
  late.received.receivers[watcher].subscribed[0].from = at(21);
  EXPECT_EQ(judged(late).expected, 0U);
  ledger gone = books_with(true);
  gone.received.receivers[watcher].subscribed[0].until = at(25);
  EXPECT_EQ(judged(gone).expected, 0U);
  // Asleep with a session: QoS 1 is kept for it, QoS 0 is not.
  ledger asleep = books_with(true);
  asleep.received.receivers[watcher].away.push_back({.from = at(22), .until = at(24)});
  EXPECT_EQ(judged(asleep).expected, 1U);
  EXPECT_EQ(judged(asleep, mqtt::qos::at_most_once).expected, 0U);
}

TEST(WillAccount, SeveralSubscriptionsAreOneReceiverAndSharesAreNone) {
  ledger books = books_with(true);
  auto& subscriptions = books.received.receivers[watcher].subscriptions;
  subscriptions.push_back({.topic_filter = "will/7", .granted_qos = mqtt::qos::at_most_once});
  EXPECT_EQ(judged(books).expected, 1U);
  for (granted_subscription& each : subscriptions) each.share_name = "s";
  EXPECT_EQ(judged(books).expected, 0U);
}

TEST(WillAccount, TravelsBetweenProcesses) {
  ledger books = books_with(true);
  books.wills.receipts[{.receiver = watcher, .device = device, .connection = 2}] = 3;
  books.received.receivers[watcher].away.push_back({.from = at(22), .until = at(24)});
  byte_buffer bytes;
  write_ledger(books, bytes);
  ledger back;
  ASSERT_TRUE(read_ledger(bytes, back).has_value());
  ASSERT_EQ(back.wills.endings.size(), 1U);
  EXPECT_EQ(back.wills.endings[0].due, at(30));
  EXPECT_TRUE(back.wills.endings[0].required);
  EXPECT_EQ(back.wills.receipts, books.wills.receipts);
  EXPECT_EQ(back.received.receivers[watcher].away.size(), 1U);
}

}  // namespace
}  // namespace gauntlet::history
