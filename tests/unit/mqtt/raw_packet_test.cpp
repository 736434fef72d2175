// The raw builder writes exactly the bytes it is told to, legal or not.

#include "harness/mqtt/raw_packet.hpp"

#include <gtest/gtest.h>

#include "harness/mqtt/codec.hpp"
#include "tests/unit/mqtt/golden_packets.hpp"

namespace gauntlet::mqtt {
namespace {

TEST(RawPacket, WritesFieldsInTheOrderGiven) {
  const raw_packet raw{.first_byte = first_byte_of(packet_type::publish, 0x02),
                       .body = raw_fields()
                                   .utf8_string("a/b")
                                   .two_byte_integer(7)
                                   .properties({topic_alias(1)})
                                   .append("hi")};
  EXPECT_EQ(raw.bytes(), wire("32 0d 00 03 'a/b' 00 07 03 23 00 01 'hi'"));
}

TEST(RawPacket, WritesEachDataType) {
  const raw_fields fields = raw_fields()
                                .byte(1)
                                .two_byte_integer(0x0203)
                                .four_byte_integer(0x04050607)
                                .variable_byte_integer(321)
                                .binary_data(wire("ff"))
                                .property(user_property("k", "v"));
  EXPECT_EQ(fields.bytes(), wire("01 02 03 04 05 06 07 c1 02 00 01 ff 26 00 01 'k' 00 01 'v'"));
}

TEST(RawPacket, ForgesTheRemainingLength) {
  const raw_packet too_long{.first_byte = 0xC0, .remaining_length = 5};
  EXPECT_EQ(too_long.bytes(), wire("c0 05"));
  const raw_packet no_number{.first_byte = 0xC0, .remaining_length_bytes = wire("80 80 80 80 01")};
  EXPECT_EQ(no_number.bytes(), wire("c0 80 80 80 80 01"));
  const raw_packet no_length{.first_byte = 0xC0, .remaining_length_bytes = byte_buffer{}};
  EXPECT_EQ(no_length.bytes(), wire("c0"));
}

TEST(RawPacket, WritesIntegersInFormsThatAreNotTheShortest) {
  EXPECT_EQ(raw_fields().variable_byte_integer(0, 2).bytes(), wire("80 00"));
  EXPECT_EQ(raw_fields().variable_byte_integer(5, 4).bytes(), wire("85 80 80 00"));
  EXPECT_EQ(raw_fields().variable_byte_integer(0xFFFFFFFF).bytes(), wire("ff ff ff ff 0f"));
}

TEST(RawPacket, ForgesStringAndPropertyLengths) {
  EXPECT_EQ(raw_fields().utf8_string("abc", 9).bytes(), wire("00 09 'abc'"));
  EXPECT_EQ(raw_fields().properties({receive_maximum(1)}, 0).bytes(), wire("00 21 00 01"));
  EXPECT_EQ(raw_fields().properties(raw_fields().property_identifier(128).byte(1)).bytes(),
            wire("03 80 01 01"));
}

TEST(RawPacket, PutsAnyPropertyIntoAnyPacket) {
  const raw_packet raw{.first_byte = first_byte_of(packet_type::connack),
                       .body = raw_fields().byte(0).byte(0).properties({topic_alias(1)})};
  const auto decoded = decode(raw.bytes(), protocol_version::v5, sender::server);
  ASSERT_FALSE(decoded.has_value());
  EXPECT_EQ(decoded.error().section, "2.2.2.2");
}

TEST(RawPacket, StartsFromALegalPacketAndSpoilsIt) {
  const subscribe legal{.packet_identifier = 1, .subscriptions = {{"a", {}}}};
  raw_packet raw = raw_packet::of(legal, protocol_version::v5);
  EXPECT_EQ(raw.bytes(), wire("82 07 00 01 00 00 01 'a' 00"));
  raw.first_byte = 0x80;
  raw.body.set(1, 0).erase(2, 1).insert(0, wire("ee ee")).truncate(7);
  EXPECT_EQ(raw.bytes(), wire("80 07 ee ee 00 00 00 01 'a'"));
}

TEST(RawPacket, OfKeepsEveryGoldenPacket) {
  for (const golden_packet& golden : golden_packets()) {
    if (!golden.canonical) continue;
    EXPECT_EQ(raw_packet::of(golden.packet, golden.version).bytes(), golden.bytes) << golden.name;
  }
}

}  // namespace
}  // namespace gauntlet::mqtt
