// Encoding refuses what has no representation, says why, and leaves the buffer as it was; what is
// merely illegal it writes.

#include <gtest/gtest.h>

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/publish_view.hpp"
#include "tests/unit/mqtt/golden_packets.hpp"

namespace gauntlet::mqtt {
namespace {

constexpr auto v3 = protocol_version::v3_1_1;
constexpr auto v5 = protocol_version::v5;

struct refusal {
  std::string name;
  mqtt::packet packet;
  protocol_version version;
  std::string_view subject;
  std::string_view section;
};

std::string too_long() { return std::string(field_size_max + 1, 'a'); }
byte_buffer too_many() { return byte_buffer(field_size_max + 1); }

std::vector<refusal> refusals() {
  return {
      {"client id", connect{.client_id = too_long()}, v5, "Client Identifier", "1.5.4"},
      {"client id, 3.1.1", connect{.protocol_version = v3, .client_id = too_long()}, v3,
       "Client Identifier", "1.5.3"},
      {"user name", connect{.user_name = too_long()}, v5, "User Name", "1.5.4"},
      {"password", connect{.password = too_many()}, v5, "Password", "1.5.4"},
      {"will topic", connect{.will = will{.topic_name = too_long()}}, v5, "Will Topic", "1.5.4"},
      {"will payload", connect{.will = will{.topic_name = "t", .payload = too_many()}}, v5,
       "Will Payload", "1.5.4"},
      {"will qos", connect{.will = will{.topic_name = "t", .qos = static_cast<qos>(4)}}, v5,
       "Will QoS", "1.5.1"},
      {"properties in 3.1.1", connect{.protocol_version = v3, .properties = {receive_maximum(1)}},
       v5, "properties", "2"},
      {"return code", connack{.reason_code = reason_code::server_busy}, v3, "Connect Return code",
       "3.2.2.3"},
      {"topic", publish{.topic_name = too_long()}, v5, "Topic Name", "1.5.4"},
      {"qos", publish{.qos = static_cast<qos>(4), .topic_name = "t"}, v5, "QoS", "1.5.1"},
      {"publish properties in 3.1.1", publish{.topic_name = "t", .properties = {topic_alias(1)}},
       v3, "properties", "2"},
      {"code of PUBACK in 3.1.1", puback{1, reason_code::not_authorized, {}}, v3, "Reason Code",
       "2"},
      {"properties of PUBREC in 3.1.1", pubrec{1, {}, {reason_string("")}}, v3, "properties", "2"},
      {"filter", subscribe{1, {{too_long(), {}}}, {}}, v5, "Topic Filter", "1.5.4"},
      {"no local in 3.1.1", subscribe{1, {{"t", {.no_local = true}}}, {}}, v3, "No Local", "2"},
      {"retain as published in 3.1.1", subscribe{1, {{"t", {.retain_as_published = true}}}, {}}, v3,
       "Retain As Published", "2"},
      {"retain handling in 3.1.1",
       subscribe{1, {{"t", {.retain_handling = retain_handling::send_if_new}}}, {}}, v3,
       "Retain Handling", "2"},
      {"retain handling",
       subscribe{1, {{"t", {.retain_handling = static_cast<retain_handling>(4)}}}, {}}, v5,
       "Retain Handling", "1.5.1"},
      {"filter to leave", unsubscribe{1, {too_long()}, {}}, v5, "Topic Filter", "1.5.4"},
      {"codes of UNSUBACK in 3.1.1", unsuback{1, {reason_code::success}, {}}, v3, "Reason Code",
       "2"},
      {"code of DISCONNECT in 3.1.1", disconnect{reason_code::server_busy, {}}, v3, "Reason Code",
       "2"},
      {"AUTH in 3.1.1", auth{}, v3, "AUTH", "2"},
      {"string property", connack{.properties = {reason_string(too_long())}}, v5, "Reason String",
       "1.5.4"},
      {"user property", connack{.properties = {user_property("k", too_long())}}, v5,
       "User Property", "1.5.4"},
      {"binary property", connack{.properties = {authentication_data(too_many())}}, v5,
       "Authentication Data", "1.5.4"},
      {"variable byte integer", subscribe{1, {}, {subscription_identifier(268435456)}}, v5,
       "Subscription Identifier", "1.5.5"},
      {"property of another type",
       connack{.properties = {property{property_id::receive_maximum, std::uint8_t{1}}}}, v5,
       "Receive Maximum", "2.2.2.2"},
      {"property without a row",
       connack{.properties = {property{static_cast<property_id>(0x7f), std::uint8_t{1}}}}, v5,
       "property identifier", "2.2.2.2"},
  };
}

TEST(EncodeError, RefusesWhatHasNoRepresentation) {
  for (const refusal& expected : refusals()) {
    SCOPED_TRACE(expected.name);
    byte_buffer out = {1, 2, 3};
    const auto encoded = encode(expected.packet, expected.version, out);
    ASSERT_FALSE(encoded.has_value());
    EXPECT_EQ(encoded.error().subject, expected.subject) << describe(encoded.error());
    EXPECT_EQ(encoded.error().section, expected.section) << describe(encoded.error());
    EXPECT_EQ(out, (byte_buffer{1, 2, 3}));
  }
}

TEST(EncodeError, RefusesAPacketAboveTheLargestRemainingLength) {
  // The payload is only measured, never read.
  const std::uint8_t first{};
  const std::size_t fits = remaining_length_max - 4;  // beside 3 bytes of topic, 1 of properties
  publish_view view{.topic_name = "t", .payload = byte_view(&first, fits + 1)};
  byte_buffer out;
  const auto encoded = encode_publish(view, v5, out);
  ASSERT_FALSE(encoded.has_value());
  EXPECT_EQ(describe(encoded.error()),
            "PUBLISH: must not be longer than 268435455 bytes (MQTT 5.0 §2.1.4)");
  EXPECT_TRUE(out.empty());
  view.payload = byte_view(&first, fits);
  EXPECT_EQ(encoded_size(view, v5), packet_size_limit);
}

TEST(EncodeError, WritesWhatIsMerelyIllegal) {
  struct {
    mqtt::packet packet;
    byte_buffer bytes;
  } const cases[] = {
      {publish{.dup = true, .topic_name = "#"}, wire("38 04 00 01 '#' 00")},
      {publish{.qos = static_cast<qos>(3), .topic_name = "t"}, wire("36 06 00 01 't' 00 00 00")},
      {puback{0, reason_code::session_taken_over, {}}, wire("40 03 00 00 8e")},
      {subscribe{0, {}, {}}, wire("82 03 00 00 00")},
      {disconnect{static_cast<reason_code>(0x55), {}}, wire("e0 01 55")},
      {pubrel{1, {}, {topic_alias(0), topic_alias(0)}},
       wire("62 0a 00 01 00 06 23 00 00 23 00 00")},
      {connect{.will = will{.qos = static_cast<qos>(3)}},
       wire("10 12 00 04 'MQTT' 05 1e 00 00 00 00 00 00 00 00 00 00")},
  };
  for (const auto& one : cases) {
    byte_buffer out;
    const auto encoded = encode(one.packet, v5, out);
    ASSERT_TRUE(encoded.has_value()) << describe(encoded.error());
    EXPECT_EQ(to_hex(out), to_hex(one.bytes));
  }
}

}  // namespace
}  // namespace gauntlet::mqtt
