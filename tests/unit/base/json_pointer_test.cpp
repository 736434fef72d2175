// Goal: a JSON Pointer finds what it points to, and nothing in texts that are no JSON.

#include "harness/base/json_pointer.hpp"

#include <gtest/gtest.h>

namespace gauntlet {
namespace {

constexpr std::string_view document =
    R"({"_g":"00ff","value":21.5,"whole":-7,"on":true,"none":null,"a/b":1,"m~n":2,)"
    R"("deep":{"list":[10,{"x":"\u00e9\n\ud83d\ude00"},[]]},"value":9})";

TEST(JsonPointer, FindsScalars) {
  EXPECT_EQ(find_json(document, "/value"), json_scalar(21.5));
  EXPECT_EQ(find_json(document, "/whole"), json_scalar(std::int64_t{-7}));
  EXPECT_EQ(find_json(document, "/on"), json_scalar(true));
  EXPECT_EQ(find_json(document, "/none"), json_scalar());
  EXPECT_EQ(find_json(document, "/a~1b"), json_scalar(std::int64_t{1}));
  EXPECT_EQ(find_json(document, "/m~0n"), json_scalar(std::int64_t{2}));
  EXPECT_EQ(find_json(document, "/deep/list/0"), json_scalar(std::int64_t{10}));
  EXPECT_EQ(find_json(document, "/deep/list/1/x"), json_scalar(std::string("é\n😀")));
  EXPECT_EQ(find_json(" 5 ", ""), json_scalar(std::int64_t{5}));
  EXPECT_EQ(find_json("1e3", ""), json_scalar(1000.0));
}

TEST(JsonPointer, FindsNothingElse) {
  for (const std::string_view pointer :
       {"/nothing", "/deep", "/deep/list", "/deep/list/3", "/deep/list/01", "/deep/list/x",
        "/deep/list/-1", "/value/x", "value", "/a~2b"}) {
    EXPECT_FALSE(find_json(document, pointer)) << pointer;
  }
}

TEST(JsonPointer, RefusesWhatIsNoJson) {
  for (const std::string_view text :
       {"", "{", "{\"x\"", "{\"x\":", "{\"x\":tru", "{\"x\":\"", "{\"x\":\"\\", "{\"x\":\"\\u12",
        "{\"x\":\"\\ud800\"}", "{\"x\":01}", "{\"x\":-}", "{\"x\":1e999}", "{x:1}", "\"x\"",
        "{\"y\":[1,}", "{\"y\":{\"z\":1]", "[1,2"}) {
    EXPECT_FALSE(find_json(text, "/x")) << text;
  }
}

TEST(JsonPointer, IsBoundedInDepth) {
  const std::string deep =
      "{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + ",\"x\":1}";
  EXPECT_FALSE(find_json(deep, "/x"));
  std::string pointer;
  for (int i = 0; i < 100; ++i) pointer += "/0";
  EXPECT_FALSE(find_json(std::string(100, '[') + "1" + std::string(100, ']'), pointer));
  EXPECT_EQ(find_json(std::string(60, '[') + "1", pointer.substr(0, 120)),
            json_scalar(std::int64_t{1}));
}

// Cutting a text anywhere, or damaging any byte of it, never does more than find nothing.
TEST(JsonPointer, SurvivesDamage) {
  for (std::size_t at = 0; at < document.size(); ++at) {
    static_cast<void>(find_json(document.substr(0, at), "/deep/list/1/x"));
    for (const char c : {'\0', '"', '\\', '{', ']', '9', '\xff'}) {
      std::string damaged(document);
      damaged[at] = c;
      static_cast<void>(find_json(damaged, "/deep/list/1/x"));
    }
  }
  SUCCEED();
}

}  // namespace
}  // namespace gauntlet
