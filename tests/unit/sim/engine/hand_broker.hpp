#pragma once

// The broker's end of a fleet worker in memory, led by a test: it answers CONNECT as told, keeps
// every packet that came, and acknowledges only when asked.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/base/virtual_loop.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/frame_reader.hpp"
#include "harness/net/memory_network.hpp"
#include "sim/engine/fleet_worker.hpp"
#include "tests/unit/sim/parsed_scenario.hpp"

namespace gauntlet::sim {

/// One connection as the broker sees it; speaks 5.0.
class hand_connection final : public net::channel_handler {
 public:
  hand_connection(std::unique_ptr<net::channel> from, mqtt::connack answer)
      : channel_(std::move(from)), answer_(std::move(answer)) {
    channel_->set_handler(*this);
  }

  void on_bytes(net::channel&, byte_view bytes) override {
    for (;;) {
      const auto frame = reader_.next(bytes);
      ASSERT_TRUE(frame.has_value());
      if (frame->empty()) return;
      auto decoded = mqtt::decode(*frame, mqtt::protocol_version::v5, mqtt::sender::client);
      ASSERT_TRUE(decoded.has_value()) << decoded.error().rule;
      if (std::holds_alternative<mqtt::connect>(*decoded)) send(answer_);
      packets.push_back(std::move(*decoded));
    }
  }
  void on_end(net::channel&, const net::channel_end& how) override { end = how.kind; }

  template <class Packet>
  void send(const Packet& packet) {
    byte_buffer out;
    ASSERT_TRUE(mqtt::encode(packet, mqtt::protocol_version::v5, out).has_value());
    channel_->send(out);
  }
  void reset() { channel_->abort(); }

  /// All packets of one type, in order.
  template <class Packet>
  std::vector<Packet> all() const {
    std::vector<Packet> found;
    for (const mqtt::packet& each : packets) {
      if (const auto* one = std::get_if<Packet>(&each)) found.push_back(*one);
    }
    return found;
  }

  std::vector<mqtt::packet> packets;
  std::optional<net::end_kind> end;  ///< how the device has ended it

 private:
  std::unique_ptr<net::channel> channel_;
  mqtt::connack answer_;
  mqtt::frame_reader reader_;
};

/// A worker with the whole fleet of a scenario, and the broker's end of its connections.
struct hand_broker {
  explicit hand_broker(const std::string& yaml, mqtt::connack answer = {})
      : plan(parsed_scenario(yaml)) {
    const net::endpoint where{.host = "broker", .port = 1883};
    auto opened =
        network.listen(where, std::nullopt, [this, answer](std::unique_ptr<net::channel> from) {
          connections.push_back(std::make_unique<hand_connection>(std::move(from), answer));
        });
    EXPECT_TRUE(opened.has_value());
    listener = std::move(*opened);
    worker = std::make_unique<fleet_worker>(plan, network,
                                            worker_settings{.run_id = 1,
                                                            .target_v3_1_1 = where,
                                                            .target_v5 = where,
                                                            .run_start = loop.now(),
                                                            .measure_machine = false});
    worker->start();
    worker->publish(loop.now());
  }

  void pass(duration time) {
    loop.run_until([] { return false; }, loop.now() + time);
  }

  virtual_loop loop;
  const time_point begin = loop.now();
  net::memory_network network{loop};
  fleet_plan plan;
  std::unique_ptr<net::listener> listener;
  std::vector<std::unique_ptr<hand_connection>> connections;
  std::unique_ptr<fleet_worker> worker;
};

}  // namespace gauntlet::sim
