// Goal: the observer convicts by each invariant that no defect of the reference broker breaks, and
// does not convict what the standard permits, or what the tester brought about itself.

#include "conformance/invariants/packet_watch.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/assert.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/raw_packet.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::protocol_version;
using mqtt::qos;
using mqtt::raw_fields;
using mqtt::raw_packet;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;

constexpr auto v5_0 = protocol_version::v5;
constexpr auto v3_1_1 = protocol_version::v3_1_1;

byte_buffer payload_of(std::string_view text) {
  const byte_view bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

// One connection that the observer watches; we play both ends.
class watched {
 public:
  watched(packet_watch& by, protocol_version version, std::string name = "client")
      : version_(version), name_(name), observer_(by.watch(std::move(name), version)) {}

  void sends(const byte_buffer& bytes) { observer_.on_sent(bytes); }
  void sends(const mqtt::packet& packet) { sends(encoded(packet)); }
  void gets(const byte_buffer& bytes) {
    auto packet = mqtt::decode(bytes, version_, mqtt::sender::server);
    if (packet.has_value()) {
      observer_.on_arrival(script::arrived_packet{std::move(*packet), bytes, {}});
    } else {
      observer_.on_arrival(script::arrived_malformed{packet.error(), bytes, {}});
    }
  }
  void gets(const mqtt::packet& packet) { gets(encoded(packet)); }

  void connects(mqtt::connect packet = {}, mqtt::connack answer = {}) {
    packet.protocol_version = version_;
    if (packet.client_id.empty()) packet.client_id = name_;
    sends(packet);
    gets(answer);
  }
  void subscribes(std::string filter, qos level) {
    sends(mqtt::subscribe{.packet_identifier = 1,
                          .subscriptions = {{std::move(filter), {.maximum_qos = level}}}});
    gets(mqtt::suback{.packet_identifier = 1,
                      .reason_codes = {static_cast<mqtt::reason_code>(level)}});
  }

 private:
  byte_buffer encoded(const mqtt::packet& packet) const {
    byte_buffer bytes;
    GAUNTLET_ASSERT(mqtt::encode(packet, version_, bytes).has_value());
    return bytes;
  }

  const protocol_version version_;
  const std::string name_;
  script::wire_observer& observer_;
};

mqtt::publish message(std::string_view payload, qos level = qos::at_most_once,
                      std::uint16_t identifier = 0) {
  return {.qos = level,
          .topic_name = "t",
          .packet_identifier = identifier,
          .payload = payload_of(payload)};
}

std::set<std::string> broken(const packet_watch& by) {
  std::set<std::string> ids;
  for (const invariant_breach& each : by.breaches()) ids.insert(each.invariant.id);
  return ids;
}

// A connection on which one packet comes.
std::set<std::string> broken_by(const byte_buffer& bytes, protocol_version version,
                                mqtt::connect packet = {}) {
  packet_watch watch;
  watched client(watch, version);
  client.connects(std::move(packet));
  client.gets(bytes);
  return broken(watch);
}

byte_buffer publish_with(const raw_fields& properties) {
  return raw_packet{.first_byte = 0x30,
                    .body = raw_fields().utf8_string("t").properties(properties)}
      .bytes();
}

const mqtt::connect with_method{.properties = {mqtt::authentication_method("M")}};

byte_buffer auth_with(const raw_fields& properties, std::uint8_t code = 0x18) {
  return raw_packet{.first_byte = 0xF0, .body = raw_fields().byte(code).properties(properties)}
      .bytes();
}

TEST(PacketWatch, ConvictsFlagsOfAuth) {
  EXPECT_THAT(broken_by({0xF1, 0x00}, v5_0, with_method), Contains("invariant/flags-of-auth"));
}

TEST(PacketWatch, ConvictsLengthsThatDoNotEnd) {
  EXPECT_THAT(broken_by({0xD0, 0x80, 0x80, 0x80, 0x80}, v5_0),
              Contains("invariant/remaining-length-ends"));
  EXPECT_THAT(broken_by({0xD0, 0x80, 0x80, 0x80, 0x80}, v3_1_1),
              Contains("invariant/remaining-length-ends"));
}

TEST(PacketWatch, ConvictsLongAcknowledgementsIn311) {
  EXPECT_THAT(broken_by({0x50, 0x03, 0, 1, 0}, v3_1_1),
              Contains("invariant/size-of-pubrec-in-3.1.1"));
  EXPECT_THAT(broken_by({0x62, 0x03, 0, 1, 0}, v3_1_1),
              Contains("invariant/size-of-pubrel-in-3.1.1"));
  EXPECT_THAT(broken_by({0x70, 0x03, 0, 1, 0}, v3_1_1),
              Contains("invariant/size-of-pubcomp-in-3.1.1"));
}

TEST(PacketWatch, ConvictsNullInUserProperties) {
  const auto properties = raw_fields().byte(0x26).utf8_string("a").utf8_string({"\0", 1});
  EXPECT_THAT(broken_by(publish_with(properties), v5_0),
              Contains("invariant/user-property-without-null"));
}

TEST(PacketWatch, ConvictsPropertiesOfPublish) {
  const auto wildcard = raw_fields().property(mqtt::response_topic("a/#"));
  EXPECT_THAT(broken_by(publish_with(wildcard), v5_0),
              Contains("invariant/response-topic-without-wildcards"));
  const auto format = raw_fields().property(mqtt::payload_format_indicator(2));
  EXPECT_THAT(broken_by(publish_with(format), v5_0),
              Contains("invariant/payload-format-indicator-value"));
  const auto twice =
      raw_fields().property(mqtt::content_type("a")).property(mqtt::content_type("a"));
  EXPECT_THAT(broken_by(publish_with(twice), v5_0), Contains("invariant/publish-properties-once"));
}

TEST(PacketWatch, LeavesTwoPropertiesAloneThatTheStandardForgets) {
  const auto twice = raw_fields()
                         .property(mqtt::payload_format_indicator(0))
                         .property(mqtt::payload_format_indicator(0));
  EXPECT_THAT(broken_by(publish_with(twice), v5_0), IsEmpty());
}

TEST(PacketWatch, ConvictsWhatAuthHolds) {
  const auto method = raw_fields().property(mqtt::authentication_method("M"));
  EXPECT_THAT(
      broken_by(auth_with(raw_fields(method).property(mqtt::content_type("a"))), v5_0, with_method),
      Contains("invariant/properties-of-auth"));
  EXPECT_THAT(broken_by(auth_with(method, 0x19), v5_0, with_method),
              Contains("invariant/codes-of-auth"));
  EXPECT_THAT(broken_by(auth_with({}), v5_0, with_method), Contains("invariant/auth-with-method"));
  EXPECT_THAT(broken_by(auth_with(method), v5_0, with_method),
              Contains("invariant/auth-within-exchange"));
}

TEST(PacketWatch, ConvictsUnknownAliases) {
  const mqtt::connect some{.properties = {mqtt::topic_alias_maximum(5)}};
  const auto alias = raw_fields().property(mqtt::topic_alias(3));
  const byte_buffer bytes =
      raw_packet{.first_byte = 0x30, .body = raw_fields().utf8_string("").properties(alias)}
          .bytes();
  EXPECT_THAT(broken_by(bytes, v5_0, some), Contains("invariant/topic-alias-known"));
}

// Two QoS 2 messages, up to PUBREC.
void takes_two(watched& client) {
  client.subscribes("t", qos::exactly_once);
  client.gets(message("a", qos::exactly_once, 7));
  client.gets(message("b", qos::exactly_once, 8));
  client.sends(mqtt::pubrec{.packet_identifier = 7});
  client.sends(mqtt::pubrec{.packet_identifier = 8});
}

TEST(PacketWatch, ConvictsPubrelThatIsRepeated) {
  packet_watch watch;
  watched client(watch, v5_0);
  client.connects();
  takes_two(client);
  client.gets(mqtt::pubrel{.packet_identifier = 7});
  EXPECT_THAT(broken(watch), IsEmpty());
  client.gets(mqtt::pubrel{.packet_identifier = 7});
  EXPECT_THAT(broken(watch), Contains("invariant/pubrel-not-repeated"));
}

TEST(PacketWatch, ConvictsPubrelOutOfOrderIn311) {
  packet_watch watch;
  watched client(watch, v3_1_1);
  client.connects();
  takes_two(client);
  client.gets(mqtt::pubrel{.packet_identifier = 8});
  EXPECT_THAT(broken(watch), Contains("invariant/pubrel-order"));
}

// --- what must not be convicted

TEST(PacketWatch, Permits311LengthsThatAreNotMinimal) {
  EXPECT_THAT(broken_by({0xD0, 0x80, 0x00}, v3_1_1),
              Not(Contains("invariant/remaining-length-minimal")));
  EXPECT_THAT(broken_by({0xD0, 0x80, 0x00}, v5_0), Contains("invariant/remaining-length-minimal"));
}

TEST(PacketWatch, Permits311ServersToSendAgain) {
  packet_watch watch;
  watched client(watch, v3_1_1);
  client.connects();
  client.subscribes("t", qos::at_least_once);
  mqtt::publish packet = message("a", qos::at_least_once, 7);
  client.gets(packet);
  packet.dup = true;
  client.gets(packet);
  EXPECT_THAT(broken(watch), IsEmpty());
}

TEST(PacketWatch, PermitsMessagesAfterUnsubscribe) {
  packet_watch watch;
  watched client(watch, v5_0);
  client.connects();
  client.subscribes("t", qos::at_least_once);
  client.sends(mqtt::unsubscribe{.packet_identifier = 2, .topic_filters = {"t"}});
  client.gets(mqtt::unsuback{.packet_identifier = 2, .reason_codes = {mqtt::reason_code::success}});
  client.gets(message("late", qos::at_least_once, 9));
  EXPECT_THAT(broken(watch), IsEmpty());
}

TEST(PacketWatch, PermitsACopyForEachOfTwoSubscriptions) {
  packet_watch watch;
  watched client(watch, v5_0);
  client.connects();
  client.subscribes("t", qos::at_most_once);
  client.subscribes("+", qos::at_most_once);
  client.sends(message("mine"));
  client.gets(message("mine"));
  client.gets(message("mine"));
  EXPECT_THAT(broken(watch), IsEmpty());
}

TEST(PacketWatch, PermitsDupOfAMessageThatWasLostWithItsConnection) {
  packet_watch watch;
  watched first(watch, v5_0);
  first.connects();
  first.subscribes("t", qos::at_least_once);
  watched again(watch, v5_0);
  again.connects({.clean_start = false}, {.session_present = true});
  mqtt::publish packet = message("lost", qos::at_least_once, 7);
  packet.dup = true;
  again.gets(packet);
  EXPECT_THAT(broken(watch), IsEmpty());
}

TEST(PacketWatch, PermitsPubrecAgainInAResumedSession) {
  packet_watch watch;
  watched first(watch, v5_0);
  first.connects();
  first.sends(message("exact", qos::exactly_once, 9));
  first.gets(mqtt::pubrec{.packet_identifier = 9});
  watched again(watch, v5_0);
  again.connects({.clean_start = false}, {.session_present = true});
  again.gets(mqtt::pubrec{.packet_identifier = 9});
  EXPECT_THAT(broken(watch), IsEmpty());
}

TEST(PacketWatch, SaysNothingOfSessionsThatItDoesNotKnow) {
  packet_watch watch;
  watched client(watch, v5_0);
  client.connects({.clean_start = false}, {.session_present = true});
  client.gets(message("from before", qos::exactly_once, 7));
  client.gets(mqtt::pubrel{.packet_identifier = 3});
  EXPECT_THAT(broken(watch), IsEmpty());
}

TEST(PacketWatch, FallsSilentWhenTheTesterErrs) {
  packet_watch watch;
  watched client(watch, v5_0);
  client.connects();
  client.sends(mqtt::puback{.packet_identifier = 99});  // of no message
  client.gets(mqtt::puback{.packet_identifier = 5});
  client.gets(mqtt::pingresp{});
  EXPECT_THAT(broken(watch), IsEmpty());
}

TEST(PacketWatch, GoesOnToJudgeFormWhenTheTesterErrs) {
  packet_watch watch;
  watched client(watch, v5_0);
  client.connects();
  client.sends(byte_buffer{0x00, 0x00});
  client.gets(byte_buffer{0xE1, 0x01, 0x81});
  EXPECT_THAT(broken(watch), Contains("invariant/flags-of-disconnect"));
}

TEST(PacketWatch, DoesNotBlameABrokerForWhatTheTesterPublished) {
  packet_watch watch;
  watched writer(watch, v5_0, "writer");
  writer.connects();
  writer.sends(message("x"));
  // The same once more, with an identifier that only a server may send.
  writer.sends(publish_with(raw_fields().property(mqtt::subscription_identifier(1))));
  watched reader(watch, v5_0, "reader");
  reader.connects();
  reader.subscribes("t", qos::at_most_once);
  reader.gets(message("x"));
  reader.gets(message("x"));
  reader.gets(publish_with(raw_fields().property(mqtt::payload_format_indicator(2))));
  EXPECT_THAT(broken(watch), IsEmpty());
}

TEST(PacketWatch, CountsWhatItChecked) {
  packet_watch watch;
  watched client(watch, v5_0);
  client.connects();
  client.sends(mqtt::pingreq{});
  client.gets(mqtt::pingresp{});
  EXPECT_EQ(watch.checked().at({v5_0, "invariant/flags-of-pingresp"}), 1U);
  EXPECT_EQ(watch.checked().count({v5_0, "invariant/flags-of-puback"}), 0U);
}

TEST(PacketWatch, KeepsThePacketOfABreach) {
  packet_watch watch;
  watched client(watch, v3_1_1, "device");
  client.connects();
  client.gets(byte_buffer{0xD1, 0x00});
  ASSERT_EQ(watch.breaches().size(), 1U);
  EXPECT_EQ(watch.breaches()[0].invariant.id, "invariant/flags-of-pingresp");
  EXPECT_EQ(watch.breaches()[0].client, "device");
  EXPECT_EQ(to_hex(watch.breaches()[0].packet), "d1 00");
}

}  // namespace
}  // namespace gauntlet::conformance
