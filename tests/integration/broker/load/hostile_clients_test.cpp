// Goal: whatever a client does or leaves undone, others are served and the broker's memory stays
// within bounds that do not depend on how long it goes on.

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/broker/load/raw_client.hpp"
#include "tests/integration/broker/load/reference_process.hpp"
#include "tests/support/sanitizers.hpp"

namespace gauntlet::test {
namespace {

constexpr std::uint64_t mebibyte = 1U << 20U;

constexpr auto qos0 = mqtt::qos::at_most_once;
constexpr auto qos1 = mqtt::qos::at_least_once;
constexpr auto qos2 = mqtt::qos::exactly_once;

mqtt::publish message(mqtt::qos qos, std::uint16_t identifier, std::size_t size) {
  return {.qos = qos,
          .topic_name = "flood",
          .packet_identifier = identifier,
          .payload = byte_buffer(size, 'x')};
}

class HostileClients : public testing::Test {
 protected:
  void start(std::vector<std::string> flags = {}) {
    broker_ = std::make_unique<reference_process>(std::move(flags));
    expect_served();  // so that what any client costs is there already
    before_ = broker_->resident_bytes();
  }

  raw_client connected(const std::string& id) {
    raw_client client(broker_->port());
    client.connect(id);
    return client;
  }

  // Another client connects, subscribes, and gets its own message, all within some seconds.
  void expect_served() {
    raw_client other = connected("other");
    other.subscribe("other", qos1);
    const mqtt::publish sent{
        .qos = qos1, .topic_name = "other", .packet_identifier = 9, .payload = {'o', 'k'}};
    other.send(bytes_of({sent}));
    // PUBLISH and PUBACK, in either order.
    EXPECT_EQ(other.receive(bytes_of({sent}).size() + 4).size(), 17U);
  }

  void expect_growth_below(std::uint64_t bytes) {
    if (is_sanitized) return;
    const std::uint64_t now = broker_->resident_bytes();
    EXPECT_LT(now, before_ + bytes) << "grown by " << (now - before_) / 1024 << " KiB";
  }

  reference_process& broker() { return *broker_; }

 private:
  std::unique_ptr<reference_process> broker_;
  std::uint64_t before_ = 0;
};

TEST_F(HostileClients, ThatStopReadingAreNotWaitedFor) {
  start({"--set", "limits.output_bytes_max=256KiB", "--max-queued-bytes", "4MiB"});
  raw_client stalled(broker().port(), true);
  stalled.connect("stalled");
  stalled.subscribe("flood", qos0);
  raw_client reader = connected("reader");
  reader.subscribe("flood", qos0);
  raw_client publisher = connected("publisher");

  constexpr std::size_t rounds = 300;
  constexpr std::size_t at_once = 100;
  const std::vector<mqtt::packet> batch(at_once, message(qos0, 0, 1'000));
  const byte_buffer bytes = bytes_of(batch);
  for (std::size_t i = 0; i < rounds; ++i) {
    publisher.send(bytes);
    publisher.round_trip();
    reader.receive(bytes.size());  // the one that reads gets every message
  }
  expect_served();
  expect_growth_below(12 * mebibyte);
  stalled.abort();
  reader.abort();
  publisher.abort();
  auto seen = broker().stop();
  EXPECT_EQ(seen["received"], rounds * at_once + 2);
  EXPECT_GT(seen["dropped"], rounds * at_once / 2);
  EXPECT_THAT(broker().output(), testing::HasSubstr("warning queue-full client=stalled"));
}

TEST_F(HostileClients, ThatDripACannotOutstayTheConnectTimeout) {
  start({"--connect-timeout", "300ms"});
  raw_client slow(broker().port());
  const byte_buffer hello = bytes_of({mqtt::connect{
      .protocol_version = mqtt::protocol_version::v3_1_1, .client_id = std::string(500, 'a')}});
  std::size_t sent = 0;
  while (sent < hello.size() && !slow.is_closed_within(20ms)) {
    slow.send(byte_view(hello).subspan(sent, 1));
    ++sent;
  }
  EXPECT_LT(sent, hello.size());
  expect_served();
  EXPECT_THAT(broker().output(), testing::HasSubstr("warning connect-timeout peer=127.0.0.1:"));
}

TEST_F(HostileClients, ThatDripAPacketCannotOutstayTheirKeepAlive) {
  start();
  raw_client slow(broker().port());
  slow.connect("slow", true, 1);
  const byte_buffer packet = bytes_of({message(qos0, 0, 500)});
  std::size_t sent = 0;
  while (sent < packet.size() && !slow.is_closed_within(20ms)) {
    slow.send(byte_view(packet).subspan(sent, 1));
    ++sent;
  }
  EXPECT_LT(sent, packet.size());
  expect_served();
}

TEST_F(HostileClients, ThatNeverSendConnectAreFewBytesEach) {
  constexpr std::size_t count = 10'000;
  ASSERT_GT(allow_many_descriptors(), count + 100);
  start({"--connect-timeout", "3s"});
  std::vector<raw_client> silent;
  silent.reserve(count);
  for (std::size_t i = 0; i < count; ++i) silent.emplace_back(broker().port());
  expect_served();
  expect_growth_below(count * 2'000);
  EXPECT_TRUE(silent.front().is_closed_within(20s));
  EXPECT_TRUE(silent.back().is_closed_within(20s));
  auto seen = broker().stop();
  EXPECT_EQ(seen["accepted"], count + 2);
  EXPECT_EQ(seen["clients"], 2U);
}

TEST_F(HostileClients, ThatFloodWithSubscriptionsMeetALimit) {
  start({"--set", "limits.subscriptions_per_session_max=5000"});
  raw_client greedy = connected("greedy");
  std::size_t granted = 0;
  for (int packet = 0; packet < 100; ++packet) {
    mqtt::subscribe many{.packet_identifier = 1, .subscriptions = {}};
    for (int i = 0; i < 200; ++i) {
      many.subscriptions.push_back({"a/" + std::to_string(packet * 200 + i) + "/#", {qos1}});
    }
    greedy.send(bytes_of({many}));
    const byte_buffer answer = greedy.receive(3 + 2 + 200);  // a two-byte length
    for (std::size_t i = 5; i < answer.size(); ++i) granted += answer[i] <= 2 ? 1 : 0;
  }
  EXPECT_EQ(granted, 5'000U);
  expect_served();
  expect_growth_below(16 * mebibyte);
}

// Memory is for what has come, not for what was announced.
TEST_F(HostileClients, ThatAnnounceGiantPacketsReserveNothing) {
  constexpr std::size_t count = 1'000;
  start();
  std::vector<raw_client> boasters;
  for (std::size_t i = 0; i < count; ++i) {
    boasters.emplace_back(broker().port());
    // PUBLISH and CONNECT of 4,000,000 bytes, of which a few come.
    if (i % 2 == 0) boasters.back().connect("boaster" + std::to_string(i));
    const std::uint8_t type = i % 2 == 0 ? 0x30 : 0x10;
    boasters.back().send(byte_buffer{type, 0x80, 0x92, 0xF4, 0x01, 0x00, 0x04, 'M', 'Q'});
  }
  expect_served();
  expect_growth_below(count * 4'000);
}

TEST_F(HostileClients, ThatAnnounceMoreThanIsAllowedAreEnded) {
  start({"--max-packet-size", "64KiB"});
  raw_client boaster = connected("boaster");
  boaster.send(byte_buffer{0x30, 0x81, 0x80, 0x04});
  EXPECT_TRUE(boaster.is_closed_within(10s));
  expect_served();
}

TEST_F(HostileClients, ThatNeverAcknowledgeFillOnlyTheirQueue) {
  start({"--max-inflight", "100", "--max-queued-messages", "1000"});
  raw_client mute = connected("mute");
  mute.subscribe("flood", qos1);
  raw_client publisher = connected("publisher");
  constexpr std::uint16_t count = 20'000;
  for (std::uint16_t i = 1; i <= count; ++i) {
    publisher.send(bytes_of({message(qos1, i, 100)}));
    if (i % 500 == 0) publisher.receive(500 * 4);  // PUBACK
  }
  expect_served();
  mute.round_trip();  // it is read from still
  expect_growth_below(8 * mebibyte);
  mute.abort();
  publisher.abort();
  EXPECT_EQ(broker().stop()["dropped"], count - 1'100U);
}

TEST_F(HostileClients, ThatNeverReleaseMessagesUseUpTheirOwnIdentifiers) {
  start();
  raw_client careless = connected("careless");
  for (std::uint32_t i = 1; i <= 65'535; i += 257) {
    std::vector<mqtt::packet> batch;
    for (std::uint32_t k = i; k < i + 257 && k <= 65'535; ++k) {
      batch.emplace_back(message(qos2, static_cast<std::uint16_t>(k), 10));
    }
    careless.send(bytes_of(batch));
    careless.receive(batch.size() * 4);  // PUBREC
  }
  expect_served();
  expect_growth_below(8 * mebibyte);
}

TEST_F(HostileClients, ThatComeAndGoLeaveNothingBehind) {
  constexpr std::size_t count = 4'000;
  start();
  for (std::size_t i = 0; i < count; ++i) {
    raw_client restless(broker().port());
    if (i % 3 != 0) restless.connect("restless" + std::to_string(i % 50));
    if (i % 3 == 1) restless.send(bytes_of({mqtt::disconnect{}}));
    restless.abort();
  }
  expect_served();
  expect_growth_below(4 * mebibyte);
  auto seen = broker().stop();
  EXPECT_EQ(seen["accepted"], count + 2);
  EXPECT_LE(seen["connections"], 1U);
  EXPECT_LE(seen["sessions"], 1U);
}

// A client that asks without reading is not read from, once its answers wait.
TEST_F(HostileClients, ThatPingWithoutReadingAreNotReadFrom) {
  start({"--set", "limits.output_bytes_max=64KiB"});
  raw_client deaf(broker().port(), true);
  deaf.connect("deaf");
  byte_buffer pings;
  for (int i = 0; i < 10'000; ++i) pings.insert(pings.end(), {0xC0, 0x00});
  std::size_t sent = 0;
  constexpr std::size_t enough = 64 * mebibyte;
  while (sent < enough && deaf.is_writable_within(1s)) {
    sent += deaf.send_some(byte_view(pings).subspan(sent % 2));
  }
  EXPECT_LT(sent, enough);
  expect_served();
  expect_growth_below(8 * mebibyte);
}

}  // namespace
}  // namespace gauntlet::test
