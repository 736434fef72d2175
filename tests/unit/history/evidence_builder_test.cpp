// Goal: what links tell becomes evidence: outcomes sharper than the publisher's own view, answers
// tied to their messages over reconnects, and all of it through the log, spilled or not.

#include "harness/history/evidence_builder.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "harness/mqtt/codec.hpp"

namespace gauntlet::history {
namespace {

constexpr auto v5 = mqtt::protocol_version::v5;

byte_buffer bytes_of(const mqtt::packet& packet) {
  byte_buffer bytes;
  EXPECT_TRUE(mqtt::encode(packet, v5, bytes));
  return bytes;
}

time_point at(int milliseconds) { return time_point(std::chrono::milliseconds(milliseconds)); }

// Tells a log what happens on connections.
class story {
 public:
  explicit story(packet_observer& to) : to_(to) {}

  void open(connection_index connection, const std::string& client, bool present = false) {
    to_.on_open(connection, now());
    client_sends(connection, mqtt::connect{.client_id = client,
                                           .clean_start = false,
                                           .properties = {mqtt::session_expiry_interval(60)}});
    broker_sends(connection, mqtt::connack{.session_present = present});
  }
  void client_sends(connection_index connection, const mqtt::packet& packet,
                    packet_fate fate = packet_fate::passed) {
    tell(connection, direction::to_broker, packet, fate);
  }
  void broker_sends(connection_index connection, const mqtt::packet& packet,
                    packet_fate fate = packet_fate::passed) {
    tell(connection, direction::to_client, packet, fate);
  }
  void client_sends(connection_index connection, const mqtt::packet& packet,
                    const mqtt::packet& becomes) {
    const byte_buffer sent = bytes_of(packet), passed = bytes_of(becomes);
    const time_point when = now();
    to_.on_packet({.connection = connection,
                   .direction = direction::to_broker,
                   .fate = packet_fate::rewritten,
                   .sent = sent,
                   .passed = passed,
                   .sent_at = when,
                   .passed_at = when,
                   .fault = 1});
  }
  void end(connection_index connection) {
    to_.on_end({.connection = connection, .side = side::client, .at = now()});
    to_.on_end({.connection = connection, .side = side::broker, .by_link = true, .at = now()});
  }

 private:
  time_point now() { return at(++clock_ * 10); }
  void tell(connection_index connection, direction towards, const mqtt::packet& packet,
            packet_fate fate) {
    const byte_buffer bytes = bytes_of(packet);
    const time_point when = now();
    const bool passes = fate == packet_fate::passed;
    to_.on_packet({.connection = connection,
                   .direction = towards,
                   .fate = fate,
                   .sent = bytes,
                   .passed = passes ? byte_view(bytes) : byte_view{},
                   .sent_at = when,
                   .passed_at = passes ? when : time_point::max(),
                   .fault = static_cast<fault_index>(passes ? 0 : 1)});
  }

  packet_observer& to_;
  int clock_ = 0;
};

mqtt::publish message(std::uint16_t identifier, const std::string& text, bool dup = false) {
  return {.dup = dup,
          .qos = mqtt::qos::at_least_once,
          .topic_name = "t",
          .packet_identifier = identifier,
          .payload = {text.begin(), text.end()}};
}

TEST(EvidenceBuilder, KnowsMoreOfAMessageThanItsPublisher) {
  evidence_builder builder;
  story tell(builder);
  tell.open(0, "p");
  tell.client_sends(0, message(1, "owned"));
  tell.broker_sends(0, mqtt::puback{.packet_identifier = 1}, packet_fate::swallowed);
  tell.client_sends(0, message(2, "absent"), packet_fate::swallowed);
  tell.client_sends(0, message(3, "maybe"));
  tell.client_sends(0, message(4, "rejected"));
  tell.broker_sends(
      0, mqtt::puback{.packet_identifier = 4, .reason_code = mqtt::reason_code::quota_exceeded});
  const evidence made = builder.finish(at(1'000));
  ASSERT_EQ(made.publications.size(), 4U);
  EXPECT_EQ(made.publications[0].outcome, publish_outcome::owned) << "the client never knew";
  EXPECT_EQ(made.publications[1].outcome, publish_outcome::absent);
  EXPECT_EQ(made.publications[2].outcome, publish_outcome::maybe);
  EXPECT_EQ(made.publications[3].outcome, publish_outcome::rejected);
}

TEST(EvidenceBuilder, JoinsTheAttemptsOfAMessage) {
  evidence_builder builder;
  story tell(builder);
  tell.open(0, "p");
  tell.client_sends(0, message(1, "x"));
  tell.end(0);
  tell.open(1, "p", true);
  tell.client_sends(1, message(1, "x", true));
  tell.broker_sends(1, mqtt::puback{.packet_identifier = 1});
  const evidence made = builder.finish(at(1'000));
  ASSERT_EQ(made.publications.size(), 1U);
  EXPECT_EQ(made.publications[0].attempts.size(), 2U);
  EXPECT_EQ(made.publications[0].outcome, publish_outcome::owned);
  EXPECT_FALSE(made.publications[0].ambiguous);
}

TEST(EvidenceBuilder, GivesAnswersToTheConnectionTheyCameOn) {
  evidence_builder builder;
  story tell(builder);
  tell.open(0, "p");
  tell.open(1, "p", true);
  tell.client_sends(1, message(1, "x"));
  tell.client_sends(0, message(1, "x", true));  // held back until it was taken over
  tell.broker_sends(1, mqtt::puback{.packet_identifier = 1});
  tell.client_sends(1, message(1, "y"));
  tell.client_sends(0, message(1, "x", true));
  tell.broker_sends(1, mqtt::puback{.packet_identifier = 1});
  const evidence made = builder.finish(at(1'000));
  ASSERT_EQ(made.publications.size(), 2U);
  ASSERT_EQ(made.publications[0].attempts.size(), 3U);
  EXPECT_TRUE(made.publications[0].attempts[0].answer.was_sent());
  EXPECT_FALSE(made.publications[0].attempts[1].answer.was_sent());
  EXPECT_EQ(made.publications[1].outcome, publish_outcome::owned) << "the identifier was its own";
}

TEST(EvidenceBuilder, BelievesWhatTheBrokerHeardOfARewrittenPacket) {
  evidence_builder builder;
  story tell(builder);
  const mqtt::connect asked{.client_id = "p", .clean_start = false};
  mqtt::connect heard = asked;
  heard.clean_start = true;
  tell.client_sends(0, asked, heard);
  tell.broker_sends(0, mqtt::connack{});
  mqtt::publish changed = message(1, "x");
  changed.retain = true;
  tell.client_sends(0, message(1, "x"), changed);
  tell.broker_sends(0, mqtt::puback{.packet_identifier = 1});
  const evidence made = builder.finish(at(1'000));
  ASSERT_EQ(made.connections.size(), 1U);
  EXPECT_TRUE(made.connections[0].clean_start);
  EXPECT_TRUE(made.connections[0].connect.has_passed());
  ASSERT_EQ(made.publications.size(), 1U);
  EXPECT_TRUE(made.publications[0].ambiguous) << "one name, two contents";
}

TEST(EvidenceBuilder, SeesThatPubrelCameAgain) {
  evidence_builder builder;
  story tell(builder);
  mqtt::publish once = message(7, "x");
  once.qos = mqtt::qos::exactly_once;
  tell.open(0, "s");
  tell.broker_sends(0, once);
  tell.client_sends(0, mqtt::pubrec{.packet_identifier = 7});
  tell.broker_sends(0, mqtt::pubrel{.packet_identifier = 7});
  tell.end(0);
  tell.open(1, "s", true);
  tell.broker_sends(1, mqtt::pubrel{.packet_identifier = 7});
  tell.client_sends(1, mqtt::pubcomp{.packet_identifier = 7}, packet_fate::swallowed);
  const evidence made = builder.finish(at(1'000));
  ASSERT_EQ(made.deliveries.size(), 1U);
  EXPECT_GT(made.deliveries[0].pubrel.sent, made.connections[1].connack.sent);
  EXPECT_FALSE(made.deliveries[0].pubcomp.has_passed());
}

TEST(EvidenceBuilder, KnowsARepetitionFromANewDelivery) {
  evidence_builder builder;
  story tell(builder);
  tell.open(0, "s");
  tell.broker_sends(0, message(7, "x"));
  tell.client_sends(0, mqtt::puback{.packet_identifier = 7}, packet_fate::swallowed);
  tell.end(0);
  tell.open(1, "s", true);
  tell.broker_sends(1, message(7, "x", true));
  tell.client_sends(1, mqtt::puback{.packet_identifier = 7});
  tell.broker_sends(1, message(7, "x"));
  const evidence made = builder.finish(at(1'000));
  ASSERT_EQ(made.deliveries.size(), 3U);
  EXPECT_EQ(made.deliveries[1].repeats, 0U);
  EXPECT_EQ(made.deliveries[2].repeats, none) << "the identifier was free again";
  EXPECT_FALSE(made.deliveries[0].answer.has_passed());
  EXPECT_TRUE(made.deliveries[1].answer.has_passed());
}

TEST(EvidenceBuilder, EndsSubscriptionsWithTheirSession) {
  evidence_builder builder;
  story tell(builder);
  tell.open(0, "s");
  tell.client_sends(
      0, mqtt::subscribe{.packet_identifier = 1,
                         .subscriptions = {{"$share/g/a/#", {mqtt::qos::at_least_once}}}});
  tell.broker_sends(
      0, mqtt::suback{.packet_identifier = 1, .reason_codes = {mqtt::reason_code::granted_qos_1}});
  tell.end(0);
  tell.open(1, "s", false);
  const evidence made = builder.finish(at(1'000));
  ASSERT_EQ(made.subscriptions.size(), 1U);
  EXPECT_EQ(made.subscriptions[0].share_name, "g");
  EXPECT_EQ(made.subscriptions[0].filter, "a/#");
  EXPECT_EQ(made.subscriptions[0].granted, 1);
  EXPECT_EQ(made.subscriptions[0].ended, made.connections[1].connack.sent);
}

TEST(EvidenceBuilder, TellsObserversApart) {
  operation_log first, second;
  story(first).open(0, "a");
  story(second).open(0, "b");
  evidence_builder builder;
  builder.add(first);
  builder.add(second);
  const evidence made = builder.finish(at(1'000));
  EXPECT_EQ(made.connections.size(), 2U);
  EXPECT_EQ(made.clients, (std::vector<std::string>{"a", "b"}));
}

// 4,000 messages through a log of the given memory; answers how many came out and were owned.
std::uint64_t owned_after(std::size_t memory_max, bool through_file) {
  operation_log log(memory_max);
  story tell(log);
  tell.open(0, "p");
  for (int i = 0; i < 4'000; ++i) {
    const auto identifier = static_cast<std::uint16_t>(i + 1);
    tell.client_sends(0, message(identifier, std::string(1'000, 'x') + std::to_string(i)));
    tell.broker_sends(0, mqtt::puback{.packet_identifier = identifier});
  }
  EXPECT_EQ(log.packets(), 8'002U);
  EXPECT_EQ(log.bytes_on_disk() > 0, memory_max < 1'000'000U);
  constexpr std::size_t chunk = 1U << 20U;
  EXPECT_LE(log.bytes_in_memory(), memory_max + 2 * chunk);
  evidence_builder builder;
  if (through_file) {
    const std::string path = testing::TempDir() + "operation_log_test";
    EXPECT_TRUE(log.write(path));
    operation_log read;
    EXPECT_TRUE(read.read(path));
    std::filesystem::remove(path);
    builder.add(read);
  } else {
    builder.add(log);
  }
  std::uint64_t owned = 0;
  for (const publication_record& each : builder.finish(at(1'000)).publications) {
    if (each.outcome == publish_outcome::owned) ++owned;
  }
  return owned;
}

TEST(OperationLog, KeepsEverythingInMemoryOnDiskAndInFiles) {
  EXPECT_EQ(owned_after(64U << 20U, false), 4'000U);
  EXPECT_EQ(owned_after(100'000, false), 4'000U);
  EXPECT_EQ(owned_after(100'000, true), 4'000U);
}

TEST(OperationLog, SaysThatAFileIsMissing) {
  operation_log log;
  const auto done = log.read("/nowhere/history");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "cannot read the history in '/nowhere/history'");
}

}  // namespace
}  // namespace gauntlet::history
