// Goal: text is told from bytes that only look like it, and mended without losing what is
// well-formed.

#include "harness/base/utf8.hpp"

#include <gtest/gtest.h>

namespace gauntlet {
namespace {

bool valid(std::string_view text) { return is_utf8(text); }

TEST(Utf8, AcceptsTheFirstAndLastCharacterOfEachLength) {
  EXPECT_TRUE(valid(""));
  EXPECT_TRUE(valid(std::string_view("\x00\x7F", 2)));
  EXPECT_TRUE(valid("\xC2\x80\xDF\xBF"));
  EXPECT_TRUE(valid("\xE0\xA0\x80\xEF\xBF\xBF"));
  EXPECT_TRUE(valid("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"));
  EXPECT_TRUE(valid("\xED\x9F\xBF\xEE\x80\x80"));  // around the surrogates
  EXPECT_TRUE(valid("\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5"));
}

TEST(Utf8, RefusesOverlongForms) {
  EXPECT_FALSE(valid("\xC0\x80"));
  EXPECT_FALSE(valid("\xC1\xBF"));
  EXPECT_FALSE(valid("\xE0\x9F\xBF"));
  EXPECT_FALSE(valid("\xF0\x8F\xBF\xBF"));
}

TEST(Utf8, RefusesSurrogatesAndTooLargeNumbers) {
  EXPECT_FALSE(valid("\xED\xA0\x80"));
  EXPECT_FALSE(valid("\xED\xBF\xBF"));
  EXPECT_FALSE(valid("\xF4\x90\x80\x80"));
  EXPECT_FALSE(valid("\xF5\x80\x80\x80"));
  EXPECT_FALSE(valid("\xFF"));
}

TEST(Utf8, RefusesCutAndStrayBytes) {
  const std::string_view longest = "\xF0\x90\x80\x80";
  for (std::size_t size = 1; size < longest.size(); ++size) {
    EXPECT_FALSE(valid(longest.substr(0, size))) << size;
    EXPECT_FALSE(valid(std::string(longest.substr(0, size)) + "a")) << size;
  }
  EXPECT_FALSE(valid("\x80"));
  EXPECT_FALSE(valid("a\xBF"));
}

TEST(Utf8, TellsTheSizeOfTheFirstSequence) {
  EXPECT_EQ(utf8_sequence_size("a\x80"), 1U);
  EXPECT_EQ(utf8_sequence_size("\xC2\x80z"), 2U);
  EXPECT_EQ(utf8_sequence_size("\xF0\x90\x80\x80z"), 4U);
  EXPECT_EQ(utf8_sequence_size("\xF0\x90\x80"), 0U);
}

TEST(Utf8, MendsEachBrokenByte) {
  EXPECT_EQ(to_valid_utf8("caf\xC3\xA9"), "caf\xC3\xA9");
  EXPECT_EQ(to_valid_utf8("a\xFF\xC3z"), "a\xEF\xBF\xBD\xEF\xBF\xBDz");
  EXPECT_EQ(to_valid_utf8(""), "");
}

}  // namespace
}  // namespace gauntlet
