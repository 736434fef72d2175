// Goal: the broker in its own thread starts, says why when it cannot, serves many, bounds the slow,
// and stops cleanly.

#include "harness/broker/embedded.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "harness/mqtt/codec.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"

namespace gauntlet::broker {
namespace {

constexpr duration patience = std::chrono::seconds(15);
constexpr auto version = mqtt::protocol_version::v5;

server_options on_loopback(options chosen = {}) {
  return {.listen = {{.where = {.host = "127.0.0.1", .port = 0}}}, .broker = std::move(chosen)};
}

std::unique_ptr<embedded_broker> started(server_options chosen) {
  auto broker = embedded_broker::start(std::move(chosen));
  if (!broker) throw std::runtime_error(broker.error().message);
  return std::move(*broker);
}

byte_buffer bytes_of(const mqtt::packet& packet) {
  byte_buffer bytes;
  EXPECT_TRUE(mqtt::encode(packet, version, bytes).has_value());
  return bytes;
}

// A connection that sends one thing when it opens and counts what comes.
class probe final : public net::channel_handler {
 public:
  explicit probe(byte_buffer first) : first_(std::move(first)) {}

  void on_open(net::channel& open) override { open.send(first_); }
  void on_bytes(net::channel& from, byte_view bytes) override {
    received.insert(received.end(), bytes.begin(), bytes.end());
    if (pause_after_first) from.pause_reading();
  }
  void on_end(net::channel&, const net::channel_end& how) override {
    ended = true;
    end = how;
  }

  std::unique_ptr<net::channel> channel;
  byte_buffer received;
  bool pause_after_first = false;
  bool ended = false;
  net::channel_end end;

 private:
  byte_buffer first_;
};

class Embedded : public testing::Test {
 protected:
  std::unique_ptr<probe> dial(const embedded_broker& broker, byte_buffer first) {
    auto made = std::make_unique<probe>(std::move(first));
    made->channel = network.dial({.host = "127.0.0.1", .port = broker.ports().front()}, {}, *made);
    return made;
  }
  bool await(const std::function<bool()>& done) {
    return loop.run_until(done, loop.now() + patience);
  }

  net::asio_loop loop;
  net::asio_network network{loop};
};

TEST_F(Embedded, SaysWhyItCannotListen) {
  const auto first = embedded_broker::start(on_loopback());
  ASSERT_TRUE(first.has_value());
  server_options taken = on_loopback();
  taken.listen[0].where.port = (*first)->ports().front();
  const auto second = embedded_broker::start(taken);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, exit_code::environment_failed);

  const auto wrong = embedded_broker::start(on_loopback({.limits = {.inflight_max = 0}}));
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, exit_code::bad_input);
}

TEST_F(Embedded, ListensOnSeveralAddresses) {
  server_options several = on_loopback();
  several.listen.push_back(several.listen.front());
  const auto broker = embedded_broker::start(several);
  ASSERT_TRUE(broker.has_value());
  const std::set<std::uint16_t> ports((*broker)->ports().begin(), (*broker)->ports().end());
  EXPECT_EQ(ports.size(), 2U);
}

TEST_F(Embedded, ServesManyConnectionsAndTellsThemWhenItStops) {
  constexpr std::size_t count = 1'000;
  auto broker = started(on_loopback());
  std::vector<std::unique_ptr<probe>> probes;
  for (std::size_t i = 0; i < count; ++i) {
    probes.push_back(
        dial(*broker, bytes_of(mqtt::connect{.client_id = "client" + std::to_string(i)})));
  }
  const auto all = [&](auto condition) {
    return [&probes, condition] { return std::ranges::all_of(probes, condition); };
  };
  ASSERT_TRUE(await(all([](const auto& each) { return !each->received.empty(); })));
  EXPECT_EQ(broker->statistics().connections, count);
  EXPECT_EQ(broker->statistics().sessions, count);

  for (const auto& each : probes) each->received.clear();
  broker->stop();
  EXPECT_TRUE(await(all([](const auto& each) { return each->ended; })));
  const auto was_told = [](const auto& each) {
    const auto last =
        mqtt::decode(each->received, mqtt::protocol_version::v5, mqtt::sender::server);
    const auto* const farewell = last.has_value() ? std::get_if<mqtt::disconnect>(&*last) : nullptr;
    return farewell != nullptr && farewell->reason_code == mqtt::reason_code::server_shutting_down;
  };
  EXPECT_TRUE(std::ranges::all_of(probes, was_told));
  EXPECT_EQ(broker->statistics().connections, count);  // as of its end
}

TEST_F(Embedded, BoundsWhatASlowReaderCosts) {
  options narrow;
  narrow.limits.output_bytes_max = 100'000;
  narrow.limits.queued_bytes_max = 1'000'000;
  auto broker = started(on_loopback(narrow));

  byte_buffer hello = bytes_of(mqtt::connect{.client_id = "slow"});
  const byte_buffer wish =
      bytes_of(mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{"t", {}}}});
  hello.insert(hello.end(), wish.begin(), wish.end());
  const auto slow = dial(*broker, hello);
  slow->pause_after_first = true;
  ASSERT_TRUE(await([&] { return broker->statistics().subscriptions == 1; }));

  // 120 MB for it; the system's own buffers take up to 60.
  byte_buffer flood = bytes_of(mqtt::connect{.client_id = "fast"});
  const byte_buffer message =
      bytes_of(mqtt::publish{.topic_name = "t", .payload = byte_buffer(10'000)});
  for (int i = 0; i < 12'000; ++i) flood.insert(flood.end(), message.begin(), message.end());
  const auto fast = dial(*broker, std::move(flood));
  ASSERT_TRUE(await([&] { return broker->statistics().messages_received[0] == 12'000; }));
  const auto counts = broker->statistics();
  EXPECT_GT(counts.messages_dropped, 4'000U);

  // It gets all that was kept for it, and then new messages again.
  slow->pause_after_first = false;
  slow->channel->resume_reading();
  const auto expected = (12'000 - counts.messages_dropped) * message.size();
  EXPECT_TRUE(await([&] { return slow->received.size() >= expected; }));
}

TEST_F(Embedded, CanBeStoppedAndStartedAgain) {
  for (int round = 0; round < 20; ++round) {
    auto broker = started(on_loopback());
    const auto client = dial(*broker, bytes_of(mqtt::connect{.client_id = "a"}));
    if (round % 2 == 0) {
      ASSERT_TRUE(await([&] { return !client->received.empty(); }));
    }
    broker->stop();
    broker->stop();
  }
}

TEST_F(Embedded, WritesLinesToItsLog) {
  std::vector<std::string> lines;  // of the broker's thread until it has stopped
  options talkative;
  talkative.level = log_level::info;
  talkative.sink = [&lines](log_level, std::string_view line) { lines.emplace_back(line); };
  auto broker = started(on_loopback(talkative));
  const auto client = dial(*broker, bytes_of(mqtt::connect{.client_id = "a"}));
  ASSERT_TRUE(await([&] { return !client->received.empty(); }));
  broker->stop();
  ASSERT_FALSE(lines.empty());
  EXPECT_NE(lines.front().find("client=a version=5.0"), std::string::npos) << lines.front();
}

}  // namespace
}  // namespace gauntlet::broker
