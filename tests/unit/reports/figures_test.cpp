// Goal: numbers are written with three digits in the unit that fits, and never rounded across one.

#include "reports/figures.hpp"

#include <gtest/gtest.h>

namespace gauntlet::reports {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

std::string shown(duration value) { return plain(duration_of(value)); }

TEST(Figures, DurationsHaveThreeDigitsInTheUnitThatFits) {
  EXPECT_EQ(shown(duration{0}), "0 ns");
  EXPECT_EQ(shown(duration{999}), "999 ns");
  EXPECT_EQ(shown(duration{1'000}), "1 \u00b5s");
  EXPECT_EQ(shown(duration{1'394'000}), "1.39 ms");
  EXPECT_EQ(shown(duration{13'940'000}), "13.9 ms");
  EXPECT_EQ(shown(milliseconds{139}), "139 ms");
  EXPECT_EQ(shown(duration{999'499'999}), "999 ms");
  EXPECT_EQ(shown(duration{999'600'000}), "1 s");
  EXPECT_EQ(shown(milliseconds{60'214}), "60.2 s");
  EXPECT_EQ(shown(milliseconds{-212}), "-212 ms");
}

TEST(Figures, LongDurationsAreWholeMinutesAndHours) {
  EXPECT_EQ(shown(minutes{3} + seconds{20}), "3 min 20 s");
  EXPECT_EQ(shown(hours{24}), "24 h 0 min");
}

TEST(Figures, BytesAreBinary) {
  EXPECT_EQ(plain(bytes_of(512)), "512 B");
  EXPECT_EQ(plain(bytes_of(1536)), "1.5 KiB");
  EXPECT_EQ(plain(bytes_of(24ULL << 30)), "24 GiB");
}

TEST(Figures, ARateInNoTimeIsNothing) {
  EXPECT_EQ(plain(rate_of(100, duration::zero())), "0 /s");
  EXPECT_EQ(plain(rate_of(47'220, seconds{60})), "787 /s");
}

}  // namespace
}  // namespace gauntlet::reports
