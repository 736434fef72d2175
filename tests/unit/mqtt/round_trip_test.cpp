// What is encoded decodes to the same, for packets drawn from a seeded stream.

#include <set>

#include <gtest/gtest.h>

#include "harness/mqtt/codec.hpp"
#include "tests/unit/mqtt/packet_generator.hpp"

namespace gauntlet::mqtt {
namespace {

constexpr int packets = 5'000;

TEST(RoundTrip, GeneratedPacketsComeBackEqual) {
  seeded_stream draws(1, "round trip", "", 0);
  std::set<std::pair<protocol_version, packet_type>> met;
  for (int i = 0; i < packets; ++i) {
    const generated_packet generated = generate_packet(draws);
    SCOPED_TRACE(testing::Message()
                 << "packet " << i << ", " << packet_type_name(type_of(generated.packet)));
    byte_buffer bytes;
    const auto encoded = encode(generated.packet, generated.version, bytes);
    ASSERT_TRUE(encoded.has_value()) << describe(encoded.error());
    const auto decoded = decode(bytes, generated.version, generated.from);
    ASSERT_TRUE(decoded.has_value()) << describe(decoded.error());
    ASSERT_TRUE(*decoded == generated.packet);
    met.emplace(generated.version, type_of(generated.packet));
  }
  EXPECT_EQ(met.size(), 29U) << "every type in each version it exists in";
}

}  // namespace
}  // namespace gauntlet::mqtt
