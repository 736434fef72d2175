#pragma once

// A broker core on a bench: peers in memory that send and expect packets, and a time that only
// moves when told. No loop, no network.

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/broker/broker_core.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/frame_reader.hpp"

namespace gauntlet::broker {

class bench;

/// A client written out packet by packet.
class peer final : public carrier {
 public:
  peer(bench& on, mqtt::protocol_version version);

  /// To the broker, which has answered all there is to answer on return.
  void send(const mqtt::packet& packet);
  void send_raw(byte_view bytes);
  /// The connection breaks without a word.
  void drop();

  /// The next packet from the broker must be this one. Reason String and User Properties of
  /// anything but PUBLISH matter only if `expected` has properties.
  void expect(const mqtt::packet& expected);
  /// The next packet from the broker must be of this type.
  template <class T>
  T expect() {
    EXPECT_FALSE(received_.empty()) << "nothing came";
    if (received_.empty()) return {};
    const mqtt::packet next = take();
    EXPECT_TRUE(std::holds_alternative<T>(next)) << "came: " << show(next);
    const T* const wanted = std::get_if<T>(&next);
    return wanted == nullptr ? T{} : *wanted;
  }
  /// The next packet from the broker, whatever it is.
  mqtt::packet expect();
  /// The next packet must be a PUBLISH with this payload.
  mqtt::publish expect_publish(std::string_view payload);
  void expect_nothing();
  /// Packets from the broker that nobody has looked at.
  std::size_t waiting() const { return received_.size(); }
  void expect_closed();
  /// DISCONNECT with this code in 5.0, nothing in 3.1.1, then the close.
  void expect_refusal(mqtt::reason_code reason);

  // Whole exchanges.
  mqtt::connack connect(mqtt::connect packet);
  void subscribe(std::string filter, mqtt::qos maximum_qos,
                 mqtt::subscription_options options = {});
  void publish(std::string topic, std::string_view payload, mqtt::qos qos = mqtt::qos::at_most_once,
               bool retain = false);
  /// The same with properties; answers the packet, for those who want to send it again.
  mqtt::publish publish_with(mqtt::publish packet);

  mqtt::protocol_version version() const { return version_; }
  bool closed() const { return closed_; }
  bool reading_paused() const { return paused_; }
  std::size_t unsent_bytes() const { return unsent_.size(); }

  /// The network takes nothing from now on; the broker's bytes stay with it.
  void block() { blocked_ = true; }
  /// It takes everything again.
  void unblock();

  // carrier
  std::size_t send(byte_view bytes) override;
  void close() override;
  void pause_reading() override { paused_ = true; }
  void resume_reading() override { paused_ = false; }
  std::string peer_name() const override { return "bench"; }

 private:
  static std::string show(const mqtt::packet& packet);
  static void remove_explanation(mqtt::packet& packet);
  mqtt::packet take();
  void decode(byte_view bytes);

  bench& bench_;
  const mqtt::protocol_version version_;
  std::unique_ptr<connection> connection_;
  mqtt::frame_reader reader_;
  std::deque<mqtt::packet> received_;
  byte_buffer unsent_;
  std::uint16_t last_identifier_ = 0;
  bool blocked_ = false;
  bool closed_ = false;
  bool paused_ = false;
};

/// One broker and its peers.
class bench {
 public:
  explicit bench(options chosen = {});

  /// A network connection without CONNECT.
  peer& open(mqtt::protocol_version version);
  /// A connected client.
  peer& connected(std::string client_id, mqtt::protocol_version version, mqtt::connect packet = {});

  /// Lets time pass; what is due happens in its order.
  void advance(duration by);

  broker_core core;
  time_point now{};

 private:
  std::deque<std::unique_ptr<peer>> peers_;
};

/// Tests of rules that both versions share.
class both_versions : public testing::TestWithParam<mqtt::protocol_version> {
 protected:
  mqtt::protocol_version version() const { return GetParam(); }
  bool is_v5() const { return version() == mqtt::protocol_version::v5; }
};

/// For INSTANTIATE_TEST_SUITE_P.
std::string version_suffix(const testing::TestParamInfo<mqtt::protocol_version>& info);

inline constexpr auto v3 = mqtt::protocol_version::v3_1_1;
inline constexpr auto v5 = mqtt::protocol_version::v5;
inline constexpr auto qos0 = mqtt::qos::at_most_once;
inline constexpr auto qos1 = mqtt::qos::at_least_once;
inline constexpr auto qos2 = mqtt::qos::exactly_once;

}  // namespace gauntlet::broker
