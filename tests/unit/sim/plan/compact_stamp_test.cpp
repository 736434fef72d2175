// Goal: 16 bytes tell of a message all that its judgement needs, as precisely as they promise.

#include "sim/plan/compact_stamp.hpp"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "harness/base/seeded_stream.hpp"

namespace gauntlet::sim {
namespace {

using encoding = stamp_layout::encoding;
using namespace std::chrono_literals;

constexpr stamp sample{
    .run_id = 77, .stream = 70'000, .sequence = 12, .scheduled = 1500ms, .sent = 1502ms};
constexpr stamp_reading soon{.run_id = 77, .now = 1503ms};

byte_buffer written(const stamp& what) {
  byte_buffer payload(compact_stamp_size_bytes);
  write_stamp(payload, {.as = encoding::compact}, what);
  return payload;
}

TEST(CompactStamp, IsReadBack) {
  const auto read = read_stamp(written(sample), soon);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->run_id, 77U);
  EXPECT_EQ(read->stream, 70'000U);
  EXPECT_EQ(read->sequence, 12U);
  EXPECT_EQ(read->sent, 1502ms);
  EXPECT_NEAR(static_cast<double>((read->sent - read->scheduled).count()), 2e6, 2e6 * 0.032);
}

TEST(CompactStamp, IsFoundAtBothEnds) {
  byte_buffer first = written(sample);
  first.resize(100, 0xff);
  EXPECT_EQ(read_stamp(first, soon)->sequence, 12U);
  byte_buffer last(100, 0xff);
  write_stamp(last, {.as = encoding::compact, .at_end = true}, sample);
  EXPECT_EQ(read_stamp(last, soon)->sequence, 12U);
}

TEST(CompactStamp, KeepsItsPrecision) {
  seeded_stream draws(1, "compact", "", 0);
  for (int i = 0; i < 20'000; ++i) {
    const duration sent(draws.between(0, duration(366 * 24h).count()));
    const duration lag = std::min(sent, duration(std::int64_t{1} << draws.between(0, 44)));
    const duration way(draws.between(0, duration(18h).count()));
    const stamp what{.run_id = static_cast<std::uint32_t>(draws.next_u64()),
                     .stream = static_cast<std::uint32_t>(draws.below(1U << 28U)),
                     .sequence = static_cast<std::uint32_t>(draws.next_u64()),
                     .scheduled = sent - lag,
                     .sent = sent};
    const auto read = read_stamp(written(what), {.run_id = what.run_id, .now = sent + way});
    ASSERT_TRUE(read.has_value());
    ASSERT_EQ(read->stream, what.stream);
    ASSERT_EQ(read->sequence, what.sequence);
    ASSERT_LT(std::abs((sent - read->sent).count()), 4'000);
    const double error =
        std::abs(static_cast<double>((read->sent - read->scheduled - lag).count()));
    ASSERT_LE(error, 500 + 0.032 * static_cast<double>(lag.count())) << lag.count();
  }
}

TEST(CompactStamp, ForgivesAClockThatIsALittleBehind) {
  const auto read = read_stamp(written(sample), {.run_id = 77, .now = 1400ms});
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->sent, 1502ms);
}

TEST(CompactStamp, IsOfOneRunOnly) {
  int taken = 0;
  for (std::uint32_t run = 0; run < 100'000; ++run) {
    taken += read_stamp(written(sample), {.run_id = run, .now = 2s}).has_value() ? 1 : 0;
  }
  EXPECT_GE(taken, 1);   // its own
  EXPECT_LE(taken, 10);  // one in 65,536 of the others
}

TEST(CompactStamp, NoticesMostDamages) {
  int unnoticed = 0;
  for (std::size_t bit = 0; bit < compact_stamp_size_bytes * 8; ++bit) {
    byte_buffer damaged = written(sample);
    damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1U << (bit % 8)));
    unnoticed += read_stamp(damaged, soon).has_value() ? 1 : 0;
  }
  EXPECT_EQ(unnoticed, 0);
  const byte_buffer whole = written(sample);
  EXPECT_EQ(read_stamp(byte_view(whole).first(15), soon), std::nullopt);
}

}  // namespace
}  // namespace gauntlet::sim
