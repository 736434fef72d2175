// Goal: who is let in, as whom, and what both sides agree on.

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;
using mqtt::reason_code;

class Connect : public both_versions {};
INSTANTIATE_TEST_SUITE_P(Versions, Connect, testing::Values(v3, v5), version_suffix);

TEST_P(Connect, IsAcceptedWithoutSession) {
  bench broker;
  const auto answer = broker.open(version()).connect({.client_id = "a"});
  EXPECT_EQ(answer.reason_code, reason_code::success);
  EXPECT_FALSE(answer.session_present);
}

TEST_P(Connect, MustComeFirst) {
  bench broker;
  peer& a = broker.open(version());
  a.send(mqtt::pingreq{});
  a.expect_closed();
}

TEST_P(Connect, MustComeOnce) {
  bench broker;
  peer& a = broker.connected("a", version());
  a.send(mqtt::connect{.protocol_version = version(), .client_id = "a"});
  a.expect_refusal(reason_code::protocol_error);
}

TEST_P(Connect, MustComeInTime) {
  bench broker;
  peer& a = broker.open(version());
  broker.advance(std::chrono::milliseconds(9'999));
  EXPECT_FALSE(a.closed());
  broker.advance(std::chrono::milliseconds(1));
  a.expect_closed();
}

TEST_P(Connect, MayBeFollowedAtOnce) {
  bench broker;
  peer& a = broker.open(version());
  byte_buffer bytes;
  for (const mqtt::packet& packet :
       {mqtt::packet(mqtt::connect{.protocol_version = version(), .client_id = "a"}),
        mqtt::packet(mqtt::pingreq{})}) {
    ASSERT_TRUE(mqtt::encode(packet, version(), bytes).has_value());
  }
  a.send_raw(bytes);
  a.expect<mqtt::connack>();
  a.expect(mqtt::pingresp{});
}

TEST_P(Connect, TakesOverFromTheExistingClient) {
  bench broker;
  peer& first = broker.connected("a", version());
  peer& second = broker.connected("a", version());
  first.expect_refusal(reason_code::session_taken_over);
  second.send(mqtt::pingreq{});
  second.expect(mqtt::pingresp{});
}

TEST_P(Connect, WithWrongPasswordIsRefused) {
  bench broker({.users = {make_user("ann", "secret")}});
  mqtt::connect packet{.client_id = "a", .user_name = "ann", .password = byte_buffer{'n', 'o'}};
  peer& a = broker.open(version());
  EXPECT_EQ(a.connect(packet).reason_code, reason_code::bad_user_name_or_password);
  a.expect_closed();

  packet.password = byte_buffer{'s', 'e', 'c', 'r', 'e', 't'};
  EXPECT_EQ(broker.open(version()).connect(packet).reason_code, reason_code::success);
}

TEST_P(Connect, WithoutUserNameIsRefusedIfThereAreUsers) {
  bench broker({.users = {make_user("ann", "secret")}});
  peer& a = broker.open(version());
  EXPECT_EQ(a.connect({.client_id = "a"}).reason_code, reason_code::not_authorized);
  a.expect_closed();
}

TEST_P(Connect, BeyondTheLimitOfConnectionsIsCutOff) {
  bench broker({.limits = {.connections_max = 1}});
  broker.connected("a", version());
  EXPECT_TRUE(broker.open(version()).closed());
}

TEST_P(Connect, OfUnknownVersionIsAnswered) {
  bench broker;
  peer& a = broker.open(v3);
  const byte_buffer bytes = {0x10, 0x0D,      0,    4,  'M', 'Q', 'T', 'T',
                             9,    /**/ 0x02, 0x00, 60, 0,   1,   'a'};
  a.send_raw(bytes);
  a.expect(mqtt::connack{.reason_code = reason_code::unsupported_protocol_version});
  a.expect_closed();
}

TEST(ConnectV3, WithoutIdentifierNeedsCleanSession) {
  bench broker;
  peer& a = broker.open(v3);
  EXPECT_EQ(a.connect({.clean_start = false}).reason_code,
            reason_code::client_identifier_not_valid);
  a.expect_closed();
  EXPECT_EQ(broker.open(v3).connect({}).reason_code, reason_code::success);
}

TEST(ConnectV5, WithoutIdentifierGetsOne) {
  bench broker;
  const auto first = broker.open(v5).connect({});
  const auto second = broker.open(v5).connect({});
  const auto id_of = [](const mqtt::connack& answer) {
    return std::string(
        answer.properties.find<property_id::assigned_client_identifier>().value_or(""));
  };
  EXPECT_NE(id_of(first), "");
  EXPECT_NE(id_of(first), id_of(second));
  // The identifier is the client's own from now on.
  peer& again = broker.connected(id_of(first), v5);
  EXPECT_FALSE(again.closed());
}

TEST(ConnectV5, IsToldTheLimits) {
  bench broker({.capabilities = {.receive_maximum = 7,
                                 .maximum_packet_size = 1'000,
                                 .topic_alias_maximum = 3,
                                 .maximum_qos = 1,
                                 .retain_available = false,
                                 .session_expiry_interval_max_s = 60,
                                 .keep_alive_max_s = 30}});
  const auto answer = broker.open(v5).connect(
      {.client_id = "a", .keep_alive_s = 100, .properties = {mqtt::session_expiry_interval(61)}});
  const auto& told = answer.properties;
  EXPECT_EQ(told.find<property_id::receive_maximum>(), 7);
  EXPECT_EQ(told.find<property_id::maximum_packet_size>(), 1'000U);
  EXPECT_EQ(told.find<property_id::topic_alias_maximum>(), 3);
  EXPECT_EQ(told.find<property_id::maximum_qos>(), 1);
  EXPECT_EQ(told.find<property_id::retain_available>(), 0);
  EXPECT_EQ(told.find<property_id::session_expiry_interval>(), 60U);
  EXPECT_EQ(told.find<property_id::server_keep_alive>(), 30);
}

TEST(ConnectV5, WithAuthenticationMethodIsRefused) {
  bench broker;
  peer& a = broker.open(v5);
  const auto answer =
      a.connect({.client_id = "a", .properties = {mqtt::authentication_method("x")}});
  EXPECT_EQ(answer.reason_code, reason_code::bad_authentication_method);
  a.expect_closed();
}

TEST(ConnectV5, WithWillBeyondCapabilitiesIsRefused) {
  bench broker({.capabilities = {.maximum_qos = 0, .retain_available = false}});
  const auto refusal = [&](mqtt::will will) {
    return broker.open(v5).connect({.client_id = "a", .will = std::move(will)}).reason_code;
  };
  EXPECT_EQ(refusal({.topic_name = "w", .qos = qos1}), reason_code::qos_not_supported);
  EXPECT_EQ(refusal({.topic_name = "w", .retain = true}), reason_code::retain_not_supported);
}

TEST(ConnectV5, GetsResponseInformationOnRequest) {
  bench broker({.capabilities = {.response_information_prefix = "answers"}});
  const auto told = [&](std::string client_id, mqtt::property_list properties) {
    const auto answer = broker.open(v5).connect(
        {.client_id = std::move(client_id), .properties = std::move(properties)});
    return std::string(
        answer.properties.find<property_id::response_information>().value_or("none"));
  };
  EXPECT_EQ(told("a", {mqtt::request_response_information(1)}), "answers/a");
  EXPECT_EQ(told("a", {mqtt::request_response_information(0)}), "none");
  EXPECT_EQ(told("a", {}), "none");
  EXPECT_EQ(told("a+", {mqtt::request_response_information(1)}), "none");  // no Topic Name
}

TEST(ConnectV5, WithWillThatIsNotTheTextItSaysIsRefused) {
  bench broker;
  mqtt::connect packet{.client_id = "a",
                       .will = mqtt::will{.topic_name = "w",
                                          .payload = {0xC3, 0x28},
                                          .properties = {mqtt::payload_format_indicator(1)}}};
  EXPECT_EQ(broker.open(v5).connect(packet).reason_code, reason_code::payload_format_invalid);
  packet.will->properties = {mqtt::payload_format_indicator(0)};
  EXPECT_EQ(broker.open(v5).connect(packet).reason_code, reason_code::success);
}

TEST(ConnectV5, KeepsServerKeepAlive) {
  bench broker({.capabilities = {.keep_alive_max_s = 30}});
  peer& a = broker.open(v5);
  EXPECT_EQ(a.connect({.client_id = "a", .keep_alive_s = 0})
                .properties.find<property_id::server_keep_alive>(),
            30);
  broker.advance(std::chrono::milliseconds(44'999));
  EXPECT_FALSE(a.closed());
  broker.advance(std::chrono::milliseconds(1));
  a.expect_refusal(reason_code::keep_alive_timeout);

  // The client's own value if it is low enough, and always with 3.1.1, which cannot be told.
  EXPECT_FALSE(broker.open(v5)
                   .connect({.client_id = "b", .keep_alive_s = 30})
                   .properties.contains(property_id::server_keep_alive));
  peer& c = broker.connected("c", v3, {.keep_alive_s = 60});
  broker.advance(std::chrono::seconds(89));
  EXPECT_FALSE(c.closed());
}

TEST_P(Connect, TooManyASecondAreRefused) {
  bench broker({.limits = {.connects_per_second_max = 2}});
  broker.connected("a", version());
  broker.connected("b", version());
  peer& c = broker.open(version());
  EXPECT_EQ(c.connect({.client_id = "c"}).reason_code,
            is_v5() ? reason_code::connection_rate_exceeded : reason_code::server_unavailable);
  c.expect_closed();
  broker.advance(std::chrono::seconds(1));
  broker.connected("c", version());
}

TEST_P(Connect, LastsNoLongerThanItMay) {
  bench broker({.limits = {.connect_time_max = std::chrono::seconds(20)}});
  peer& a = broker.connected("a", version());
  peer& gone = broker.connected("gone", version());
  gone.send(mqtt::disconnect{});
  broker.advance(std::chrono::seconds(19));
  EXPECT_FALSE(a.closed());
  broker.advance(std::chrono::seconds(1));
  a.expect_refusal(reason_code::maximum_connect_time);
}

TEST(Connect, OfAnUnreadableStreamIsCutOffWithoutAnswer) {
  bench broker;
  peer& a = broker.open(v5);
  a.send_raw(byte_buffer{0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x01});
  a.expect_closed();
}

// What came after a CONNECT that was refused is not looked at [MQTT-3.1.4-6, 3.1.1: MQTT-3.1.4-5].
TEST_P(Connect, ThatIsRefusedTakesTheRestWithIt) {
  bench broker({.limits = {.sessions_max = 1}});
  peer& watcher = broker.connected("watcher", version());
  watcher.subscribe("#", qos0);
  byte_buffer bytes;
  for (const mqtt::packet& packet :
       {mqtt::packet(mqtt::connect{.protocol_version = version(), .client_id = "a"}),
        mqtt::packet(mqtt::publish{.topic_name = "t"}), mqtt::packet(mqtt::pingreq{})}) {
    ASSERT_TRUE(mqtt::encode(packet, version(), bytes).has_value());
  }
  peer& a = broker.open(version());
  a.send_raw(bytes);
  EXPECT_FALSE(a.expect<mqtt::connack>().session_present);
  a.expect_closed();
  watcher.expect_nothing();
}

TEST_P(Connect, TakesAnyClientIdentifier) {
  bench broker;
  std::string letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (std::size_t i = 0; i < letters.size(); ++i)
    broker.connected(letters.substr(i, 1), version());
  for (std::size_t i = 0; i + 23 <= letters.size(); ++i) {
    broker.connected(letters.substr(i, 23), version());
  }
  broker.connected(std::string(65'535, 'x'), version());
  broker.connected("a/b c#+$\xEF\xBB\xBF\xE2\x82\xAC", version());
}

TEST(ConnectV5, MayHaveAPasswordWithoutUserName) {
  bench broker;
  EXPECT_EQ(
      broker.open(v5).connect({.client_id = "a", .password = byte_buffer{'p', 0}}).reason_code,
      reason_code::success);
}

// An identifier that differs in one letter's case is another client's [MQTT-3.1.3-2].
TEST_P(Connect, OfAnotherIdentifierIsAnotherClient) {
  bench broker;
  peer& a = broker.connected("a", version());
  broker.connected("A", version());
  EXPECT_FALSE(a.closed());
}

TEST_P(Connect, WithAWillOnTheBrokersOwnTopicsIsRefused) {
  bench broker;
  peer& a = broker.open(version());
  EXPECT_EQ(a.connect({.client_id = "a", .will = mqtt::will{.topic_name = "$SYS/x"}}).reason_code,
            is_v5() ? reason_code::topic_name_invalid : reason_code::not_authorized);
  a.expect_closed();
}

}  // namespace
}  // namespace gauntlet::broker
