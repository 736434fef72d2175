// What is written as YAML reads back as the same tree.

#include "harness/config/yaml_text.hpp"

#include <gtest/gtest.h>

namespace gauntlet::config {
namespace {

node parsed(std::string_view text) {
  diagnostics wrong("test.yaml");
  node root = parse_yaml(text, wrong);
  EXPECT_TRUE(wrong.empty()) << text;
  return root;
}

void expect_same(const node& one, const node& other, const std::string& text) {
  EXPECT_EQ(one.is, other.is) << text;
  EXPECT_EQ(one.quoted, other.quoted) << one.scalar << " in " << text;
  EXPECT_EQ(one.scalar, other.scalar) << text;
  ASSERT_EQ(one.items.size(), other.items.size()) << text;
  ASSERT_EQ(one.members.size(), other.members.size()) << text;
  for (std::size_t i = 0; i < one.items.size(); ++i) {
    expect_same(one.items[i], other.items[i], text);
  }
  for (std::size_t i = 0; i < one.members.size(); ++i) {
    EXPECT_EQ(one.members[i].key, other.members[i].key);
    expect_same(one.members[i].value, other.members[i].value, text);
  }
}

class YamlText : public testing::TestWithParam<const char*> {};

TEST_P(YamlText, ReadsBackAsTheSameTree) {
  const node before = parsed(GetParam());
  const std::string text = to_yaml(before);
  expect_same(before, parsed(text), text);
}

INSTANTIATE_TEST_SUITE_P(
    Trees, YamlText,
    testing::Values("a: 1", "a: {b: [1, two, '3'], c: {}, d: []}", "- - 1\n  - {a: b}\n- ~\n- []",
                    "text: |\n  two\n  lines\n", "quoted: \"null\"\nnull_one: ~",
                    "a: '- no list'\nb: 'x: y'\nc: 'x #y'\nd: ' x '\ne: ''\nf: 'ends:'",
                    "a: -5\nb: '-5'\nc: 50%\nd: 10/s\ne: +/a/#\nf: $SYS/#\ng: 1:2",
                    "'key: odd': {'': 1}", "a: \"tab\\there\"\nb: 'quote \" and \\'", "just text",
                    "a: 'héllo'\n'ü': x", "'\xef\xbb\xbfkey': 1"));

TEST(YamlText, KeepsAByteOrderMarkThatIsText) {
  const std::string mark = "\xef\xbb\xbf";
  EXPECT_EQ(parsed(to_yaml(parsed("\t" + mark))).scalar, mark);
}

TEST(YamlText, IsInBlockStyle) {
  EXPECT_EQ(to_yaml(parsed("fleet: [{group: a, count: 2, publish: [{topic: 't'}]}, {group: b}]")),
            "fleet:\n"
            "  - group: a\n"
            "    count: 2\n"
            "    publish:\n"
            "      - topic: \"t\"\n"
            "  - group: b\n");
}

}  // namespace
}  // namespace gauntlet::config
