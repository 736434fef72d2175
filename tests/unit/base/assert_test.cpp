// Goal: a broken invariant stops the process in every build and says how to repeat the run.

#include "harness/base/assert.hpp"

#include <gtest/gtest.h>

namespace gauntlet {
namespace {

TEST(AssertDeathTest, PrintsConditionPlaceAndSeed) {
  EXPECT_DEATH(
      {
        set_assertion_seed(42);
        GAUNTLET_ASSERT(1 + 1 == 3);
      },
      "assert_test.cpp:[0-9]+: invariant broken: 1 \\+ 1 == 3 \\(seed 42\\)");
}

}  // namespace
}  // namespace gauntlet
