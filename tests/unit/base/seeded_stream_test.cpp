// Goal: the same key gives the same draws everywhere, different keys do not, and the draws follow
// their distributions. The fixed values were computed by an independent program in Python.

#include "harness/base/seeded_stream.hpp"

#include <array>
#include <cmath>
#include <set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet {
namespace {

using testing::ElementsAre;

seeded_stream sample_stream() { return seeded_stream(42, "payload", "doors", 7); }

TEST(SeededStream, GivesTheFixedValuesOfItsKey) {
  seeded_stream draws = sample_stream();
  EXPECT_EQ(draws.next_u64(), 0x0c3dc30c1f25c0bcU);
  EXPECT_EQ(draws.next_u64(), 0xdc04a9ecfb205c57U);
  EXPECT_EQ(draws.next_u64(), 0x5fdf8e75ef076aeaU);
  EXPECT_EQ(draws.next_u64(), 0xa9f09c5790f25b60U);
  EXPECT_EQ(stream_key(42).with("payload").with("doors").with(7).bits(), 0x4b360f317837ca22U);
  EXPECT_EQ(seeded_stream(stream_key(0)).next_u64(), 0xa7715fe4e8b43382U);
}

TEST(SeededStream, DerivesFixedValuesForEachDistribution) {
  seeded_stream dice = sample_stream();
  std::vector<std::uint64_t> rolls;
  for (int i = 0; i < 8; ++i) rolls.push_back(dice.below(6));
  EXPECT_THAT(rolls, ElementsAre(0, 5, 2, 3, 5, 2, 4, 4));

  seeded_stream uniform = sample_stream();
  EXPECT_EQ(uniform.uniform(), 0.047817411860839876);
  EXPECT_EQ(uniform.uniform(), 0.859446163517647);

  seeded_stream gaps = sample_stream();
  EXPECT_EQ(gaps.exponential(), 0.047817411860839876);
  EXPECT_EQ(gaps.exponential(), 0.37450495127907646);
  EXPECT_EQ(gaps.exponential(), 2.0517403106231473);

  seeded_stream noise = sample_stream();
  EXPECT_EQ(noise.normal(), -0.9833381920037854);
  EXPECT_EQ(noise.normal(), -0.6513180445555612);
  EXPECT_EQ(noise.normal(), -1.5259413554395005);

  seeded_stream bytes = sample_stream();
  std::array<std::uint8_t, 11> out{};
  bytes.bytes(out);
  EXPECT_THAT(out, ElementsAre(0xbc, 0xc0, 0x25, 0x1f, 0x0c, 0xc3, 0x3d, 0x0c, 0x57, 0x5c, 0x20));
}

TEST(SeededStream, DiffersInEachPartOfTheKey) {
  const auto first = [](std::uint64_t seed, std::string_view purpose, std::string_view group,
                        std::uint64_t device) {
    return seeded_stream(seed, purpose, group, device).next_u64();
  };
  const std::set<std::uint64_t> values{
      first(1, "a", "b", 0), first(2, "a", "b", 0),
      first(1, "c", "b", 0), first(1, "a", "d", 0),
      first(1, "a", "b", 1), first(1, "ab", "", 0),
      first(1, "", "ab", 0), first(1, "b", "a", 0),
      first(0, "a", "b", 1), first(1, "a", "b", ~std::uint64_t{0})};
  EXPECT_EQ(values.size(), 10U);
}

TEST(SeededStream, HasNoCollisionsAmongTheDevicesOfALargeFleet) {
  const stream_key group = stream_key(1).with("phase").with("doors");
  std::set<std::uint64_t> seen;
  for (std::uint64_t device = 0; device < 100'000; ++device) {
    seen.insert(group.with(device).bits());
  }
  EXPECT_EQ(seen.size(), 100'000U);
}

TEST(SeededStream, BelowIsUniformAlsoForAwkwardBounds) {
  seeded_stream draws = sample_stream();
  // A bound just above 2^63 would be far from uniform if draws were taken modulo.
  const std::uint64_t bound = (std::uint64_t{1} << 63U) + 1;
  int upper = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t draw = draws.below(bound);
    ASSERT_LT(draw, bound);
    upper += draw >= bound / 2 ? 1 : 0;
  }
  EXPECT_NEAR(upper, 5'000, 250);
  EXPECT_EQ(draws.below(1), 0U);

  std::array<int, 10> counts{};
  for (int i = 0; i < 100'000; ++i) ++counts[draws.below(10)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
}

TEST(SeededStream, BetweenReachesBothEndsAndSpansTheWholeRange) {
  seeded_stream draws = sample_stream();
  std::set<std::int64_t> seen;
  for (int i = 0; i < 1'000; ++i) seen.insert(draws.between(-2, 2));
  EXPECT_THAT(seen, ElementsAre(-2, -1, 0, 1, 2));
  EXPECT_EQ(draws.between(INT64_MIN, INT64_MIN), INT64_MIN);
  bool negative = false;
  bool positive = false;
  for (int i = 0; i < 100; ++i) {
    const std::int64_t draw = draws.between(INT64_MIN, INT64_MAX);
    negative = negative || draw < 0;
    positive = positive || draw > 0;
  }
  EXPECT_TRUE(negative && positive);
}

struct moments {
  double mean = 0;
  double deviation = 0;
};

template <class Draw>
moments measure(Draw draw) {
  constexpr int count = 200'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < count; ++i) {
    const double value = draw();
    sum += value;
    squares += value * value;
  }
  const double mean = sum / count;
  return {mean, std::sqrt(squares / count - mean * mean)};
}

TEST(SeededStream, FollowsItsDistributions) {
  seeded_stream draws = sample_stream();
  const moments uniform = measure([&] { return draws.uniform_real(2, 4); });
  EXPECT_NEAR(uniform.mean, 3, 0.01);
  EXPECT_NEAR(uniform.deviation, 2 / std::sqrt(12.0), 0.01);

  const moments exponential = measure([&] { return draws.exponential(); });
  EXPECT_NEAR(exponential.mean, 1, 0.015);
  EXPECT_NEAR(exponential.deviation, 1, 0.02);

  const moments normal = measure([&] { return draws.normal(); });
  EXPECT_NEAR(normal.mean, 0, 0.015);
  EXPECT_NEAR(normal.deviation, 1, 0.015);

  int above = 0;
  int tail = 0;
  for (int i = 0; i < 200'000; ++i) {
    above += draws.exponential() > 2 ? 1 : 0;
    tail += std::abs(draws.normal()) > 2 ? 1 : 0;
  }
  EXPECT_NEAR(above / 200'000.0, std::exp(-2), 0.005);
  EXPECT_NEAR(tail / 200'000.0, 0.0455, 0.003);
}

TEST(SeededStream, ChanceKeepsItsEnds) {
  seeded_stream draws = sample_stream();
  int hits = 0;
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_FALSE(draws.chance(0));
    EXPECT_TRUE(draws.chance(1));
    hits += draws.chance(0.25) ? 1 : 0;
  }
  EXPECT_NEAR(hits, 2'500, 200);
}

}  // namespace
}  // namespace gauntlet
