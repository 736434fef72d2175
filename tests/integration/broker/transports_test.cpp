// Goal: the broker serves MQTT over each transport alike, demands certificates where it is told to,
// and keeps to what MQTT 5.0 §6 says of WebSocket.

#include <array>
#include <functional>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/broker/embedded.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/script/peer.hpp"
#include "harness/ws/frame.hpp"
#include "harness/ws/handshake.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/recorder.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::protocol_version;
using mqtt::reason_code;
using net::transport;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr duration patience = std::chrono::seconds(15);

bool is_secure(transport kind) { return kind == transport::tls || kind == transport::wss; }

class Transports : public testing::Test {
 protected:
  void start(transport kind, options chosen = {}) {
    listen_address address{.where = {.transport = kind, .host = "127.0.0.1"}, .tls = std::nullopt};
    if (is_secure(kind)) address.tls = server_tls;
    auto started =
        embedded_broker::start({.listen = {std::move(address)}, .broker = std::move(chosen)});
    if (!started) throw std::runtime_error(started.error().message);
    broker = std::move(*started);
    kind_ = kind;
  }

  // A connection, which may or may not stand.
  std::unique_ptr<script::peer> dial(protocol_version version = protocol_version::v5) {
    script::peer_options settings{.version = version};
    if (is_secure(kind_)) {
      auto prepared = network.prepare_tls(client_tls);
      if (!prepared) throw std::runtime_error(prepared.error().message);
      settings.dial.tls = *prepared;
    }
    return std::make_unique<script::peer>(
        network,
        net::endpoint{.transport = kind_, .host = "127.0.0.1", .port = broker->ports().front()},
        settings);
  }

  template <class T>
  T expect(script::peer& of) {
    const auto arrival = of.next(patience);
    const T* const came = script::packet_of<T>(arrival);
    EXPECT_NE(came, nullptr) << to_text(arrival, of.version());
    return came == nullptr ? T{} : *came;
  }

  // Whether CONNECT leads to an accepting CONNACK.
  bool is_let_in(script::peer& client, mqtt::connect packet) {
    if (!client.opened()) return false;
    packet.protocol_version = client.version();
    client.send(packet);
    const auto arrival = client.next(patience);
    const auto* const answer = script::packet_of<mqtt::connack>(arrival);
    return answer != nullptr && answer->reason_code == reason_code::success;
  }

  test::temporary_directory directory;
  test::certificate_authority authority{directory, "authority"};
  test::certificate_authority stranger{directory, "stranger"};
  test::identity_files server_identity = authority.issue("server");
  test::identity_files client_identity = authority.issue("client", {.common_name = "dev-1"});
  net::tls_server_options server_tls{.certificate_file = server_identity.certificate_file,
                                     .key_file = server_identity.key_file};
  net::tls_client_options client_tls{.ca_file = authority.ca_file()};
  net::asio_loop loop;
  net::asio_network network{loop};
  std::unique_ptr<embedded_broker> broker;

 private:
  transport kind_ = transport::tcp;
};

struct way {
  transport kind;
  protocol_version version;
};

class EachTransport : public Transports, public testing::WithParamInterface<way> {};

std::string name_of(const testing::TestParamInfo<way>& info) {
  const std::array<std::string, 4> names = {"Tcp", "Tls", "Ws", "Wss"};
  return names[static_cast<std::size_t>(info.param.kind)] +
         (info.param.version == protocol_version::v5 ? "V5" : "V3");
}

INSTANTIATE_TEST_SUITE_P(Over, EachTransport,
                         testing::Values(way{transport::tcp, protocol_version::v3_1_1},
                                         way{transport::tcp, protocol_version::v5},
                                         way{transport::tls, protocol_version::v3_1_1},
                                         way{transport::tls, protocol_version::v5},
                                         way{transport::ws, protocol_version::v3_1_1},
                                         way{transport::ws, protocol_version::v5},
                                         way{transport::wss, protocol_version::v3_1_1},
                                         way{transport::wss, protocol_version::v5}),
                         name_of);

TEST_P(EachTransport, CarriesSmallAndLargeMessages) {
  start(GetParam().kind);
  const auto client = dial(GetParam().version);
  ASSERT_TRUE(is_let_in(*client, {.client_id = "c"}));
  client->send(mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{"t", {}}}});
  expect<mqtt::suback>(*client);
  for (const std::size_t size : {0U, 1U, 125U, 70'000U, 1'000'000U}) {
    mqtt::publish packet{.topic_name = "t"};
    for (std::size_t i = 0; i < size; ++i) {
      packet.payload.push_back(static_cast<std::uint8_t>(i * 7U));
    }
    client->send(packet);
    EXPECT_EQ(expect<mqtt::publish>(*client).payload, packet.payload) << size;
  }
  client->send(mqtt::disconnect{});
  EXPECT_TRUE(script::is_close(client->next(patience)));
}

TEST_F(Transports, EachTlsVersionIsServed) {
  for (const auto version : {net::tls_version::tls1_2, net::tls_version::tls1_3}) {
    server_tls.version_min = server_tls.version_max = version;
    start(transport::tls);
    client_tls.version_min = client_tls.version_max = version;
    EXPECT_TRUE(is_let_in(*dial(), {.client_id = "c"}));
    client_tls.version_min = client_tls.version_max =
        version == net::tls_version::tls1_2 ? net::tls_version::tls1_3 : net::tls_version::tls1_2;
    EXPECT_FALSE(is_let_in(*dial(), {.client_id = "c"}));
  }
}

class ClientCertificates : public Transports, public testing::WithParamInterface<transport> {
 protected:
  ClientCertificates() { server_tls.client_ca_file = authority.ca_file(); }

  void show(const test::identity_files& identity) {
    client_tls.certificate_file = identity.certificate_file;
    client_tls.key_file = identity.key_file;
  }
};

INSTANTIATE_TEST_SUITE_P(Over, ClientCertificates, testing::Values(transport::tls, transport::wss),
                         [](const auto& of) {
                           return std::string(of.param == transport::tls ? "Tls" : "Wss");
                         });

TEST_P(ClientCertificates, AreDemanded) {
  start(GetParam());
  for (const auto version : {net::tls_version::tls1_2, net::tls_version::tls1_3}) {
    client_tls.version_min = client_tls.version_max = version;
    show({});
    EXPECT_FALSE(is_let_in(*dial(), {.client_id = "none"}));
    show(stranger.issue("strange"));
    EXPECT_FALSE(is_let_in(*dial(), {.client_id = "strange"}));
    show(authority.issue("old", {.valid_from_days = -2, .valid_to_days = -1}));
    EXPECT_FALSE(is_let_in(*dial(), {.client_id = "old"}));
    EXPECT_EQ(broker->statistics().clients_connected, 0U);
    show(client_identity);
    EXPECT_TRUE(is_let_in(*dial(), {.client_id = "right"}));
    broker->stop();
    start(GetParam());
  }
}

TEST_P(ClientCertificates, MayNameTheUser) {
  options chosen;
  chosen.users = {make_user("ann", "secret")};
  chosen.certificate_names_user = true;
  chosen.default_access =
      access_list{.rules = {{permission::allow, access_kind::publish, "of/%u/#"}}};
  start(GetParam(), chosen);
  show(client_identity);
  const auto client = dial();
  // The name in CONNECT does not count, and no password is asked.
  ASSERT_TRUE(is_let_in(*client, {.client_id = "c", .user_name = "ann"}));
  const auto code_of_publish_to = [&](std::string topic) {
    client->send(mqtt::publish{
        .qos = mqtt::qos::at_least_once, .topic_name = std::move(topic), .packet_identifier = 1});
    return expect<mqtt::puback>(*client).reason_code;
  };
  EXPECT_EQ(code_of_publish_to("of/ann/x"), reason_code::not_authorized);
  EXPECT_EQ(code_of_publish_to("of/dev-1/x"), reason_code::no_matching_subscribers);
}

// A client of the WebSocket listener that writes every byte itself.
class RawWebSocket : public Transports {
 protected:
  // Sends an upgrade request and waits for the whole head of the answer.
  void upgrade(std::string_view subprotocol = ws::mqtt_subprotocol,
               std::string_view path = "/mqtt") {
    start(transport::ws);
    channel.own = network.dial({.host = "127.0.0.1", .port = broker->ports().front()}, {}, channel);
    ASSERT_TRUE(await([this] { return channel.opened; }));
    const std::string key = ws::make_key({1, 2, 3});
    channel.own->send(as_bytes(
        ws::to_http({.host = "127.0.0.1", .path = path, .key = key, .subprotocol = subprotocol})));
    ASSERT_TRUE(await([this] { return channel.received.find("\r\n\r\n") != std::string::npos; }));
    head = channel.received.substr(0, channel.received.find("\r\n\r\n"));
    channel.received.erase(0, head.size() + 4);
  }
  bool await(const std::function<bool()>& done) {
    return loop.run_until(done, loop.now() + patience);
  }
  // Waits for CONNACK in one frame: binary, unmasked, of a length below 126.
  bool connack_comes() {
    return await([this] { return channel.received.size() >= 3; }) &&
           channel.received.starts_with('\x82') && channel.received[2] == '\x20';
  }

  static byte_buffer bytes_of(const mqtt::packet& packet) {
    byte_buffer bytes;
    EXPECT_TRUE(mqtt::encode(packet, protocol_version::v5, bytes).has_value());
    return bytes;
  }

  const byte_buffer connect_bytes = bytes_of(mqtt::connect{.client_id = "c"});
  const ws::mask_key mask{1, 2, 3, 4};
  net::recorder channel;
  std::string head;
};

// [MQTT-6.0.0-4]
TEST_F(RawWebSocket, AnswersWithTheSubprotocolMqtt) {
  upgrade("foo, mqtt");
  EXPECT_THAT(head, StartsWith("HTTP/1.1 101"));
  EXPECT_THAT(head, HasSubstr("\r\nSec-WebSocket-Protocol: mqtt"));
}

// [MQTT-6.0.0-3]
TEST_F(RawWebSocket, RefusesOtherSubprotocols) {
  upgrade("foo");
  EXPECT_THAT(head, StartsWith("HTTP/1.1 4"));
  EXPECT_TRUE(await([this] { return channel.end.has_value(); }));
}

// [MQTT-6.0.0-1]
TEST_F(RawWebSocket, ClosesOnATextFrame) {
  upgrade();
  byte_buffer frames;
  ws::append_frame(ws::opcode::text, connect_bytes, mask, frames);
  channel.own->send(frames);
  ASSERT_TRUE(await([this] { return channel.end.has_value(); }));
  EXPECT_THAT(channel.received, Not(StartsWith("\x82")));
  EXPECT_EQ(broker->statistics().clients_connected, 0U);
}

// [MQTT-6.0.0-2]
TEST_F(RawWebSocket, TakesAPacketInManyFrames) {
  upgrade();
  byte_buffer frames;
  for (const std::uint8_t byte : connect_bytes) {
    ws::append_frame(ws::opcode::binary, byte_view(&byte, 1), mask, frames);
  }
  channel.own->send(frames);
  EXPECT_TRUE(connack_comes());
}

TEST_F(RawWebSocket, TakesAMessageInFragments) {
  upgrade();
  byte_buffer frames;
  const byte_view all = connect_bytes;
  ws::append_fragment(ws::opcode::binary, {.first = true, .last = false}, all.first(3), mask,
                      frames);
  ws::append_frame(ws::opcode::ping, {}, mask, frames);  // may come between fragments
  ws::append_fragment(ws::opcode::binary, {.first = false, .last = true}, all.subspan(3), mask,
                      frames);
  channel.own->send(frames);
  ASSERT_TRUE(await([this] { return channel.received.size() >= 5; }));
  EXPECT_TRUE(channel.received.starts_with(std::string("\x8A\0", 2))) << "no pong";
  channel.received.erase(0, 2);
  EXPECT_TRUE(connack_comes());
}

TEST_F(RawWebSocket, TakesManyPacketsInOneFrame) {
  upgrade();
  byte_buffer packets = connect_bytes;
  for (int i = 0; i < 3; ++i) {
    const byte_buffer ping = bytes_of(mqtt::pingreq{});
    packets.insert(packets.end(), ping.begin(), ping.end());
  }
  byte_buffer frames;
  ws::append_frame(ws::opcode::binary, packets, mask, frames);
  channel.own->send(frames);
  const std::string pingresp("\xD0\0", 2);
  EXPECT_TRUE(await(
      [&] { return channel.received.find(pingresp + pingresp + pingresp) != std::string::npos; }));
}

}  // namespace
}  // namespace gauntlet::broker
