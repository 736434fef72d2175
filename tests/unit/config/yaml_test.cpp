// Goal: the strict dialect of YAML: what it reads, what it refuses, and where it says so.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/config/node.hpp"

namespace gauntlet::config {
namespace {

std::string error_of(std::string_view text, const parse_limits& limits = {}) {
  diagnostics wrong("f.yaml");
  parse_yaml(text, wrong, limits);
  const auto all = wrong.take();
  return all.empty() ? "none" : to_string(all.front());
}

TEST(ParseYaml, HintsAtParametersThatNeedQuotes) {
  EXPECT_THAT(error_of("a: 1\nb: [{count: ${n}}]\n"),
              ::testing::EndsWith("; between braces or brackets, ${...} needs quotes: \"${...}\""));
  EXPECT_EQ(error_of("a: 1\nb: ${n}\n"), "none");
}

TEST(ParseYaml, KeepsPlacesPathsAndQuotes) {
  diagnostics wrong("f.yaml");
  const node root = parse_yaml("a:\n  - 1\n  - b: 'x'\n    c: ~\n", wrong);
  ASSERT_TRUE(wrong.empty());
  const node& list = *root.find("a");
  ASSERT_EQ(list.items.size(), 2U);
  EXPECT_EQ(list.items[0].at, (place{2, 5}));
  EXPECT_EQ(list.items[0].path, "a[0]");
  EXPECT_FALSE(list.items[0].quoted);
  const node& b = *list.items[1].find("b");
  EXPECT_EQ(b.path, "a[1].b");
  EXPECT_EQ(b.at, (place{3, 8}));
  EXPECT_TRUE(b.quoted);
  EXPECT_EQ(list.items[1].find("c")->is, node::type::null);
}

TEST(ParseYaml, RefusesDuplicateKeysAtTheSecond) {
  EXPECT_EQ(error_of("a: 1\nb: 2\na: 3\n"), "f.yaml:3:1: the key 'a' stands twice in this mapping");
}

TEST(ParseYaml, RefusesAnchorsAliasesMergeKeysAndTags) {
  EXPECT_EQ(error_of("a: &x 1\n"),
            "f.yaml:1:4: anchors (&name) are not allowed here; write the value out");
  EXPECT_EQ(error_of("a: 1\n<<: {b: 1}\n"),
            "f.yaml:2:1: merge keys (<<) are not allowed here; write the keys out");
  EXPECT_EQ(error_of("a: !!int 1\n"), "f.yaml:1:4: tags (!name) are not allowed here");
  diagnostics wrong("f.yaml");
  parse_yaml("a: &x 1\nb: *x\n", wrong);
  EXPECT_EQ(to_string(wrong.take().back()),
            "f.yaml:2:4: aliases (*name) are not allowed here; write the value out");
}

TEST(ParseYaml, PlacesSyntaxErrors) {
  EXPECT_THAT(error_of("a: [1, 2\nb: 3\n"), testing::StartsWith("f.yaml:2:2: this is not valid"));
  EXPECT_THAT(error_of("a: \"open\n"), testing::HasSubstr("this is not valid YAML"));
  EXPECT_THAT(error_of("\ta: 1\n"), testing::StartsWith("f.yaml:1:3: this is not valid YAML"));
}

TEST(ParseYaml, RefusesOtherEncodingsAndControlCharacters) {
  EXPECT_EQ(error_of("a: \xff\n"), "f.yaml:1:4: this is not UTF-8 text");
  EXPECT_EQ(error_of("b: 1\na: \xed\xa0\x80\n"), "f.yaml:2:4: this is not UTF-8 text");
  EXPECT_EQ(error_of("a: \xc3"), "f.yaml:1:4: this is not UTF-8 text");
  EXPECT_EQ(error_of(std::string_view("a: \0b", 5)),
            "f.yaml:1:4: control characters are not allowed in YAML");
  EXPECT_EQ(error_of("\xef\xbb\xbf"
                     "a: \xc3\xa4\r\n"),
            "none");
}

TEST(ParseYaml, RefusesEmptyAndSecondDocuments) {
  EXPECT_EQ(error_of(""), "f.yaml:1:1: the file is empty");
  EXPECT_EQ(error_of("# only a comment\n"), "f.yaml:1:1: the file is empty");
  EXPECT_EQ(error_of("a: 1\n---\nb: 1\n"),
            "f.yaml: the file holds more than one YAML document; only one is read");
  EXPECT_EQ(error_of("---\na: 1\n"), "none");
}

TEST(ParseYaml, RefusesKeysThatAreNoText) {
  EXPECT_EQ(error_of("[a]: 1\n"), "f.yaml:1:1: a key must be a single text");
  EXPECT_EQ(error_of("? \n: 1\n"), "f.yaml:2:1: a key must be a single text");
}

TEST(ParseYaml, StopsAtItsLimits) {
  EXPECT_EQ(error_of("a: 1\n", {.size_bytes_max = 4}), "f.yaml: the file is larger than 4 bytes");
  EXPECT_EQ(error_of("[[[1]]]", {.depth_max = 2}), "f.yaml:1:3: nested deeper than 2 levels");
  EXPECT_EQ(error_of("[1, 2, 3]", {.nodes_max = 3}), "f.yaml:1:8: more than 3 values in one file");
  EXPECT_NE(error_of(std::string(100'000, '[')), "none");
  EXPECT_THAT(error_of("a: " + std::string(40, '[') + "1" + std::string(40, ']')),
              testing::HasSubstr("nested deeper than 32"));
}

TEST(ParseYaml, SurvivesEveryTruncation) {
  const std::string_view whole = "a: {b: [1, 'x'], c: \"y\"}\nd:\n  - e: |\n      text\n  - ~\n";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    diagnostics wrong("f.yaml");
    parse_yaml(whole.substr(0, length), wrong);
  }
}

}  // namespace
}  // namespace gauntlet::config
