// Goal: the example of a mapping shows every key, and both what stands in it and what is commented
// out can be read back.

#include "harness/config/example.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/config/load.hpp"
#include "harness/config/object.hpp"

namespace gauntlet::config {
namespace {

struct window {
  std::string side;
  double width_m = 1.5;
};

struct house {
  std::string name = "home";
  std::string number = "12";
  duration heating = std::chrono::seconds(90);
  window front{.side = "north", .width_m = 2};
  std::vector<window> others;
  std::optional<std::string> owner;
};

reader<house> house_reader() {
  auto windows = object<window>("A window")
                     .required("side", &window::side, text(), "Where it looks")
                     .shown_as("south")
                     .optional("width", &window::width_m, real(0.1, 10), "In metres")
                     .build();
  return object<house>("A house")
      .optional("name", &house::name, text(), "What it is called")
      .optional("number", &house::number, text(), "On the door")
      .optional("heating", &house::heating, time_span(duration::zero(), std::chrono::hours(1)),
                "How long it takes to be warm")
      .optional("front", &house::front, &window::width_m, real(0.1, 10), "Width of the front")
      .optional("others", &house::others, list_of(windows), "Windows on the other sides")
      .optional("owner", &house::owner, text(), "Whose it is")
      .shown_as("ali")
      .build();
}

TEST(Example, ShowsEveryKeyWithItsDocumentationAndDefault) {
  EXPECT_EQ(house_reader().example,
            "# What it is called\n"
            "name: home\n"
            "# On the door\n"
            "number: \"12\"\n"
            "# How long it takes to be warm\n"
            "heating: 1m30s\n"
            "# Width of the front\n"
            "front: 2\n"
            "# Windows on the other sides\n"
            "others: []\n"
            "#others:\n"
            "#  -\n"
            "#    # Where it looks\n"
            "#    side: south\n"
            "#    # In metres\n"
            "#    width: 1.5\n"
            "# Whose it is\n"
            "#owner: ali\n");
}

TEST(Example, ReadsBackAsTheDefaults) {
  const auto read = load_text(house_reader().example, "f.yaml", house_reader());
  ASSERT_TRUE(read.has_value()) << to_failure(read.error()).message;
  EXPECT_EQ(read->name, "home");
  EXPECT_EQ(read->number, "12");
  EXPECT_EQ(read->heating, std::chrono::seconds(90));
  EXPECT_EQ(read->front.width_m, 2);
  EXPECT_THAT(read->others, testing::IsEmpty());
  EXPECT_FALSE(read->owner.has_value());
}

TEST(Example, ReadsBackWithWhatIsCommentedOut) {
  const auto read =
      load_text(without_comment_marks(house_reader().example), "f.yaml", house_reader());
  ASSERT_TRUE(read.has_value()) << to_failure(read.error()).message;
  ASSERT_EQ(read->others.size(), 1U);
  EXPECT_EQ(read->others[0].side, "south");
  EXPECT_EQ(read->owner, "ali");
}

TEST(Example, BreaksLongDocumentation) {
  const std::string doc = "word " + std::string(60, 'x') + ' ' + std::string(60, 'y');
  EXPECT_EQ(mapping_example({{.name = "a", .has_default = true, .default_ = "1", .doc = doc}}),
            "# word " + std::string(60, 'x') + "\n# " + std::string(60, 'y') + "\na: 1\n");
}

TEST(Object, ReadsOverWhatIsThere) {
  house existing{.name = "old", .others = {{.side = "west"}}};
  diagnostics wrong("f.yaml");
  const node document = parse_yaml("{number: \"7\", others: [{side: east}]}", wrong);
  ASSERT_TRUE(house_reader().read(document, existing, wrong));
  EXPECT_EQ(existing.name, "old");
  EXPECT_EQ(existing.number, "7");
  ASSERT_EQ(existing.others.size(), 1U);
  EXPECT_EQ(existing.others[0].side, "east");
}

}  // namespace
}  // namespace gauntlet::config
