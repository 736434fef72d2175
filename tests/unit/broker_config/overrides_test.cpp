// Goal: what flags say wins over the file, and messages name the flag.

#include "harness/broker_config/overrides.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::broker_config {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string error_of(const override_value& given) {
  configuration any;
  const auto done = apply(any, given);
  EXPECT_TRUE(done.has_error());
  return done.has_error() ? done.error().message : std::string();
}

TEST(Overrides, ReplaceOneKeyAndNothingElse) {
  configuration chosen;
  chosen.broker.limits.connections_max = 7;
  ASSERT_TRUE(apply(chosen, override_value{"limits.connect_timeout", "3s", "--connect-timeout",
                                           notation::scalar}));
  EXPECT_EQ(chosen.broker.limits.connect_timeout, std::chrono::seconds(3));
  EXPECT_EQ(chosen.broker.limits.connections_max, 7U);
}

TEST(Overrides, ReplaceLists) {
  configuration chosen;
  ASSERT_TRUE(apply(chosen, override_list{"listen", {"h:1", "ws://h:2"}, "--listen"}));
  ASSERT_TRUE(apply(chosen, override_list{"users", {"12:34"}, "--user"}));
  EXPECT_EQ(chosen.listen.size(), 2U);
  ASSERT_EQ(chosen.broker.users.size(), 1U);
  EXPECT_EQ(chosen.broker.users[0].name, "12");
}

TEST(Overrides, TakeTextAsItIsAndYamlAsInTheFile) {
  configuration chosen;
  ASSERT_TRUE(apply(chosen, {"tls.key_file", "{a: 1", "--key", notation::text}));
  EXPECT_EQ(chosen.tls.key_file, "{a: 1");
  ASSERT_TRUE(apply(
      chosen, {"limits", "{inflight_max: 9, sessions_max: 3}", "--set limits", notation::yaml}));
  EXPECT_EQ(chosen.broker.limits.inflight_max, 9);
  EXPECT_EQ(chosen.broker.limits.sessions_max, 3U);
}

TEST(Overrides, NameTheFlagInMessages) {
  EXPECT_THAT(error_of({"capabilities.maximum_qos", "7", "--max-qos", notation::scalar}),
              StartsWith("--max-qos: expected a whole number from 0 to 2, not '7'"));
  EXPECT_THAT(error_of({"limits.inflight", "7", "--set limits.inflight", notation::yaml}),
              HasSubstr("unknown key 'inflight'"));
  EXPECT_THAT(error_of({"limits", "{", "--set limits", notation::yaml}),
              StartsWith("--set limits: '{' is no YAML"));
}

TEST(Overrides, ChangeNothingWhenWrong) {
  configuration chosen;
  ASSERT_FALSE(apply(
      chosen, {"limits", "{sessions_max: 3, inflight_max: 0}", "--set limits", notation::yaml}));
  EXPECT_EQ(chosen.broker.limits, broker::limits{});
}

}  // namespace
}  // namespace gauntlet::broker_config
