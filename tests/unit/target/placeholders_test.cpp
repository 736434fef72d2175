// Goal: placeholders are found and replaced, and braces that are none are left alone.

#include "harness/target/placeholders.hpp"

#include <gtest/gtest.h>

namespace gauntlet::target {
namespace {

std::string expanded(std::string_view text, const placeholder_values& values) {
  const auto result = expand_placeholders(text, values);
  return result ? *result : "failed: " + result.error().message;
}

TEST(Placeholders, AreReplacedWhereverTheyStand) {
  const placeholder_values values = {{"port", "10001"}, {"directory", "/a b"}};
  EXPECT_EQ(expanded("listener {port} 127.0.0.1", values), "listener 10001 127.0.0.1");
  EXPECT_EQ(expanded("{directory}/{directory}", values), "/a b//a b");
  EXPECT_EQ(expanded("", values), "");
  EXPECT_EQ(expanded("{port}", values), "10001");
}

TEST(Placeholders, AreNotExpandedTwice) {
  EXPECT_EQ(expanded("{a}{b}", {{"a", "{b}"}, {"b", "x"}}), "{b}x");
}

TEST(Placeholders, LeaveOtherBracesAlone) {
  const placeholder_values values = {{"port", "10001"}};
  EXPECT_EQ(expanded("{ \"port\": {port} }", values), "{ \"port\": 10001 }");
  EXPECT_EQ(expanded("listeners { tcp { port = {port} } }", values),
            "listeners { tcp { port = 10001 } }");
  EXPECT_EQ(expanded("{} {Port} {1} {port", values), "{} {Port} {1} {port");
  EXPECT_EQ(expanded("{{port}}", values), "{10001}");
}

TEST(Placeholders, WithoutValueAreAnErrorThatNamesTheKnownOnes) {
  const auto result = expand_placeholders("-p {prot}", {{"directory", "/x"}, {"port", "1"}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, exit_code::bad_input);
  EXPECT_EQ(result.error().message, "unknown placeholder {prot}; known are {directory}, {port}");
}

TEST(Placeholders, AreFoundWithTheirOffset) {
  const auto found = find_placeholders("a {port} {ws_port}");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].name, "port");
  EXPECT_EQ(found[0].offset, 2U);
  EXPECT_EQ(found[1].name, "ws_port");
  EXPECT_EQ(found[1].offset, 9U);
}

}  // namespace
}  // namespace gauntlet::target
