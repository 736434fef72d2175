// Goal: our TLS and WebSocket clients talk to somebody else's implementation, Debian's mosquitto,
// which brings OpenSSL with session tickets and libwebsockets.
#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/net/asio_network.hpp"
#include "harness/target/child_process.hpp"
#include "harness/target/port_choice.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/recorder.hpp"

namespace gauntlet::net {
namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::HasSubstr;

// MQTT 3.1.1 §3.1: CONNECT with clean session, keep alive of 60 s, client identifier "test".
constexpr std::string_view connect_packet("\x10\x10\x00\x04MQTT\x04\x02\x00\x3C\x00\x04test", 18);
// §3.2: CONNACK, accepted, no session.
constexpr std::string_view connack_packet("\x20\x02\x00\x00", 4);

/// One mosquitto with a listener for each transport.
class Mosquitto : public testing::Test {
 protected:
  void SetUp() override {
    const auto chosen = target::choose_ports(5);
    ASSERT_TRUE(chosen) << chosen.error().message;
    ports_ = *chosen;
    const std::string secure = "cafile " + authority_.ca_file() + "\ncertfile " +
                               identity_.certificate_file + "\nkeyfile " + identity_.key_file +
                               "\n";
    const auto listener = [this](std::size_t which) {
      return "listener " + std::to_string(ports_[which]) + " 127.0.0.1\n";
    };
    const std::string config = directory_.write(
        "mosquitto.conf", "user root\nallow_anonymous true\n" + listener(0) + listener(1) + secure +
                              listener(2) + "protocol websockets\n" + listener(3) +
                              "protocol websockets\n" + secure + listener(4) + secure +
                              "require_certificate true\n");
    auto started = target::child_process::start({.command = "mosquitto",
                                                 .arguments = {"-c", config},
                                                 .working_folder = directory_.path(),
                                                 .output_file = directory_.file("output")});
    ASSERT_TRUE(started) << started.error().message;
    process_.emplace(std::move(*started));
    // Ready once the first listener answers; the others have been opened by then.
    const time_point deadline = loop_.now() + 10s;
    while (!round_trip(transport::tcp, 0)) ASSERT_LT(loop_.now(), deadline) << client_detail();
  }

  /// Connects, sends CONNECT and waits for CONNACK.
  bool round_trip(transport kind, std::size_t listener) {
    client_ = recorder();
    const auto context = network_.prepare_tls(client_options_);
    client_.when_open = [this] { client_.own->send(as_bytes(connect_packet)); };
    client_.own = network_.dial({.transport = kind, .host = "127.0.0.1", .port = ports_[listener]},
                                {.timeout = 5s, .tls = *context}, client_);
    loop_.run_until(
        [this] { return client_.end || client_.received.size() >= connack_packet.size(); },
        loop_.now() + 5s);
    return client_.received == connack_packet;
  }
  std::string client_detail() const { return client_.end ? client_.end->detail : "no answer"; }

  test::temporary_directory directory_;
  test::certificate_authority authority_{directory_, "ca"};
  test::identity_files identity_ = authority_.issue("server");
  tls_client_options client_options_ = {.ca_file = authority_.ca_file()};
  std::vector<std::uint16_t> ports_;
  std::optional<target::child_process> process_;
  asio_loop loop_;
  asio_network network_{loop_};
  recorder client_;
};

TEST_F(Mosquitto, AnswersOverEveryTransport) {
  EXPECT_TRUE(round_trip(transport::tls, 1)) << client_detail();
  EXPECT_TRUE(round_trip(transport::ws, 2)) << client_detail();
  EXPECT_TRUE(round_trip(transport::wss, 3)) << client_detail();
  client_options_.version_max = tls_version::tls1_2;
  EXPECT_TRUE(round_trip(transport::tls, 1)) << client_detail();
  EXPECT_TRUE(round_trip(transport::wss, 3)) << client_detail();
}

TEST_F(Mosquitto, TakesAPacketInSeveralFrames) {
  client_ = recorder();
  client_.when_open = [this] {
    for (const std::uint8_t byte : as_bytes(connect_packet)) {
      client_.own->send(byte_view(&byte, 1));
    }
  };
  client_.own = network_.dial({.transport = transport::ws, .host = "127.0.0.1", .port = ports_[2]},
                              {}, client_);
  EXPECT_TRUE(
      loop_.run_until([this] { return client_.received == connack_packet; }, loop_.now() + 5s))
      << client_detail();
}

TEST_F(Mosquitto, WantsAClientCertificate) {
  EXPECT_FALSE(round_trip(transport::tls, 4));
  ASSERT_TRUE(client_.end);
  EXPECT_EQ(client_.end->kind, end_kind::tls_failed);
  EXPECT_THAT(client_.end->detail, HasSubstr("peer's alert: certificate required"));

  const test::identity_files device = authority_.issue("device", {.common_name = "device-1"});
  client_options_.certificate_file = device.certificate_file;
  client_options_.key_file = device.key_file;
  EXPECT_TRUE(round_trip(transport::tls, 4)) << client_detail();
}

TEST_F(Mosquitto, IsToldApartByTransport) {
  EXPECT_FALSE(round_trip(transport::tls, 0));
  ASSERT_TRUE(client_.end);
  EXPECT_THAT(client_.end->kind, AnyOf(end_kind::tls_failed, end_kind::reset)) << client_detail();
  EXPECT_FALSE(round_trip(transport::ws, 0));
  ASSERT_TRUE(client_.end);
  EXPECT_THAT(client_.end->kind, AnyOf(end_kind::upgrade_failed, end_kind::reset))
      << client_detail();
}

TEST_F(Mosquitto, TellsTheEndOfAKilledBroker) {
  ASSERT_TRUE(round_trip(transport::wss, 3)) << client_detail();
  process_->kill();
  ASSERT_TRUE(loop_.run_until([this] { return client_.end.has_value(); }, loop_.now() + 5s));
  EXPECT_THAT(client_.end->kind, AnyOf(end_kind::finished, end_kind::reset)) << client_detail();
}

}  // namespace
}  // namespace gauntlet::net
