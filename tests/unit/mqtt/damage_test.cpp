// Golden packets cut short or with one bit turned: each either fails with a complete error or
// decodes to a packet that survives its own round trip.

#include <gtest/gtest.h>

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/publish_view.hpp"
#include "tests/unit/mqtt/golden_packets.hpp"

namespace gauntlet::mqtt {
namespace {

void expect_complete(const decode_error& error, std::size_t size) {
  EXPECT_FALSE(error.rule.empty());
  EXPECT_FALSE(error.section.empty()) << describe(error);
  EXPECT_FALSE(error.subject.empty()) << describe(error);
  EXPECT_LE(error.offset, size) << describe(error);
  EXPECT_TRUE(is_error(error.reason_code)) << describe(error);
}

/// Decodes bytes that may be anything.
void expect_clean(byte_view bytes, protocol_version version, sender from) {
  const auto decoded = decode(bytes, version, from);
  const auto view = decode_publish(bytes, version, from);
  if (!decoded) {
    expect_complete(decoded.error(), bytes.size());
    EXPECT_FALSE(view.has_value());
    return;
  }
  EXPECT_EQ(view.has_value(), type_of(*decoded) == packet_type::publish);
  byte_buffer again;
  const auto encoded = encode(*decoded, version, again);
  ASSERT_TRUE(encoded.has_value()) << describe(encoded.error());
  const auto twice = decode(again, version, from);
  ASSERT_TRUE(twice.has_value()) << describe(twice.error());
  EXPECT_TRUE(*twice == *decoded);
}

TEST(Damage, EveryTruncationFails) {
  for (const golden_packet& golden : golden_packets()) {
    for (std::size_t size = 0; size < golden.bytes.size(); ++size) {
      SCOPED_TRACE(golden.name + " cut to " + std::to_string(size));
      const auto decoded = decode(byte_view(golden.bytes).first(size), golden.version, golden.from);
      ASSERT_FALSE(decoded.has_value());
      expect_complete(decoded.error(), size);
      EXPECT_EQ(decoded.error().kind, error_kind::malformed_packet);
    }
  }
}

/// The fixed header is mended, so that the cut shows in the fields themselves.
TEST(Damage, EveryTruncationWithMatchingLengthIsClean) {
  for (const golden_packet& golden : golden_packets()) {
    if (golden.bytes.size() > 130 || !golden.canonical) continue;
    for (std::size_t size = 2; size < golden.bytes.size(); ++size) {
      SCOPED_TRACE(golden.name + " shortened to " + std::to_string(size));
      byte_buffer bytes(golden.bytes.begin(),
                        golden.bytes.begin() + static_cast<std::ptrdiff_t>(size));
      bytes[1] = static_cast<std::uint8_t>(size - 2);
      expect_clean(bytes, golden.version, golden.from);
    }
  }
}

TEST(Damage, EverySingleBitFlipIsClean) {
  for (const golden_packet& golden : golden_packets()) {
    byte_buffer bytes = golden.bytes;
    // In a long payload one bit is like another.
    const std::size_t size = std::min<std::size_t>(bytes.size(), 300);
    for (std::size_t bit = 0; bit < size * 8; ++bit) {
      SCOPED_TRACE(golden.name + ", bit " + std::to_string(bit % 8) + " of byte " +
                   std::to_string(bit / 8));
      const auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
      bytes[bit / 8] ^= mask;
      expect_clean(bytes, golden.version, golden.from);
      bytes[bit / 8] ^= mask;
    }
  }
}

TEST(Damage, BytesLeftOverFail) {
  for (const golden_packet& golden : golden_packets()) {
    SCOPED_TRACE(golden.name);
    byte_buffer bytes = golden.bytes;
    bytes.push_back(0);
    const auto decoded = decode(bytes, golden.version, golden.from);
    ASSERT_FALSE(decoded.has_value());
    EXPECT_EQ(decoded.error().offset, golden.bytes.size());
  }
}

TEST(Damage, TheOtherVersionIsClean) {
  for (const golden_packet& golden : golden_packets()) {
    SCOPED_TRACE(golden.name);
    const auto other =
        golden.version == protocol_version::v5 ? protocol_version::v3_1_1 : protocol_version::v5;
    expect_clean(golden.bytes, other, golden.from);
  }
}

}  // namespace
}  // namespace gauntlet::mqtt
