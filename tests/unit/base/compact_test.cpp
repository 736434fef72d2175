// Goal: what is written is read back, and damage is noticed rather than believed.

#include "harness/base/compact.hpp"

#include <gtest/gtest.h>

namespace gauntlet {
namespace {

TEST(Compact, ReadsBackWhatWasWritten) {
  byte_buffer bytes;
  compact_writer out(bytes);
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                    std::uint64_t{1} << 40, UINT64_MAX}) {
    out.number(value);
  }
  out.text("twelve bytes");
  out.flag(true);
  out.time(time_point::max());

  compact_reader in(bytes);
  EXPECT_EQ(in.number(), 0U);
  EXPECT_EQ(in.number(), 127U);
  EXPECT_EQ(in.number(), 128U);
  EXPECT_EQ(in.number(), std::uint64_t{1} << 40);
  EXPECT_EQ(in.number(), UINT64_MAX);
  EXPECT_EQ(in.text(), "twelve bytes");
  EXPECT_TRUE(in.flag());
  EXPECT_EQ(in.time(), time_point::max());
  EXPECT_TRUE(in.at_end());
  EXPECT_FALSE(in.failed());
}

TEST(Compact, NoticesTruncationOnceAndForAll) {
  byte_buffer bytes;
  compact_writer(bytes).text("cut");
  compact_reader in(byte_view(bytes).first(2));
  EXPECT_EQ(in.text(), "");
  EXPECT_TRUE(in.failed());
  EXPECT_EQ(in.number(), 0U);
}

TEST(Compact, RefusesCountsLargerThanTheInput) {
  byte_buffer bytes;
  compact_writer(bytes).number(1'000'000);
  compact_reader in(bytes);
  EXPECT_EQ(in.count(), 0U);
  EXPECT_TRUE(in.failed());
}

}  // namespace
}  // namespace gauntlet
