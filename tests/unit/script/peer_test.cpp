// Goal: a script sees what a broker does, packet by packet, and never takes silence, a close, a
// reset and a refusal for one another.

#include "harness/script/peer.hpp"

#include <gtest/gtest.h>

#include "harness/base/virtual_loop.hpp"
#include "harness/broker/server.hpp"
#include "harness/mqtt/raw_packet.hpp"
#include "harness/net/memory_network.hpp"

namespace gauntlet::script {
namespace {

using namespace std::chrono_literals;
constexpr auto v5 = mqtt::protocol_version::v5;

const net::endpoint address{.host = "broker", .port = 1883};

// The reference broker and its clients in memory, under virtual time.
class Peer : public testing::Test {
 protected:
  void SetUp() override {
    broker::server_options options;
    options.listen.push_back({.where = address});
    auto started = broker::server::start(network_, std::move(options));
    ASSERT_TRUE(started.has_value());
    broker_ = std::move(*started);
  }

  static mqtt::connack connect(peer& who, mqtt::connect packet = {.client_id = "a"}) {
    who.send(packet);
    const arrival answer = who.next(1s);
    const auto* const came = packet_of<mqtt::connack>(answer);
    EXPECT_NE(came, nullptr) << to_text(answer, v5);
    return came == nullptr ? mqtt::connack{} : *came;
  }

  virtual_loop loop_;
  net::memory_network network_{loop_};
  std::unique_ptr<broker::server> broker_;
};

TEST_F(Peer, SeesAnswersInOrder) {
  peer a(network_, address, {});
  ASSERT_TRUE(a.opened());
  EXPECT_EQ(connect(a).reason_code, mqtt::reason_code::success);
  a.send(mqtt::subscribe{.packet_identifier = a.next_packet_identifier(),
                         .subscriptions = {{"t", {mqtt::qos::at_least_once}}}});
  a.send(mqtt::publish{.qos = mqtt::qos::at_least_once,
                       .topic_name = "t",
                       .packet_identifier = 7,
                       .payload = {'x'}});
  EXPECT_NE(packet_of<mqtt::suback>(a.next(1s)), nullptr);
  EXPECT_NE(packet_of<mqtt::publish>(a.peek(1s)), nullptr);
  EXPECT_NE(packet_of<mqtt::publish>(a.next(1s)), nullptr);
  EXPECT_NE(packet_of<mqtt::puback>(a.next(1s)), nullptr);
  EXPECT_EQ(a.waiting(), 0U);
}

TEST_F(Peer, SeesSilenceAsSilence) {
  peer a(network_, address, {});
  connect(a);
  const time_point before = loop_.now();
  const arrival silence = a.next(3s);
  ASSERT_TRUE(std::holds_alternative<arrived_nothing>(silence));
  EXPECT_EQ(loop_.now() - before, 3s);
  EXPECT_EQ(to_text(silence, v5), "nothing for 3s");
  EXPECT_FALSE(is_close(silence));
  EXPECT_TRUE(a.stands());
}

TEST_F(Peer, SeesDisconnectAndThenTheClose) {
  peer a(network_, address, {});
  connect(a);
  a.send_bytes(mqtt::raw_packet{.first_byte = 0xC1}.bytes());  // PINGREQ with a reserved flag
  const arrival refusal = a.next(1s);
  ASSERT_NE(packet_of<mqtt::disconnect>(refusal), nullptr);
  EXPECT_FALSE(is_close(refusal));
  EXPECT_TRUE(is_close(a.next(1s)));
  EXPECT_TRUE(is_close(a.next(1s))) << "an end stays an end";
  EXPECT_FALSE(a.stands());
}

TEST_F(Peer, SeesThatNobodyListens) {
  peer a(network_, {.host = "elsewhere", .port = 1}, {});
  EXPECT_FALSE(a.opened());
  const arrival end = a.next(1s);
  ASSERT_TRUE(std::holds_alternative<arrived_end>(end));
  EXPECT_FALSE(is_close(end));
}

TEST_F(Peer, ShowsAResetToTheOtherSide) {
  peer watcher(network_, address, {.name = "watcher"});
  connect(watcher, {.client_id = "w"});
  watcher.send(mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{"will", {}}}});
  EXPECT_NE(packet_of<mqtt::suback>(watcher.next(1s)), nullptr);
  peer a(network_, address, {});
  connect(a, {.client_id = "a", .will = mqtt::will{.topic_name = "will"}});
  a.abort();
  EXPECT_NE(packet_of<mqtt::publish>(watcher.next(1s)), nullptr);
}

// A server that sends what it is told.
class raw_server : net::channel_handler {
 public:
  raw_server(net::network& network, byte_buffer answer)
      : answer_(std::move(answer)),
        listener_(*network.listen({.host = "raw", .port = 1}, {}, [this](auto accepted) {
          accepted_ = std::move(accepted);
          accepted_->set_handler(*this);
        })) {}

 private:
  void on_bytes(net::channel& channel, byte_view) override {
    channel.send(answer_);
    channel.close();
  }
  void on_end(net::channel&, const net::channel_end&) override {}

  byte_buffer answer_;
  std::unique_ptr<net::channel> accepted_;
  std::unique_ptr<net::listener> listener_;
};

TEST_F(Peer, SeesWhatIsNoPacket) {
  raw_server server(network_, {0x20, 0x03, 0x02, 0x00, 0x00});  // CONNACK with reserved bits
  peer a(network_, {.host = "raw", .port = 1}, {});
  a.send(mqtt::connect{.client_id = "a"});
  const arrival wrong = a.next(1s);
  ASSERT_TRUE(std::holds_alternative<arrived_malformed>(wrong)) << to_text(wrong, v5);
  EXPECT_EQ(std::get<arrived_malformed>(wrong).bytes.size(), 5U);
  EXPECT_TRUE(is_close(a.next(1s)));
}

TEST_F(Peer, TellsOfAPacketThatTheEndCut) {
  raw_server server(network_, {0x20, 0x03, 0x00});
  peer a(network_, {.host = "raw", .port = 1}, {});
  a.send(mqtt::connect{.client_id = "a"});
  const arrival end = a.next(1s);
  ASSERT_TRUE(std::holds_alternative<arrived_end>(end)) << to_text(end, v5);
  EXPECT_EQ(std::get<arrived_end>(end).unfinished_bytes, 3U);
}

TEST_F(Peer, KeepsATranscript) {
  peer a(network_, address, {.name = "publisher"});
  connect(a);
  a.remark("now the end");
  a.close();
  std::vector<wire_event> events;
  for (const transcript_entry& entry : a.log().entries()) events.push_back(entry.what);
  EXPECT_EQ(events, (std::vector{wire_event::opened, wire_event::sent, wire_event::received,
                                 wire_event::remark, wire_event::we_closed}));
  EXPECT_EQ(a.log().name(), "publisher");
  EXPECT_EQ(a.log().entries()[1].text.substr(0, 7), "CONNECT");
}

TEST(Transcript, IsBounded) {
  transcript log("flooded");
  const byte_buffer large(transcript::entry_bytes_max + 1, 0);
  for (std::size_t i = 0; i < transcript::entries_max + 5; ++i) {
    log.add({}, wire_event::received, large, {});
  }
  EXPECT_EQ(log.entries().size(), transcript::entries_max);
  EXPECT_EQ(log.left_out(), 5U);
  EXPECT_EQ(log.entries()[0].bytes.size(), transcript::entry_bytes_max);
  EXPECT_EQ(log.entries()[0].size_bytes, large.size());
}

}  // namespace
}  // namespace gauntlet::script
