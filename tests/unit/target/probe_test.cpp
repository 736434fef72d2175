// Goal: the probe tells apart everything that can come back for a CONNECT. In memory, without
// waiting.

#include "harness/target/probe.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/virtual_loop.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/net/memory_network.hpp"

namespace gauntlet::target {
namespace {

using ::testing::HasSubstr;

/// Takes one connection, keeps what comes, and answers with given bytes.
class stub_broker : public net::channel_handler {
 public:
  stub_broker(net::network& network, byte_buffer answer, bool closes = false)
      : answer_(std::move(answer)), closes_(closes) {
    auto listening = network.listen({.host = "127.0.0.1", .port = 10'000}, std::nullopt,
                                    [this](std::unique_ptr<net::channel> accepted) {
                                      channel_ = std::move(accepted);
                                      channel_->set_handler(*this);
                                    });
    EXPECT_TRUE(listening);
    listener_ = std::move(*listening);
  }

  void on_bytes(net::channel& channel, byte_view bytes) override {
    received.insert(received.end(), bytes.begin(), bytes.end());
    if (!answer_.empty()) channel.send(answer_);
    if (closes_) channel.close();
  }
  void on_end(net::channel&, const net::channel_end&) override {}

  byte_buffer received;

 private:
  byte_buffer answer_;
  bool closes_;
  std::unique_ptr<net::listener> listener_;
  std::unique_ptr<net::channel> channel_;
};

class Probe : public ::testing::Test {
 protected:
  probe_result ask(const probe_options& options = {}) {
    return probe(network, {.host = "127.0.0.1", .port = 10'000}, options);
  }

  virtual_loop loop;
  net::memory_network network{loop};
};

// CONNACK of 3.1.1: type 2, length 2, no session present, return code.
const byte_buffer accepted_3_1_1 = {0x20, 0x02, 0x00, 0x00};
const byte_buffer not_authorized_3_1_1 = {0x20, 0x02, 0x00, 0x05};
// CONNACK of 5.0: type 2, length 3, no session present, Reason Code, no properties.
const byte_buffer accepted_5_0 = {0x20, 0x03, 0x00, 0x00, 0x00};
const byte_buffer bad_password_5_0 = {0x20, 0x03, 0x00, 0x86, 0x00};
const byte_buffer web_server = {'H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '4', '0', '0'};
const byte_buffer pingresp = {0xd0, 0x00};

TEST_F(Probe, IsAcceptedInBothVersions) {
  {
    stub_broker broker(network, accepted_3_1_1);
    EXPECT_EQ(ask().answer, probe_answer::accepted);
  }
  stub_broker broker(network, accepted_5_0);
  EXPECT_EQ(ask({.version = mqtt::protocol_version::v5}).answer, probe_answer::accepted);
}

TEST_F(Probe, SendsTheLogin) {
  stub_broker broker(network, accepted_3_1_1);
  ask({.login = credentials{"me", "secret"}});
  const std::string sent(as_text(broker.received));
  EXPECT_THAT(sent, HasSubstr("me"));
  EXPECT_THAT(sent, HasSubstr("secret"));
}

TEST_F(Probe, TellsTheCodeOfARefusal) {
  {
    stub_broker broker(network, not_authorized_3_1_1);
    const probe_result result = ask();
    EXPECT_EQ(result.answer, probe_answer::refused);
    EXPECT_EQ(result.detail, "refused the CONNECT: 0x05 Not authorized");
  }
  stub_broker broker(network, bad_password_5_0);
  const probe_result result = ask({.version = mqtt::protocol_version::v5});
  EXPECT_EQ(result.answer, probe_answer::refused);
  EXPECT_EQ(result.detail, "refused the CONNECT: 0x86 Bad User Name or Password");
}

TEST_F(Probe, KnowsWhatIsNoBroker) {
  for (const byte_buffer& answer : {web_server, pingresp}) {
    stub_broker broker(network, answer);
    const probe_result result = ask();
    EXPECT_EQ(result.answer, probe_answer::not_mqtt);
    EXPECT_THAT(result.detail, HasSubstr("answered the CONNECT with no CONNACK"));
  }
}

TEST_F(Probe, SeesAConnectionThatEndsWithoutAnAnswer) {
  stub_broker broker(network, {}, true);
  EXPECT_EQ(ask().answer, probe_answer::ended);
}

TEST_F(Probe, WaitsForAnAnswerOnlySoLong) {
  stub_broker broker(network, {});
  const time_point start = loop.now();
  EXPECT_EQ(ask({.timeout = std::chrono::seconds(3)}).answer, probe_answer::silent);
  EXPECT_EQ(loop.now() - start, std::chrono::seconds(3));
}

TEST_F(Probe, IsNotFooledByHalfAnAnswer) {
  stub_broker broker(network, {0x20, 0x02, 0x00});
  EXPECT_EQ(ask().answer, probe_answer::silent);
}

TEST_F(Probe, TellsWhenNobodyListens) { EXPECT_EQ(ask().answer, probe_answer::unreachable); }

}  // namespace
}  // namespace gauntlet::target
