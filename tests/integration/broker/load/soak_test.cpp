// Goal: a thousand lively clients are served for a while without a word out of place.

#include "tests/integration/broker/load/soak.hpp"

#include <gtest/gtest.h>

#include "tests/integration/broker/load/reference_process.hpp"
#include "tests/support/sanitizers.hpp"

namespace gauntlet::test {
namespace {

TEST(SoakGrowth, IsTheSlopeOfTheSecondHalf) {
  std::vector<memory_sample> memory;
  for (int i = 0; i < 100; ++i) {
    memory.push_back(
        {static_cast<double>(i), static_cast<std::uint64_t>(i < 50 ? i * 100 : 7'000)});
  }
  EXPECT_NEAR(growth_bytes(memory), 0, 1);
  for (std::size_t i = 50; i < 100; ++i) memory[i].resident_bytes += (i - 50) * 10;
  EXPECT_NEAR(growth_bytes(memory), 490, 1);
}

TEST(Soak, ServesAThousandClients) {
  allow_many_descriptors();
  reference_process broker;
  const soak_result seen =
      run_soak({.port = broker.port(),
                .length = std::chrono::seconds(15),
                .resident_bytes = [&broker] { return broker.resident_bytes(); },
                .report = {}});
  EXPECT_EQ(seen.violations, 0U);
  EXPECT_EQ(seen.cut_off, 0U);
  EXPECT_EQ(seen.answering, 1'000U);
  EXPECT_GT(seen.resumed, 0U);
  EXPECT_GT(seen.published, 1'000U);
  EXPECT_GT(seen.delivered, seen.published);
  if (!is_sanitized) {
    EXPECT_LT(broker.resident_bytes(), 64U << 20U);
  }
  auto figures = broker.stop();
  EXPECT_EQ(figures["clients"], seen.connected);
}

}  // namespace
}  // namespace gauntlet::test
