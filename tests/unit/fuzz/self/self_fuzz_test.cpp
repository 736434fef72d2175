// Running the fuzz targets of the source tree: what can be refused before anything is built.

#include "fuzz/self/self_fuzz.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::fuzz {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

constexpr const char* source_tree = GAUNTLET_SOURCE_FOLDER;

TEST(SelfFuzz, FindsTheTargets) {
  const auto names = self_fuzz_targets(source_tree);
  ASSERT_TRUE(names);
  EXPECT_THAT(*names, IsSupersetOf({"broker_session", "decode", "url", "ws_frame"}));
}

TEST(SelfFuzz, FindsTheTreeThatItWasBuiltIn) {
  const auto names = self_fuzz_targets();
  ASSERT_TRUE(names) << names.error().message;
  EXPECT_EQ(*names, *self_fuzz_targets(source_tree));
}

TEST(SelfFuzz, SaysWhatToDoWithoutASourceTree) {
  const auto names = self_fuzz_targets("/nonexistent");
  ASSERT_FALSE(names);
  EXPECT_EQ(names.error().code, exit_code::environment_failed);
  EXPECT_THAT(names.error().message, HasSubstr("./gauntlet fuzz --self in a checkout"));
}

TEST(SelfFuzz, RefusesATargetThatThereIsNot) {
  const auto ran = fuzz_self({.only = {"decod"}, .output = "unused", .source_tree = source_tree});
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().code, exit_code::bad_input);
  EXPECT_THAT(ran.error().message, HasSubstr("no fuzz target 'decod'; there are broker_session"));
}

}  // namespace
}  // namespace gauntlet::fuzz
