// Goal: bytes shown to people are complete, or say that they are not.

#include "harness/base/bytes.hpp"

#include <gtest/gtest.h>

namespace gauntlet {
namespace {

TEST(ToHex, SeparatesPairsBySpaces) {
  EXPECT_EQ(to_hex(as_bytes("\x10\x0c\xff")), "10 0c ff");
  EXPECT_EQ(to_hex({}), "");
}

TEST(ToHex, SaysHowMuchItLeftOut) {
  EXPECT_EQ(to_hex(as_bytes("abcd"), 2), "61 62 ... (4 bytes)");
  EXPECT_EQ(to_hex(as_bytes("ab"), 2), "61 62");
}

}  // namespace
}  // namespace gauntlet
