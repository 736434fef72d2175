// Goal: bytes and their text form belong together one to one.

#include "harness/base/base64.hpp"

#include <gtest/gtest.h>

namespace gauntlet {
namespace {

TEST(Base64, WritesAndReadsTheVectorsOfTheStandard) {
  constexpr std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(plain)), text);
    const auto read = from_base64(text);
    ASSERT_TRUE(read.has_value()) << text;
    EXPECT_EQ(as_text(*read), plain);
  }
}

TEST(Base64, GoesThroughEveryByte) {
  byte_buffer bytes;
  for (unsigned i = 0; i < 256; ++i) bytes.push_back(static_cast<std::uint8_t>(i));
  EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
}

TEST(Base64, RefusesWhatItWouldNotWrite) {
  for (const std::string_view wrong : {"Zg", "Zg=", "Z", "====", "=", "Zm9v=", "Zm 9", "Zm9-",
                                       "Zh==", "Zm9=", "Zg==Zg==", "Zm9v\n"}) {
    EXPECT_FALSE(from_base64(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace gauntlet
