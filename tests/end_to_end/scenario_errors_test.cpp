// Goal: whoever writes a scenario wrongly reads where, what, and what would be right; nothing
// starts.

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;

class ScenarioErrors : public end_to_end {
 protected:
  program_end run_text(const std::string& text) {
    folder.write("bad.yaml", text);
    return run({"run", "bad.yaml", "--out", "out"});
  }

  /// The small fleet, with one passage written otherwise.
  program_end run_with(const std::string& right, const std::string& wrong) {
    std::string text = small_fleet().yaml();
    const std::size_t at = text.find(right);
    if (at == text.npos) {
      ADD_FAILURE() << "no " << right;
      return {};
    }
    return run_text(text.replace(at, right.size(), wrong));
  }

  void TearDown() override {
    EXPECT_FALSE(exists("out")) << "something has been started";
    EXPECT_FALSE(exists("results"));
  }
};

TEST_F(ScenarioErrors, MissingFile) {
  EXPECT_THAT(run({"run", "none.yaml"}),
              fails_with(2, "gauntlet: there is no scenario file none.yaml",
                         "'gauntlet scenario list' shows those"));
  EXPECT_THAT(run({"run", "folder/none.yaml"}),
              fails_with(2, "there is no scenario file folder/none.yaml;"));
}

TEST_F(ScenarioErrors, DirectoryInPlaceOfAFile) {
  EXPECT_THAT(run({"run", "/etc"}), fails_with(2, "gauntlet: /etc: this is not a regular file"));
  EXPECT_THAT(run({"scenario", "check", "/etc"}),
              fails_with(2, "/etc: this is not a regular file"));
}

TEST_F(ScenarioErrors, EmptyFile) {
  EXPECT_THAT(run_text(""), fails_with(2, "gauntlet: bad.yaml:1:1: the file is empty"));
}

TEST_F(ScenarioErrors, OnlyComments) {
  EXPECT_THAT(run_text("# nothing\n"), fails_with(2, "bad.yaml:1:1: "));
}

TEST_F(ScenarioErrors, NotText) {
  EXPECT_THAT(run_text("name: a\nduration: 1s\xff\n"),
              fails_with(2, "bad.yaml:2:13: this is not UTF-8 text"));
}

TEST_F(ScenarioErrors, BadSyntax) {
  EXPECT_THAT(run_text("name: [small\nduration: 1s\n"),
              fails_with(2, "bad.yaml:2:9: this is not valid YAML"));
}

TEST_F(ScenarioErrors, UnknownKey) {
  EXPECT_THAT(run_with("seed: 7", "sede: 7"),
              fails_with(2, "bad.yaml:2:1: unknown key 'sede', did you mean 'seed'?"));
}

TEST_F(ScenarioErrors, KeyThatStandsTwice) {
  EXPECT_THAT(run_with("seed: 7", "seed: 7\nseed: 8"),
              fails_with(2, "bad.yaml:3:1: the key 'seed' stands twice"));
}

TEST_F(ScenarioErrors, WrongType) {
  EXPECT_THAT(run_with("count: 10", "count: ten"),
              fails_with(2, "bad.yaml:8:12: fleet[0].count: expected a whole number from 1 to "));
  EXPECT_THAT(run_with("arrival: all_at_once", "arrival: [1, 2]"),
              fails_with(2, "bad.yaml:5:10: "));
}

TEST_F(ScenarioErrors, ImpossibleValue) {
  EXPECT_THAT(run_with("qos: 1", "qos: 7"),
              fails_with(2,
                         "bad.yaml:12:52: fleet[0].publish[1].qos: expected a whole number from "
                         "0 to 2, not '7'"));
  EXPECT_THAT(run_with("t/+/q0", "t/#/q0"),
              fails_with(2, "bad.yaml:18:18: ", "'t/#/q0' cannot be a topic filter"));
  EXPECT_THAT(run_with("duration: 1s", "duration: 1"),
              fails_with(2, "bad.yaml:3:11: duration: ",
                         "'1' is not a duration; write a number with its unit"));
}

TEST_F(ScenarioErrors, AllErrorsAtOnce) {
  std::string text = small_fleet().yaml();
  text.replace(text.find("seed: 7"), 7, "sede: 7");
  text.replace(text.find("count: 10"), 9, "count: -1");
  text.replace(text.find("connected: 100%"), 15, "connected: 200%");
  EXPECT_THAT(run_text(text),
              fails_with(2, "bad.yaml:2:1: unknown key 'sede'", "\nbad.yaml:8:12: fleet[0].count: ",
                         "\nbad.yaml:22:17: expect[0].connected: "));
}

TEST_F(ScenarioErrors, ExpectationAboutAGroupThatIsNotThere) {
  EXPECT_THAT(run_with("{connected: 100%", "{group: sender, connected: 100%"),
              fails_with(2, "bad.yaml:22:", "there is no group 'sender', did you mean 'senders'?"));
}

TEST_F(ScenarioErrors, CheckSaysTheSame) {
  folder.write("bad.yaml", "name: a\n");
  const program_end checked = run({"scenario", "check", "bad.yaml"});
  EXPECT_THAT(checked,
              fails_with(2, "bad.yaml:1:1: exactly one of 'duration', 'stages' must be given",
                         "the key 'fleet' is missing"));
  EXPECT_EQ(checked.err, run({"run", "bad.yaml"}).err);
}

}  // namespace
}  // namespace gauntlet::test
