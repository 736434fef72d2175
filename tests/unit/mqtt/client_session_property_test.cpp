// Goal: over connections that are cut anywhere, QoS 1 arrives at least once, QoS 2 exactly once,
// both in order, and every publication ends as acknowledged or discarded, once.
//
//   publisher <== bytes, cut at random ==> model broker <== bytes, cut at random ==> subscriber
//
// Both ends are client sessions; the broker between them is as small as it can be.

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/base/seeded_stream.hpp"
#include "harness/mqtt/client_session.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::mqtt {
namespace {

constexpr std::uint16_t server_window = 5;
constexpr std::uint16_t client_window = 3;

/// The broker's side of one client.
class model_peer {
 public:
  explicit model_peer(protocol_version version) : version_(version) {}

  /// Hands a message over to this client: sent when there is room.
  void deliver(qos at, const byte_buffer& payload) { queue_.push_back({0, at, payload, false}); }

  /// Takes bytes from the client; answers the messages that it publishes, each as often as the
  /// broker takes it over. What the broker sends is appended to `out`.
  std::vector<publish> take(byte_view bytes, byte_buffer& out) {
    std::vector<publish> published;
    while (true) {
      const auto frame = reader_.next(bytes);
      EXPECT_TRUE(frame);
      if (!frame || frame->empty()) break;
      const auto decoded = decode(*frame, version_, sender::client);
      EXPECT_TRUE(decoded) << describe(decoded.error());
      if (decoded) take_packet(*decoded, published, out);
    }
    return published;
  }

  /// Sends what waits, as far as the client's window permits.
  void pump(byte_buffer& out) {
    if (!connected_) return;
    while (!queue_.empty() && in_flight_.size() < client_window) {
      in_flight_.push_back(std::move(queue_.front()));
      queue_.pop_front();
      in_flight_.back().identifier = next_identifier();
      send(in_flight_.back(), false, out);
    }
  }

  void cut() {
    connected_ = false;
    reader_ = frame_reader();
  }

  /// Forgets all about a client that is not connected.
  void lose_session() { *this = model_peer(version_); }

  bool idle() const { return queue_.empty() && in_flight_.empty() && held_.empty(); }

 private:
  struct outgoing {
    std::uint16_t identifier;
    mqtt::qos qos;
    byte_buffer payload;
    bool released;
  };

  void put(const packet& any, byte_buffer& out) { ASSERT_TRUE(encode(any, version_, out)); }

  void send(const outgoing& message, bool dup, byte_buffer& out) {
    put(publish{.dup = dup,
                .qos = message.qos,
                .topic_name = "t",
                .packet_identifier = message.identifier,
                .payload = message.payload},
        out);
  }

  std::uint16_t next_identifier() {
    do {
      last_identifier_ =
          last_identifier_ == 7 ? 1 : static_cast<std::uint16_t>(last_identifier_ + 1);
    } while (std::any_of(in_flight_.begin(), in_flight_.end(), [this](const outgoing& each) {
      return each.identifier == last_identifier_;
    }));
    return last_identifier_;
  }

  void take_packet(const packet& any, std::vector<publish>& published, byte_buffer& out) {
    if (std::holds_alternative<mqtt::connect>(any)) {
      connack answer{.session_present = has_session_};
      if (version_ == protocol_version::v5) answer.properties = {receive_maximum(server_window)};
      put(answer, out);
      connected_ = has_session_ = true;
      for (const outgoing& each : in_flight_) {
        each.released ? put(pubrel{.packet_identifier = each.identifier}, out)
                      : send(each, true, out);
      }
    } else if (const auto* message = std::get_if<publish>(&any)) {
      if (message->qos == qos::at_least_once) {
        published.push_back(*message);
        put(puback{.packet_identifier = message->packet_identifier}, out);
      } else {
        if (held_.insert(message->packet_identifier).second) published.push_back(*message);
        EXPECT_LE(held_.size(), version_ == protocol_version::v5 ? server_window : 1000u);
        put(pubrec{.packet_identifier = message->packet_identifier}, out);
      }
    } else if (const auto* release = std::get_if<pubrel>(&any)) {
      held_.erase(release->packet_identifier);
      put(pubcomp{.packet_identifier = release->packet_identifier}, out);
    } else if (const auto* received = std::get_if<pubrec>(&any)) {
      for (outgoing& each : in_flight_) {
        if (each.identifier == received->packet_identifier) each.released = true;
      }
      put(pubrel{.packet_identifier = received->packet_identifier}, out);
    } else if (const auto* done = std::get_if<puback>(&any)) {
      finish(done->packet_identifier);
    } else if (const auto* complete = std::get_if<pubcomp>(&any)) {
      finish(complete->packet_identifier);
    }
  }

  void finish(std::uint16_t identifier) {
    std::erase_if(in_flight_,
                  [identifier](const outgoing& each) { return each.identifier == identifier; });
  }

  protocol_version version_;
  frame_reader reader_;
  bool connected_ = false;
  bool has_session_ = false;
  std::set<std::uint16_t> held_;
  std::deque<outgoing> queue_;
  std::deque<outgoing> in_flight_;
  std::uint16_t last_identifier_ = 0;
};

/// A client session, its connection to the broker, and the account of what it was told. The tag of
/// a publication is its number, which is also its payload; odd ones are QoS 1, even ones QoS 2.
class client : public session_handler {
 public:
  explicit client(protocol_version version) : session(version), peer(version), version_(version) {}

  static qos qos_of(std::uint64_t tag) { return tag % 2 ? qos::at_least_once : qos::exactly_once; }

  void on_publish(const publish_view& message, bool duplicate_exactly_once) override {
    if (!duplicate_exactly_once)
      delivered.push_back(std::stoull(std::string(as_text(message.payload))));
  }
  void on_acknowledged(std::uint64_t tag, mqtt::qos qos, mqtt::reason_code) override {
    EXPECT_EQ(qos, qos_of(tag));
    ++acknowledged[tag];
  }
  void on_received(std::uint64_t tag, mqtt::reason_code) override { ++received[tag]; }
  publish_view on_resend(std::uint64_t tag, std::uint16_t) override { return message(tag); }
  void on_discarded(std::uint64_t tag, mqtt::qos qos, bool was_received) override {
    EXPECT_EQ(qos, qos_of(tag));
    EXPECT_EQ(was_received, received.contains(tag));
    ++discarded[tag];
  }

  bool publish(std::uint64_t tag) {
    return session.publish(message(tag), tag, to_broker).has_value();
  }

  void connect() {
    mqtt::connect request{.protocol_version = version_, .client_id = "c", .clean_start = false};
    if (version_ == protocol_version::v5) {
      request.properties = {session_expiry_interval(300), receive_maximum(client_window)};
    }
    ASSERT_TRUE(session.connect(request, to_broker));
  }

  void cut() {
    session.connection_lost();
    peer.cut();
    to_broker.clear();
    to_client.clear();
  }

  bool connected() const { return session.phase() != session_phase::closed; }

  client_session session;
  model_peer peer;
  byte_buffer to_broker;
  byte_buffer to_client;
  std::map<std::uint64_t, int> acknowledged;
  std::map<std::uint64_t, int> received;
  std::map<std::uint64_t, int> discarded;
  std::vector<std::uint64_t> delivered;

 private:
  publish_view message(std::uint64_t tag) {
    payload_ = std::to_string(tag);
    return {.qos = qos_of(tag), .topic_name = "t", .payload = as_bytes(payload_)};
  }

  protocol_version version_;
  std::string payload_;
};

class broken_network {
 public:
  broken_network(protocol_version version, std::uint64_t seed)
      : publisher(version), subscriber(version), draws_(stream_key(seed)) {}

  /// Lets `count` messages be published while connections are cut, then waits until all is done.
  void run(std::uint64_t count, bool broker_forgets_publisher) {
    for (std::uint64_t next = 1; next <= count;) {
      if (publisher.publish(next)) ++next;
      for (client* each : {&publisher, &subscriber}) {
        // When a CONNACK with Session Present 0 is lost, the next one says 1 for a session that is
        // not the client's: the protocol has no way to tell, so this is not done to it.
        const bool may_cut = broker_forgets_publisher ? each->session.phase() == session_phase::open
                                                      : each->connected();
        if (may_cut && draw(12) == 0) {
          each->cut();
          if (broker_forgets_publisher && each == &publisher && draw(2) == 0) {
            each->peer.lose_session();
          }
        }
      }
      move_some_bytes();
    }
    for (int turns = 0; turns < 10'000 && !settled(); ++turns) move_some_bytes();
    EXPECT_TRUE(settled());
  }

  client publisher;
  client subscriber;

 private:
  std::uint64_t draw(std::uint64_t bound) { return draws_.next_u64() % bound; }

  bool settled() const {
    return publisher.session.in_flight_count() == 0 && publisher.peer.idle() &&
           subscriber.peer.idle() && publisher.to_broker.empty() && subscriber.to_client.empty();
  }

  /// Takes a part of the bytes under way.
  byte_buffer part_of(byte_buffer& bytes) {
    const auto size = static_cast<std::ptrdiff_t>(draw(bytes.size() + 1));
    byte_buffer taken(bytes.begin(), bytes.begin() + size);
    bytes.erase(bytes.begin(), bytes.begin() + size);
    return taken;
  }

  void move_some_bytes() {
    for (client* each : {&publisher, &subscriber}) {
      if (!each->connected()) each->connect();
      for (const publish& taken : each->peer.take(part_of(each->to_broker), each->to_client)) {
        subscriber.peer.deliver(taken.qos, taken.payload);
      }
      each->peer.pump(each->to_client);
      const auto read = each->session.receive(part_of(each->to_client), *each, each->to_broker);
      ASSERT_TRUE(read) << describe(read.error());
    }
  }

  seeded_stream draws_;
};

constexpr std::uint64_t message_count = 80;

/// The numbers of one QoS among those delivered.
std::vector<std::uint64_t> of_qos(const std::vector<std::uint64_t>& delivered, qos at) {
  std::vector<std::uint64_t> some;
  std::copy_if(delivered.begin(), delivered.end(), std::back_inserter(some),
               [at](std::uint64_t tag) { return client::qos_of(tag) == at; });
  return some;
}

class ClientSessionProperty : public testing::TestWithParam<protocol_version> {};
INSTANTIATE_TEST_SUITE_P(BothVersions, ClientSessionProperty,
                         testing::Values(protocol_version::v3_1_1, protocol_version::v5),
                         [](const auto& run) {
                           return run.param == protocol_version::v5 ? "v5" : "v3_1_1";
                         });

TEST_P(ClientSessionProperty, LosesAndRepeatsNothingOverCutConnections) {
  std::size_t repeated = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    broken_network network(GetParam(), seed);
    network.run(message_count, false);
    for (std::uint64_t tag = 1; tag <= message_count; ++tag) {
      ASSERT_EQ(network.publisher.acknowledged[tag], 1) << tag;
    }
    ASSERT_TRUE(network.publisher.discarded.empty());

    std::vector<std::uint64_t> every_second;
    for (std::uint64_t tag = 2; tag <= message_count; tag += 2) every_second.push_back(tag);
    ASSERT_EQ(of_qos(network.subscriber.delivered, qos::exactly_once), every_second);

    // Each number follows the one before, or repeats one that was there.
    const auto at_least_once = of_qos(network.subscriber.delivered, qos::at_least_once);
    std::uint64_t last = 0;
    for (const std::uint64_t tag : at_least_once) {
      ASSERT_LE(tag, last == 0 ? 1 : last + 2);
      last = std::max(last, tag);
    }
    ASSERT_EQ(last, message_count - 1);
    repeated += at_least_once.size() - message_count / 2;
  }
  EXPECT_GT(repeated, 100u) << "the network was not broken enough to test anything";
}

TEST_P(ClientSessionProperty, AccountsForAllWhenTheServerForgetsTheSession) {
  std::size_t discarded = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    broken_network network(GetParam(), seed);
    network.run(message_count, true);
    client& publisher = network.publisher;
    std::map<std::uint64_t, int> delivered;
    for (const std::uint64_t tag : network.subscriber.delivered) ++delivered[tag];
    for (std::uint64_t tag = 1; tag <= message_count; ++tag) {
      ASSERT_EQ(publisher.acknowledged[tag] + publisher.discarded[tag], 1) << tag;
      if (client::qos_of(tag) == qos::exactly_once) {
        ASSERT_LE(delivered[tag], 1) << tag;
      }
      if (publisher.acknowledged[tag] || publisher.received[tag]) {
        ASSERT_GE(delivered[tag], 1) << tag;
      }
      discarded += static_cast<std::size_t>(publisher.discarded[tag]);
    }
  }
  EXPECT_GT(discarded, 100u) << "the server did not forget enough to test anything";
}

}  // namespace
}  // namespace gauntlet::mqtt
