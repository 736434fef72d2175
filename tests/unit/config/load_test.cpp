// Goal: a file yields its model, or every error in it at its place.

#include "harness/config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/config/object.hpp"

namespace gauntlet::config {
namespace {

using testing::ElementsAre;

enum class color { red, green };

struct lamp {
  std::string name;
  std::uint16_t watts = 40;
  color shade = color::green;
  std::optional<duration> fade;
  place at;
};

struct room {
  std::string title;
  std::vector<lamp> lamps;
};

reader<room> room_reader() {
  auto lamp_reader =
      object<lamp>("A lamp")
          .required("name", &lamp::name, text({.length_min = 1}), "What it is called")
          .optional("watts", &lamp::watts, integer<std::uint16_t>(1, 100), "How bright")
          .optional("shade", &lamp::shade,
                    one_of<color>({{"red", color::red}, {"green", color::green}}), "Its color")
          .optional("fade", &lamp::fade,
                    time_span(std::chrono::milliseconds(1), std::chrono::hours(1)), "Switching")
          .placed(&lamp::at)
          .check([](const lamp& made, const node& from, diagnostics& wrong) {
            if (made.shade == color::red && made.watts > 60) {
              wrong.add(*from.find("watts"), "red lamps have at most 60 watts");
            }
          })
          .build();
  return object<room>("A room")
      .optional("title", &room::title, text(), "Over the door")
      .required("lamps", &room::lamps, list_of(lamp_reader, 1), "What gives light")
      .build();
}

std::vector<std::string> errors(std::string_view text) {
  const auto loaded = load_text(text, "f.yaml", room_reader());
  std::vector<std::string> lines;
  if (!loaded) {
    for (const diagnostic& one : loaded.error()) lines.push_back(to_string(one));
  }
  return lines;
}

TEST(LoadText, FillsTheModelAndKeepsDefaults) {
  const auto loaded = load_text(
      "title: Hall\nlamps:\n  - name: a\n  - {name: b, watts: 60, shade: red, fade: 1.5s}\n",
      "f.yaml", room_reader());
  ASSERT_TRUE(loaded) << to_failure(loaded.error()).message;
  EXPECT_EQ(loaded->title, "Hall");
  ASSERT_EQ(loaded->lamps.size(), 2U);
  EXPECT_EQ(loaded->lamps[0].watts, 40);
  EXPECT_EQ(loaded->lamps[0].fade, std::nullopt);
  EXPECT_EQ(loaded->lamps[0].at, (place{3, 5}));
  EXPECT_EQ(loaded->lamps[1].shade, color::red);
  EXPECT_EQ(loaded->lamps[1].fade, std::chrono::milliseconds(1500));
}

TEST(LoadText, TellsAllErrorsAtOnceInFileOrder) {
  EXPECT_THAT(
      errors("titel: Hall\nlamps:\n  - {nam: a, watts: 0}\n  - {name: b, shade: blue, fade: 5}\n"),
      ElementsAre(
          "f.yaml:1:1: unknown key 'titel', did you mean 'title'?",
          "f.yaml:3:5: lamps[0]: the key 'name' is missing",
          "f.yaml:3:6: lamps[0]: unknown key 'nam', did you mean 'name'?",
          "f.yaml:3:21: lamps[0].watts: expected a whole number from 1 to 100, not '0'",
          "f.yaml:4:22: lamps[1].shade: expected one of red, green, not 'blue'",
          "f.yaml:4:34: lamps[1].fade: '5' is not a duration; write a number with its unit, like "
          "250ms, 10s, 5m, 1h30m or 1d, up to 100 years"));
}

TEST(LoadText, ChecksAcrossFields) {
  EXPECT_THAT(errors("lamps:\n  - {name: b, shade: red, watts: 61}\n"),
              ElementsAre("f.yaml:2:34: lamps[0].watts: red lamps have at most 60 watts"));
}

TEST(LoadText, RefusesWrongTypes) {
  EXPECT_THAT(errors("lamps: 5"), ElementsAre("f.yaml:1:8: lamps: expected a list, not '5'"));
  EXPECT_THAT(errors("[1]"), ElementsAre("f.yaml:1:1: expected a mapping, not a list"));
  EXPECT_THAT(errors("lamps: []"),
              ElementsAre("f.yaml:1:8: lamps: expected 1 to 10000 elements, not 0"));
  EXPECT_THAT(errors("lamps: [{name: [a]}]"),
              ElementsAre("f.yaml:1:16: lamps[0].name: expected text, not a list"));
  EXPECT_THAT(errors("lamps: [{name: 7}]"),
              ElementsAre("f.yaml:1:16: lamps[0].name: expected text, not '7'; put it into quotes "
                          "if it is meant as text"));
  EXPECT_THAT(errors("lamps: [{name: '7', watts: '8'}]"),
              ElementsAre("f.yaml:1:28: lamps[0].watts: expected a whole number from 1 to 100, not "
                          "'8'"));
  EXPECT_THAT(errors("lamps: [{name: ''}]"),
              ElementsAre("f.yaml:1:16: lamps[0].name: the text must not be empty"));
  EXPECT_THAT(errors("lamps: [{name: ~}]"),
              ElementsAre("f.yaml:1:16: lamps[0].name: expected text, not nothing"));
  EXPECT_THAT(errors("lamps: [{name: a, fade: 2h}]"),
              ElementsAre("f.yaml:1:25: lamps[0].fade: expected a duration from 1ms to 1h, not "
                          "'2h'"));
}

TEST(LoadFile, SaysWhatIsWrongWithTheFileItself) {
  const auto missing = load_file("/nonexistent/f.yaml", room_reader());
  ASSERT_FALSE(missing);
  EXPECT_EQ(to_failure(missing.error()).message, "/nonexistent/f.yaml: there is no such file");
  EXPECT_EQ(to_failure(missing.error()).code, exit_code::bad_input);
  const auto folder = load_file("/tmp", room_reader());
  ASSERT_FALSE(folder);
  EXPECT_EQ(to_string(folder.error().front()), "/tmp: this is not a regular file");
}

}  // namespace
}  // namespace gauntlet::config
