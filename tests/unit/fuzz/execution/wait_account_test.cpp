// Goal: what was waited for in vain is told apart from what came.

#include "fuzz/execution/wait_account.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::fuzz {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(FuzzWaitAccount, CountsOnlyWhatDidNotComeAsInVain) {
  wait_account one;
  one.add(wait_kind::barrier, true, 5ms);
  one.add(wait_kind::pingresp, false, 20ms);
  one.add(wait_kind::patience, false, 500ms);
  EXPECT_EQ(one.in_vain(), 520ms);
  EXPECT_EQ(one.times(wait_kind::barrier, true), 1U);
  EXPECT_EQ(one.times(wait_kind::barrier, false), 0U);
}

TEST(FuzzWaitAccount, AddsUp) {
  wait_account one;
  one.add(wait_kind::connack, true, 2ms);
  wait_account other;
  other.add(wait_kind::connack, true, 3ms);
  other.add(wait_kind::connack, false, 20ms);
  one += other;
  EXPECT_EQ(one.times(wait_kind::connack, true), 2U);
  EXPECT_EQ(one.in_vain(), 20ms);
  EXPECT_THAT(one.describe(),
              HasSubstr("waited for connack: came 2 times in 5 ms, did not 1 times in 20 ms"));
}

}  // namespace
}  // namespace gauntlet::fuzz
