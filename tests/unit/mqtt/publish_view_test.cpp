// The borrowed PUBLISH agrees with the owned one, points into the packet, and allocates nothing.

#include "harness/mqtt/publish_view.hpp"

#include <gtest/gtest.h>

#include "tests/unit/mqtt/allocation_count.hpp"
#include "tests/unit/mqtt/golden_packets.hpp"

namespace gauntlet::mqtt {
namespace {

constexpr auto v3 = protocol_version::v3_1_1;
constexpr auto v5 = protocol_version::v5;

TEST(PublishView, AgreesWithTheOwnedPacket) {
  for (const golden_packet& golden : golden_packets()) {
    if (!std::holds_alternative<publish>(golden.packet)) continue;
    SCOPED_TRACE(golden.name);
    const auto view = decode_publish(golden.bytes, golden.version, golden.from);
    ASSERT_TRUE(view.has_value()) << describe(view.error());
    EXPECT_TRUE(to_publish(*view) == std::get<publish>(golden.packet));
    byte_buffer out;
    ASSERT_TRUE(encode_publish(*view, golden.version, out).has_value());
    EXPECT_EQ(out, golden.bytes);
    EXPECT_EQ(encoded_size(*view, golden.version), golden.bytes.size());
  }
}

TEST(PublishView, BorrowsFromThePacket) {
  const byte_buffer bytes = wire("30 08 00 03 'a/b' 00 'hi'");
  const auto view = decode_publish(bytes, v5, sender::client);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(as_bytes(view->topic_name).data(), bytes.data() + 4);
  EXPECT_EQ(view->payload.data(), bytes.data() + 8);
}

TEST(PublishView, ReadsPropertiesOneByOne) {
  const byte_buffer bytes =
      wire("30 17 00 01 't' 13 26 00 01 'k' 00 01 'v' 0b 01 0b 02 09 00 01 ff 03 00 01 'c'");
  const auto view = decode_publish(bytes, v5, sender::server);
  ASSERT_TRUE(view.has_value()) << describe(view.error());
  std::vector<property_id> ids;
  property_reader reader(view->properties);
  while (const auto item = reader.next()) ids.push_back(item->id);
  using id = property_id;
  EXPECT_EQ(
      ids, (std::vector{id::user_property, id::subscription_identifier, id::subscription_identifier,
                        id::correlation_data, id::content_type}));
  EXPECT_EQ(find_property<id::subscription_identifier>(view->properties), 1U);
  EXPECT_EQ(find_property<id::content_type>(view->properties), "c");
  EXPECT_EQ(find_property<id::user_property>(view->properties), (string_pair_view{"k", "v"}));
  EXPECT_FALSE(find_property<id::topic_alias>(view->properties).has_value());
}

TEST(PublishView, PropertyReaderStopsAtBytesThatAreNoProperty) {
  const byte_buffer bytes = wire("01 01 7f 00");
  property_reader reader(bytes);
  EXPECT_TRUE(reader.next().has_value());
  EXPECT_FALSE(reader.next().has_value());
  EXPECT_FALSE(reader.next().has_value());
}

TEST(PublishView, RefusesOtherPackets) {
  const byte_buffer bytes = wire("40 02 00 01");
  const auto view = decode_publish(bytes, v5, sender::client);
  ASSERT_FALSE(view.has_value());
  EXPECT_EQ(view.error().subject, "PUBACK");
}

TEST(PublishView, AllocatesNothing) {
  const byte_buffer good = wire("32 11 00 03 'a/b' 00 07 08 26 00 01 'k' 00 02 'vw' 'h'");
  byte_buffer bad = good;
  bad[4] = '+';
  byte_buffer out;
  out.reserve(100);
  if (!counts_allocations()) GTEST_SKIP() << "a sanitizer brings operator new itself";
  const std::size_t before = allocation_count();
  const auto view = decode_publish(good, v5, sender::client);
  const auto failed = decode_publish(bad, v5, sender::client);
  ASSERT_TRUE(view.has_value());
  const auto name = find_property<property_id::user_property>(view->properties);
  const auto written = encode_publish(*view, v5, out);
  EXPECT_EQ(allocation_count(), before);
  EXPECT_TRUE(name.has_value());
  EXPECT_FALSE(failed.has_value());
  EXPECT_TRUE(written.has_value());
  EXPECT_EQ(out, good);
}

TEST(PublishView, WritesNoIdentifierAtQosZero) {
  byte_buffer out;
  const publish_view view{.packet_identifier = 9, .topic_name = "t"};
  ASSERT_TRUE(encode_publish(view, v3, out).has_value());
  EXPECT_EQ(out, wire("30 03 00 01 't'"));
}

}  // namespace
}  // namespace gauntlet::mqtt
