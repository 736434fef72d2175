// Goal: placeholders are replaced as documented, and mistakes are explained.

#include "sim/scenario/text_template.hpp"

#include <gtest/gtest.h>

namespace gauntlet::sim {
namespace {

constexpr template_values sample{
    .group = "doors", .index = 7, .device = 1007, .seed = 42, .client_id = "door-7"};

std::string expanded(std::string_view source) {
  const auto parsed = text_template::parse(source);
  return parsed ? parsed->expand(sample) : parsed.error().message;
}

TEST(TextTemplate, ReplacesPlaceholders) {
  EXPECT_EQ(expanded(""), "");
  EXPECT_EQ(expanded("plain"), "plain");
  EXPECT_EQ(expanded("a/{group}/{index}/b"), "a/doors/7/b");
  EXPECT_EQ(expanded("{index:05}{device:03}{seed:10}x"),
            "'{index:05}{device:03}{seed:10}x': after the colon only zero padding to 1 to 20 "
            "digits of a number is possible, like {index:05}");
  EXPECT_EQ(expanded("{index:05}-{device:03}-{seed:010}"), "00007-1007-0000000042");
  EXPECT_EQ(expanded("{client_id}{client_id}"), "door-7door-7");
  EXPECT_EQ(expanded("{index:020}"), "00000000000000000007");
}

TEST(TextTemplate, DoublesBraces) {
  EXPECT_EQ(expanded("{{\"i\":{index}}}"), "{\"i\":7}");
  EXPECT_EQ(expanded("{{{{}}}}"), "{{}}");
}

TEST(TextTemplate, ExplainsMistakes) {
  EXPECT_EQ(expanded("a{indx}"),
            "'a{indx}': there is no placeholder {indx}; there are {group}, {index}, {device}, "
            "{seed} and {client_id}, and {{ for the brace itself");
  EXPECT_EQ(expanded("a{index"), "'a{index': a '{' is never closed");
  EXPECT_EQ(expanded("a}b"), "'a}b': a '}' without its '{'; write }} for the brace itself");
  for (const char* source : {"{index:5}", "{index:}", "{index:0}", "{index:00}", "{index:021}",
                             "{index:0x}", "{group:05}", "{client_id:05}", "{index:005}"}) {
    EXPECT_NE(expanded(source).find(source == std::string("{index:005}") ? "00007" : "padding"),
              std::string::npos)
        << source;
  }
}

TEST(TextTemplate, KnowsWhatItUses) {
  const auto by_index = text_template::parse("{group}-{index}");
  EXPECT_TRUE(by_index->uses(placeholder::index));
  EXPECT_FALSE(by_index->uses(placeholder::device));
  EXPECT_TRUE(by_index->differs_by_device());
  EXPECT_FALSE(text_template::parse("{group}-{seed}")->differs_by_device());
  EXPECT_TRUE(text_template::parse("{{group}}")->is_constant());
}

}  // namespace
}  // namespace gauntlet::sim
