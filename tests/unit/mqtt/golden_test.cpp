// Each golden packet decodes to its struct and encodes to its bytes.

#include <set>

#include <gtest/gtest.h>

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/property_table.hpp"
#include "tests/unit/mqtt/golden_packets.hpp"

namespace gauntlet::mqtt {
namespace {

TEST(Golden, BytesDecodeToThePacket) {
  for (const golden_packet& golden : golden_packets()) {
    SCOPED_TRACE(golden.name);
    const auto decoded = decode(golden.bytes, golden.version, golden.from);
    ASSERT_TRUE(decoded.has_value()) << describe(decoded.error());
    EXPECT_TRUE(*decoded == golden.packet);
  }
}

TEST(Golden, PacketEncodesToTheBytes) {
  for (const golden_packet& golden : golden_packets()) {
    if (!golden.canonical) continue;
    SCOPED_TRACE(golden.name);
    byte_buffer out = {0xEE};
    const auto encoded = encode(golden.packet, golden.version, out);
    ASSERT_TRUE(encoded.has_value()) << describe(encoded.error());
    EXPECT_EQ(out.front(), 0xEE) << "what was there before was lost";
    out.erase(out.begin());
    EXPECT_EQ(to_hex(out, 64), to_hex(golden.bytes, 64));
    EXPECT_EQ(out, golden.bytes);
  }
}

TEST(Golden, EveryPacketTypeIsThereInEachVersion) {
  std::set<packet_type> v3_1_1;
  std::set<packet_type> v5;
  for (const golden_packet& golden : golden_packets()) {
    (golden.version == protocol_version::v5 ? v5 : v3_1_1).insert(type_of(golden.packet));
  }
  EXPECT_EQ(v3_1_1.size(), 14U);
  EXPECT_EQ(v5.size(), 15U);
}

TEST(Golden, EveryPropertyIsThereAtEachOfItsPlaces) {
  std::size_t homes = 0;
  for (const property_info& info : property_table) homes += info.home_count;
  EXPECT_EQ(golden_properties().size(), homes);
}

TEST(Golden, NamesAreUnique) {
  std::set<std::string> names;
  for (const golden_packet& golden : golden_packets()) {
    EXPECT_TRUE(names.insert(golden.name).second) << golden.name;
  }
}

}  // namespace
}  // namespace gauntlet::mqtt
