// Goal: each of toxiproxy's toxics is among our faults, and a client sees the same of both: what
// arrives, in which pieces, how late, and how the connection ends. Times are bounds, not equal.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "harness/target/port_choice.hpp"
#include "tests/integration/fault/blocking_socket.hpp"
#include "tests/integration/fault/proxy_program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::fault {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds patience = 10s;
constexpr milliseconds late = 3s;  // what a loaded machine may add

/// What the broker of a test says to the client: PUBLISH at QoS 0, 32 bytes each.
std::string publishes(std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) {
    all += '\x30';  // PUBLISH
    all += '\x1e';  // Remaining Length 30
    all += std::string("\0\x03", 2) + "a/b";
    all += std::string(25, static_cast<char>('a' + i % 26));
  }
  return all;
}

/// MQTT 3.1.1, Clean Session, Keep Alive 60 s, Client Identifier "c".
const std::string connect_packet(
    "\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01"
    "c",
    15);

/// Started with either proxy: a broker and a client that are plain sockets.
class Toxics : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (!is_ours() && toxiproxy_command().empty()) {
      GTEST_SKIP() << "not installed: conformance/brokers/install toxiproxy";
    }
    const auto ports = target::choose_ports(3);
    ASSERT_TRUE(ports);
    const proxy_places where{(*ports)[0], (*ports)[1], (*ports)[2], folder_.path()};
    listen_port_ = where.listen;
    broker_side_.emplace(blocking_socket::listen(where.upstream));
    auto started = is_ours() ? start_ours(where) : start_toxiproxy(where);
    ASSERT_TRUE(started) << started.error().message;
    program_ = std::move(*started);
  }

  bool is_ours() const { return GetParam(); }

  /// The same fault in both languages.
  void inject(std::string_view ours, std::string_view theirs) {
    const auto added = program_->add(is_ours() ? ours : theirs);
    ASSERT_TRUE(added) << added.error().message;
  }

  /// A client comes and its CONNECT reaches the broker.
  void connect() {
    client_ = blocking_socket::connect(listen_port_);
    ASSERT_TRUE(client_);
    client_->send(connect_packet);
    broker_ = broker_side_->accept(patience);
    ASSERT_TRUE(broker_);
    ASSERT_EQ(broker_->read(connect_packet.size(), patience).bytes, connect_packet);
  }

  test::temporary_directory folder_;
  std::uint16_t listen_port_ = 0;
  std::optional<blocking_socket> broker_side_;
  std::unique_ptr<proxy_program> program_;
  std::optional<blocking_socket> client_;
  std::optional<blocking_socket> broker_;
};

TEST_P(Toxics, NoneLeavesBytesAndEndAsTheyAre) {
  connect();
  broker_->send(publishes(100));
  broker_->end_sending();
  const auto seen = client_->read(std::string::npos, patience);
  EXPECT_EQ(seen.bytes, publishes(100));
  EXPECT_EQ(seen.end, read_end::fin);
}

TEST_P(Toxics, LatencyDelaysWhatArrivesWhole) {
  inject(R"("latency": {"by": "300ms"})",
         R"("type": "latency", "attributes": {"latency": 300, "jitter": 0})");
  connect();
  broker_->send(publishes(2));
  const auto seen = client_->read(64, patience);
  EXPECT_EQ(seen.bytes, publishes(2));
  EXPECT_GE(seen.first_after, 290ms);
  EXPECT_LT(seen.ended_after, 300ms + late);
}

TEST_P(Toxics, BandwidthSpreadsBytesOverTime) {
  // 250 x 32 B at 10 kB/s take 0.8 s.
  inject(R"("bandwidth": {"rate": "10KB"})", R"("type": "bandwidth", "attributes": {"rate": 10})");
  connect();
  broker_->send(publishes(250));
  const auto seen = client_->read(250 * 32, patience);
  EXPECT_EQ(seen.bytes, publishes(250));
  EXPECT_GE(seen.ended_after, 600ms);
  EXPECT_LT(seen.ended_after, 800ms + late);
}

TEST_P(Toxics, SlowCloseDelaysTheEndAlone) {
  inject(R"("slow_close": {"by": "400ms"})",
         R"("type": "slow_close", "attributes": {"delay": 400})");
  connect();
  broker_->send(publishes(1));
  broker_.reset();
  const auto first = client_->read(32, patience);
  EXPECT_EQ(first.bytes, publishes(1));
  const auto rest = client_->read(std::string::npos, patience);
  EXPECT_EQ(rest.bytes, "");
  EXPECT_EQ(rest.end, read_end::fin);
  EXPECT_GE(rest.ended_after, 300ms);
}

TEST_P(Toxics, TimeoutLetsNothingThroughAndCloses) {
  inject(R"("timeout": {"after": "400ms"})",
         R"("type": "timeout", "attributes": {"timeout": 400})");
  connect();
  broker_->send(publishes(1));
  const auto seen = client_->read(std::string::npos, patience);
  EXPECT_EQ(seen.bytes, "");
  EXPECT_EQ(seen.end, read_end::fin);
  EXPECT_GE(seen.ended_after, 300ms);
  EXPECT_LT(seen.ended_after, 400ms + late);
}

TEST_P(Toxics, ResetPeerLetsNothingThroughAndResets) {
  inject(R"("reset_peer": {"after": "400ms"})",
         R"("type": "reset_peer", "attributes": {"timeout": 400})");
  connect();
  broker_->send(publishes(1));
  const auto seen = client_->read(std::string::npos, patience);
  EXPECT_EQ(seen.bytes, "");
  EXPECT_EQ(seen.end, read_end::reset);
  EXPECT_GE(seen.ended_after, 300ms);
  EXPECT_LT(seen.ended_after, 400ms + late);
}

TEST_P(Toxics, SlicerSendsSmallPiecesWithGaps) {
  inject(
      R"("slicer": {"bytes": 8, "variation": 0, "gap": "20ms"})",
      R"("type": "slicer", "attributes": {"average_size": 8, "size_variation": 0, "delay": 20000})");
  connect();
  broker_->send(publishes(4));
  const auto seen = client_->read(4 * 32, patience);
  EXPECT_EQ(seen.bytes, publishes(4));
  EXPECT_LT(seen.largest_piece, 100U) << "16 pieces of 8 bytes, some read together";
  EXPECT_GE(seen.ended_after, 250ms);
  EXPECT_LT(seen.ended_after, 320ms + late);
}

TEST_P(Toxics, LimitDataClosesAfterSoManyBytes) {
  inject(R"("limit_data": {"bytes": "100B"})",
         R"("type": "limit_data", "attributes": {"bytes": 100})");
  connect();
  broker_->send(publishes(4));
  const auto seen = client_->read(std::string::npos, patience);
  EXPECT_EQ(seen.bytes, publishes(4).substr(0, 100));
  EXPECT_EQ(seen.end, read_end::fin);
}

TEST_P(Toxics, DownEndsConnectionsAndServesNobody) {
  connect();
  const auto taken = program_->take_down();
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_NE(client_->read(std::string::npos, patience).end, read_end::open);
  if (const auto next = blocking_socket::connect(listen_port_)) {
    EXPECT_NE(next->read(1, patience).end, read_end::open);
  }
  EXPECT_FALSE(broker_side_->accept(milliseconds(0)));
}

INSTANTIATE_TEST_SUITE_P(Of, Toxics, ::testing::Values(true, false), [](const auto& which) {
  return which.param ? std::string("Gauntlet") : std::string("Toxiproxy");
});

}  // namespace
}  // namespace gauntlet::fault
