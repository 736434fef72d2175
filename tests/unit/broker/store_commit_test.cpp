// Goal: nothing leaves the broker before what it follows from is in the store, one commit serves
// many clients, and a broker whose store fails acknowledges nothing any more.

#include <gmock/gmock.h>

#include "tests/unit/broker/bench.hpp"
#include "tests/unit/broker/counting_store.hpp"

namespace gauntlet::broker {
namespace {

class StoreCommit : public both_versions {
 protected:
  mqtt::connect lasting() const {
    mqtt::connect packet{.clean_start = false};
    if (is_v5()) packet.properties.add(mqtt::session_expiry_interval(100));
    return packet;
  }
  void use_store(bench& broker) {
    broker.now = time_point(std::chrono::hours(1));
    ASSERT_TRUE(broker.core.recover(store, broker.now, wall_time{}));
  }
  counting_store store;
};
INSTANTIATE_TEST_SUITE_P(Versions, StoreCommit, testing::Values(v3, v5), version_suffix);

// A carrier that looks at the store whenever bytes leave.
class watching_carrier final : public carrier {
 public:
  explicit watching_carrier(const counting_store& store) : store_(store) {}
  std::size_t send(byte_view bytes) override {
    sent += bytes.size();
    if (store_.uncommitted > 0) sent_too_early = true;
    return 0;
  }
  void close() override { closed = true; }
  void pause_reading() override {}
  void resume_reading() override {}
  std::string peer_name() const override { return "watching"; }

  std::size_t sent = 0;
  bool sent_too_early = false;
  bool closed = false;

 private:
  const counting_store& store_;
};

// A client whose packets are all handed in before the broker may answer.
struct watching_client {
  watching_client(broker_core& core, const counting_store& store, time_point now)
      : link(store), joined(core.open(link, now)) {}
  void send(broker_core& core, const mqtt::packet& packet, mqtt::protocol_version version,
            time_point now) {
    byte_buffer bytes;
    ASSERT_TRUE(mqtt::encode(packet, version, bytes).has_value());
    core.received(*joined, bytes, now);
  }
  watching_carrier link;
  std::unique_ptr<connection> joined;
};

mqtt::publish message(std::string topic, mqtt::qos qos, std::uint16_t identifier) {
  mqtt::publish packet{.qos = qos, .topic_name = std::move(topic), .payload = {1}};
  packet.packet_identifier = identifier;
  return packet;
}

TEST_P(StoreCommit, ComesBeforeTheAcknowledgementAndServesAll) {
  bench broker;
  use_store(broker);
  peer& s = broker.connected("s", version(), lasting());
  s.subscribe("t", qos1);
  s.drop();
  std::vector<std::unique_ptr<watching_client>> clients;
  for (int i = 0; i < 20; ++i) {
    auto& each =
        clients.emplace_back(std::make_unique<watching_client>(broker.core, store, broker.now));
    mqtt::connect packet{.protocol_version = version(), .client_id = "p" + std::to_string(i)};
    each->send(broker.core, packet, version(), broker.now);
  }
  broker.core.flush();
  const int before = store.commits;
  for (auto& each : clients) {
    for (std::uint16_t i = 1; i <= 10; ++i) {
      each->send(broker.core, message("t", qos1, i), version(), broker.now);
    }
  }
  EXPECT_EQ(store.commits, before);
  broker.core.flush();
  EXPECT_EQ(store.commits, before + 1);
  for (auto& each : clients) {
    EXPECT_GT(each->link.sent, 10U * 4U);
    EXPECT_FALSE(each->link.sent_too_early);
  }
}

TEST_P(StoreCommit, ComesBeforeTheBytesOfAClosingConnection) {
  bench broker;
  use_store(broker);
  peer& s = broker.connected("s", version(), lasting());
  s.subscribe("t", qos1);
  watching_client publisher(broker.core, store, broker.now);
  mqtt::connect packet{.protocol_version = version(), .client_id = "p"};
  publisher.send(broker.core, packet, version(), broker.now);
  publisher.send(broker.core, message("t", qos1, 1), version(), broker.now);
  publisher.send(broker.core, mqtt::disconnect{}, version(), broker.now);
  EXPECT_TRUE(publisher.link.closed);
  EXPECT_GT(publisher.link.sent, 0U);
  EXPECT_FALSE(publisher.link.sent_too_early);
}

TEST_P(StoreCommit, IsLateByTheDefect) {
  options chosen;
  chosen.defects.push_back({defect::acknowledge_before_store, 1});
  bench broker(chosen);
  use_store(broker);
  broker.connected("s", version(), lasting()).subscribe("t", qos1);
  broker.connected("p", version()).publish("t", "1", qos1);
  const int before = store.commits;
  broker.connected("q", version()).publish("t", "2", qos1);
  EXPECT_GT(store.uncommitted, 0);
  EXPECT_EQ(store.commits, before);
}

TEST_P(StoreCommit, StoresAMessageOnceForAllWhoWait) {
  bench broker;
  use_store(broker);
  for (const auto* id : {"a", "b", "c"}) {
    broker.connected(id, version(), lasting()).subscribe("t", qos1);
  }
  broker.connected("p", version()).publish("t", "1", qos1, true);
  EXPECT_EQ(store.messages, 1);
  EXPECT_EQ(store.deliveries, 3);
  broker.connected("p", version()).publish("t", "", qos0, true);
  EXPECT_EQ(store.messages, 1);
  for (const auto* id : {"a", "b", "c"}) {
    peer& again = broker.open(version());
    mqtt::connect packet = lasting();
    packet.client_id = id;
    again.connect(packet);
    again.send(mqtt::puback{.packet_identifier = again.expect_publish("1").packet_identifier});
  }
  EXPECT_EQ(store.messages, 0);
}

TEST_P(StoreCommit, LetsGoOfReplacedRetainedMessages) {
  bench broker;
  use_store(broker);
  peer& p = broker.connected("p", version());
  for (const auto* payload : {"1", "2", "3"}) {
    p.publish("t", payload, qos1, true);
    EXPECT_EQ(store.messages, 1);
  }
}

TEST_P(StoreCommit, IsOneForAllClientsAtTheShutdown) {
  bench broker;
  use_store(broker);
  for (int i = 0; i < 20; ++i) broker.connected("c" + std::to_string(i), version(), lasting());
  const int before = store.commits;
  broker.core.shut_down(broker.now);
  broker.core.flush();
  EXPECT_EQ(store.commits, before + 1);
  EXPECT_EQ(store.uncommitted, 0);
}

TEST_P(StoreCommit, IsNotForWhatEndsWithItsConnection) {
  bench broker;
  use_store(broker);
  peer& s = broker.connected("s", version());
  s.subscribe("t", qos2);
  peer& p = broker.connected("p", version());
  p.publish("t", "1", qos1);
  p.publish("t", "2", qos2);
  EXPECT_EQ(store.changes, 0);
}

TEST_P(StoreCommit, FailingCutsAllConnectionsUnanswered) {
  bench broker;
  use_store(broker);
  peer& s = broker.connected("s", version(), lasting());
  s.subscribe("t", qos1);
  peer& p = broker.connected("p", version());
  store.fails = true;
  p.send(message("t", qos1, 1));
  s.expect_closed();
  p.expect_closed();
  ASSERT_TRUE(broker.core.storage_failure());
  EXPECT_THAT(broker.core.storage_failure()->message, testing::HasSubstr("disk is full"));
  EXPECT_TRUE(broker.open(version()).closed());
}

}  // namespace
}  // namespace gauntlet::broker
