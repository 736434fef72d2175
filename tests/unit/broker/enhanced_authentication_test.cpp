// Goal: SCRAM-SHA-256 before and after CONNACK as MQTT 5.0 §4.12 lays it down, and nothing else.

#include <optional>

#include "harness/auth/scram.hpp"
#include "tests/unit/broker/bench.hpp"
#include "tests/unit/broker/scram_packets.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;
using mqtt::reason_code;
using namespace scram_packets;

class EnhancedAuthentication : public testing::Test {
 protected:
  bench broker{{.users = {make_user("ann", "secret"), make_user("bob", "other")}}};
  auth::scram_client ann{"ann", as_bytes("secret"), auth::draw_nonce()};

  // CONNECT with the client's first message.
  peer& begin(const auth::scram_client& client, mqtt::connect packet = {}) {
    peer& opened = broker.open(v5);
    packet.client_id = "c";
    packet.properties = with(client.first());
    opened.send(packet);
    return opened;
  }

  peer& connected() {
    peer& opened = begin(ann);
    answer(opened, ann);
    EXPECT_EQ(opened.expect<mqtt::connack>().reason_code, reason_code::success);
    return opened;
  }

  static void expect_refused_connect(peer& of, reason_code reason) {
    const auto answer = of.expect<mqtt::connack>();
    EXPECT_EQ(answer.reason_code, reason);
    EXPECT_FALSE(answer.session_present);
    of.expect_closed();
  }
};

TEST_F(EnhancedAuthentication, LetsInWhoKnowsThePassword) {
  peer& opened = begin(ann);
  answer(opened, ann);
  const auto accepted = opened.expect<mqtt::connack>();
  EXPECT_EQ(accepted.reason_code, reason_code::success);
  EXPECT_EQ(method_of(accepted), method);
  EXPECT_TRUE(ann.finish(data_of(accepted)).has_value()) << "the server must prove itself, too";
  opened.send(mqtt::pingreq{});
  opened.expect(mqtt::pingresp{});
}

TEST_F(EnhancedAuthentication, AsksForAFirstMessageThatIsMissing) {
  peer& opened = broker.open(v5);
  opened.send(mqtt::connect{.client_id = "c", .properties = with({})});
  const auto asked = opened.expect<mqtt::auth>();
  EXPECT_EQ(asked.reason_code, reason_code::continue_authentication);
  EXPECT_EQ(data_of(asked), "");
  send_auth(opened, reason_code::continue_authentication, with(ann.first()));
  answer(opened, ann);
  EXPECT_EQ(opened.expect<mqtt::connack>().reason_code, reason_code::success);
}

TEST_F(EnhancedAuthentication, KeepsTheRestOfConnect) {
  mqtt::connect packet;
  packet.will = mqtt::will{.topic_name = "will", .payload = {'w'}};
  peer& watcher = connected();
  watcher.subscribe("will", qos0);
  auth::scram_client bob("bob", as_bytes("other"), auth::draw_nonce());
  peer& opened = broker.open(v5);
  packet.client_id = "d";
  packet.properties = with(bob.first());
  opened.send(packet);
  answer(opened, bob);
  opened.expect<mqtt::connack>();
  opened.drop();
  watcher.expect_publish("w");
}

TEST_F(EnhancedAuthentication, RefusesAWrongPassword) {
  auth::scram_client wrong("ann", as_bytes("guess"), auth::draw_nonce());
  peer& opened = begin(wrong);
  answer(opened, wrong);
  expect_refused_connect(opened, reason_code::not_authorized);
}

TEST_F(EnhancedAuthentication, ChallengesUnknownUsersLikeKnownOnes) {
  auth::scram_client eve("eve", as_bytes("guess"), auth::draw_nonce());
  peer& opened = begin(eve);
  answer(opened, eve);
  expect_refused_connect(opened, reason_code::not_authorized);
}

TEST_F(EnhancedAuthentication, RefusesMalformedMessages) {
  for (const std::string_view wrong : {"n,,r=x", "p=tls-unique,,n=ann,r=x", "\x01"}) {
    peer& opened = broker.open(v5);
    opened.send(mqtt::connect{.client_id = "c", .properties = with(wrong)});
    expect_refused_connect(opened, reason_code::not_authorized);
  }
  for (const std::string_view wrong : {"", "c=biws,r=x,p=y"}) {
    peer& opened = begin(ann);
    opened.expect<mqtt::auth>();
    send_auth(opened, reason_code::continue_authentication, with(wrong));
    expect_refused_connect(opened, reason_code::not_authorized);
  }
}

TEST_F(EnhancedAuthentication, RefusesOtherMethods) {
  for (const std::string wrong : {"SCRAM-SHA-1", "scram-sha-256", "SCRAM-SHA-256-PLUS", ""}) {
    peer& opened = broker.open(v5);
    opened.send(mqtt::connect{.client_id = "c", .properties = with("x", wrong)});
    expect_refused_connect(opened, reason_code::bad_authentication_method);
  }
}

TEST_F(EnhancedAuthentication, KnowsNoMethodWithoutUsers) {
  bench open_to_all;
  peer& opened = open_to_all.open(v5);
  opened.send(mqtt::connect{.client_id = "c", .properties = with(ann.first())});
  expect_refused_connect(opened, reason_code::bad_authentication_method);
}

// [MQTT-4.12.0-3], [MQTT-4.12.0-5], [MQTT-3.15.2-1]
TEST_F(EnhancedAuthentication, RefusesAuthThatIsNotTheNextStep) {
  for (const auto reason : {reason_code::success, reason_code::re_authenticate}) {
    peer& opened = begin(ann);
    opened.expect<mqtt::auth>();
    send_auth(opened, reason, with("x"));
    expect_refused_connect(opened, reason_code::protocol_error);
  }
  peer& other = begin(ann);
  other.expect<mqtt::auth>();
  send_auth(other, reason_code::continue_authentication, with("x", "OTHER"));
  expect_refused_connect(other, reason_code::protocol_error);
}

TEST_F(EnhancedAuthentication, RefusesAuthWithoutMethod) {
  peer& opened = begin(ann);
  opened.expect<mqtt::auth>();
  const byte_buffer bytes = {0xF0, 0x02, 0x18, 0x00};  // AUTH, length 2, 0x18, no properties
  opened.send_raw(bytes);
  expect_refused_connect(opened, reason_code::protocol_error);
}

// [MQTT-3.1.2-30]
TEST_F(EnhancedAuthentication, RefusesOtherPacketsBeforeConnack) {
  const mqtt::packet others[] = {
      mqtt::pingreq{}, mqtt::publish{.topic_name = "t"},
      mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{"t", {}}}},
      mqtt::puback{.packet_identifier = 1}, mqtt::connect{.client_id = "c"}};
  for (const mqtt::packet& other : others) {
    peer& opened = begin(ann);
    opened.expect<mqtt::auth>();
    opened.send(other);
    expect_refused_connect(opened, reason_code::protocol_error);
  }
}

TEST_F(EnhancedAuthentication, EndsWithDisconnect) {
  peer& opened = begin(ann, {.will = mqtt::will{.topic_name = "will"}});
  opened.expect<mqtt::auth>();
  opened.send(mqtt::disconnect{});
  opened.expect_closed();
  EXPECT_EQ(broker.core.statistics().sessions, 0U);
}

TEST_F(EnhancedAuthentication, MustComeToItsEndInTime) {
  peer& opened = begin(ann);
  opened.expect<mqtt::auth>();
  broker.advance(std::chrono::milliseconds(9'999));
  EXPECT_FALSE(opened.closed());
  broker.advance(std::chrono::milliseconds(1));
  EXPECT_TRUE(opened.closed());
  EXPECT_EQ(broker.core.statistics().connections, 0U);
}

TEST_F(EnhancedAuthentication, TakesNothingOverBeforeItsEnd) {
  peer& existing = connected();
  auth::scram_client eve("eve", as_bytes("guess"), auth::draw_nonce());
  peer& opened = begin(eve);
  answer(opened, eve);
  EXPECT_FALSE(existing.closed());
}

// [MQTT-3.15.2-2], [MQTT-3.15.2-3]
TEST_F(EnhancedAuthentication, SendsNoAuthThatIsTooLarge) {
  mqtt::property_list properties = with(ann.first());
  properties.add(mqtt::maximum_packet_size(50));
  peer& opened = broker.open(v5);
  opened.send(mqtt::connect{.client_id = "c", .properties = properties});
  expect_refused_connect(opened, reason_code::packet_too_large);
}

TEST_F(EnhancedAuthentication, MayBeDoneAgain) {
  peer& opened = connected();
  auth::scram_client again("ann", as_bytes("secret"), auth::draw_nonce());
  send_auth(opened, reason_code::re_authenticate, with(again.first()));
  answer(opened, again);
  const auto done = opened.expect<mqtt::auth>();
  EXPECT_EQ(done.reason_code, reason_code::success);
  EXPECT_EQ(method_of(done), method);
  EXPECT_TRUE(again.finish(data_of(done)).has_value());
}

// PR5-4.12.1-a
TEST_F(EnhancedAuthentication, GoesOnBesideOtherPackets) {
  peer& opened = connected();
  auth::scram_client again("ann", as_bytes("secret"), auth::draw_nonce());
  send_auth(opened, reason_code::re_authenticate, with(again.first()));
  const auto challenge = opened.expect<mqtt::auth>();
  opened.subscribe("t", qos1);
  opened.publish("t", "meanwhile");
  opened.expect_publish("meanwhile");
  const auto proof = again.respond(data_of(challenge));
  ASSERT_TRUE(proof.has_value());
  send_auth(opened, reason_code::continue_authentication, with(*proof));
  EXPECT_EQ(opened.expect<mqtt::auth>().reason_code, reason_code::success);
}

// [MQTT-4.12.1-2]
TEST_F(EnhancedAuthentication, DisconnectsWhoFailsAgain) {
  peer& opened = connected();
  auth::scram_client wrong("ann", as_bytes("guess"), auth::draw_nonce());
  send_auth(opened, reason_code::re_authenticate, with(wrong.first()));
  answer(opened, wrong);
  opened.expect_refusal(reason_code::not_authorized);
}

TEST_F(EnhancedAuthentication, DoesNotChangeTheUser) {
  peer& opened = connected();
  auth::scram_client bob("bob", as_bytes("other"), auth::draw_nonce());
  send_auth(opened, reason_code::re_authenticate, with(bob.first()));
  opened.expect_refusal(reason_code::not_authorized);
}

// [MQTT-4.12.1-1]
TEST_F(EnhancedAuthentication, RefusesMisplacedAuthAfterConnack) {
  const std::pair<reason_code, std::string> wrong[] = {
      {reason_code::re_authenticate, "OTHER"},
      {reason_code::continue_authentication, method},
      {reason_code::success, method}};
  for (const auto& [reason, named] : wrong) {
    ann = {"ann", as_bytes("secret"), auth::draw_nonce()};
    peer& opened = connected();
    send_auth(opened, reason, with("x", named));
    opened.expect_refusal(reason_code::protocol_error);
  }
  ann = {"ann", as_bytes("secret"), auth::draw_nonce()};
  peer& opened = connected();
  send_auth(opened, reason_code::re_authenticate, with(ann.first()));
  opened.expect<mqtt::auth>();
  send_auth(opened, reason_code::re_authenticate, with(ann.first()));
  opened.expect_refusal(reason_code::protocol_error);
}

// [MQTT-4.12.0-6], [MQTT-4.12.0-7]
TEST_F(EnhancedAuthentication, IsNotForClientsThatNamedNoMethod) {
  const mqtt::connect plain{.user_name = "ann",
                            .password = byte_buffer{'s', 'e', 'c', 'r', 'e', 't'}};
  for (const auto reason : {reason_code::continue_authentication, reason_code::re_authenticate}) {
    peer& opened = broker.open(v5);
    const auto accepted = opened.connect(plain);
    EXPECT_FALSE(accepted.properties.contains(property_id::authentication_method));
    send_auth(opened, reason, with(ann.first()));
    opened.expect_refusal(reason_code::protocol_error);
  }
}

TEST(ConnectionsOfOneAddress, AreLimited) {
  bench broker({.limits = {.connections_per_address_max = 2}});
  peer& first = broker.connected("a", v5);
  broker.connected("b", v5);
  EXPECT_TRUE(broker.open(v5).closed());
  first.drop();
  peer& third = broker.connected("c", v5);
  EXPECT_TRUE(broker.open(v5).closed());
  third.send(mqtt::disconnect{});
  broker.connected("d", v5);
  EXPECT_TRUE(broker.open(v5).closed());
}

}  // namespace
}  // namespace gauntlet::broker
