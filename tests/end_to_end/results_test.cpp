// Goal: what a run prints and writes can be relied on by people and by scripts.

#include <filesystem>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const small_fleet short_run{.duration = "500ms"};

class Results : public end_to_end {};

TEST_F(Results, AsJsonAreOneDocumentOnStdout) {
  const program_end how = run_small(short_run, {"--json"});
  EXPECT_EQ(how.code, 0) << how;
  boost::system::error_code wrong;
  const boost::json::value document = boost::json::parse(how.out, wrong);
  ASSERT_FALSE(wrong) << wrong.message() << "\n" << how;
  EXPECT_EQ(document.at("format").as_string(), "gauntlet.run_result");
  EXPECT_EQ(document.at("verdict").as_string(), "pass");
  EXPECT_TRUE(exists("out/result.json"));
}

TEST_F(Results, AsJsonAreNothingWhenThereAreNone) {
  const program_end how =
      run_small(short_run, {"--json", "--target", "mqtt://127.0.0.1:" + closed_port()});
  EXPECT_EQ(how.code, 3);
  EXPECT_THAT(how.out, IsEmpty());
}

TEST_F(Results, AsJsonTellAVerdictThatFails) {
  const program_end how = run_small({}, {"--json", "--defect", "lose-qos1-delivery:1/20"});
  EXPECT_EQ(how.code, 1) << how;
  EXPECT_EQ(boost::json::parse(how.out).at("verdict").as_string(), "fail");
}

TEST_F(Results, ArePlainLinesWithoutATerminal) {
  const program_end how = run_small(short_run);
  for (const std::string& text : {how.out, how.err}) {
    EXPECT_THAT(text, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\r"))));
  }
  EXPECT_THAT(how.out, StartsWith("small on embedded: 12 devices, seed 7\n"));
  EXPECT_THAT(how.err, AllOf(HasSubstr(" connecting: "), HasSubstr(" publishing: ")));
}

TEST_F(Results, AreTheVerdictAloneWhenQuiet) {
  for (const char* flag : {"--quiet", "-q"}) {
    folder.write("small.yaml", short_run.yaml());
    const program_end how = run({"run", "small.yaml", flag, "--out", std::string("quiet") + flag});
    EXPECT_THAT(how.err, IsEmpty());
    EXPECT_THAT(how, ends_with(0, "PASSED"));
    EXPECT_THAT(how.out, Not(HasSubstr("12 devices, seed 7\n")));
  }
}

TEST_F(Results, GoIntoAFolderOfTheirOwn) {
  folder.write("small.yaml", short_run.yaml());
  EXPECT_EQ(run({"run", "small.yaml"}).code, 0);
  EXPECT_EQ(run({"run", "small.yaml"}).code, 0);
  int runs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "results")) {
    EXPECT_THAT(entry.path().filename().string(), StartsWith("small-"));
    for (const char* file : {"result.json", "report.html", "junit.xml", "summary.md"}) {
      EXPECT_TRUE(std::filesystem::exists(entry.path() / file)) << file;
    }
    ++runs;
  }
  EXPECT_EQ(runs, 2) << "two runs within a second must not share a folder";
}

TEST_F(Results, AreNeverOverwritten) {
  EXPECT_EQ(run_small(short_run).code, 0);
  const std::string before = content_of("out/result.json");
  EXPECT_THAT(run_small(short_run),
              fails_with(2, "gauntlet: out already holds a result; choose another folder"));
  EXPECT_EQ(content_of("out/result.json"), before);
}

TEST_F(Results, NeedAPlace) {
  folder.write("small.yaml", short_run.yaml());
  EXPECT_THAT(run({"run", "small.yaml", "--out", "small.yaml/x"}),
              fails_with(2, "gauntlet: cannot make the folder small.yaml/x: Not a directory"));
  EXPECT_THAT(run({"run", "small.yaml", "--out", "small.yaml"}),
              fails_with(2, "small.yaml: Not a directory"));
  // Even root may not write there.
  EXPECT_THAT(run({"run", "small.yaml", "--out", "/proc"}),
              fails_with(2, "the results have no place: cannot write /proc/", "--out"));
}

TEST_F(Results, ThatCannotBeWrittenAreAtLeastShown) {
  const running_broker broker = start_broker();
  program run = start_small({}, {"--target", broker.url});
  await_phase(run, "publishing");
  std::filesystem::remove_all(folder.path() / "out");

  const program_end how = run.finish();
  EXPECT_THAT(how, fails_with(3, "out/result.json", "No such file or directory"));
  EXPECT_THAT(how.out, AllOf(HasSubstr("PASSED"), Not(HasSubstr("report: "))));
}

TEST_F(Results, TellOfAFileThatGrowsTooLarge) {
  folder.write("small.yaml", short_run.yaml());
  const std::string limited = "trap '' XFSZ; ulimit -f 8; exec \"$0\" run small.yaml --out out";
  const program_end how = run_other({"sh", "-c", limited, GAUNTLET_PROGRAM});
  EXPECT_THAT(how, fails_with(3, "gauntlet: cannot write ", "out/result.json", "File too large"));
  EXPECT_FALSE(exists("out/result.json")) << "half a result is worse than none";
}

TEST_F(Results, SayHowToRunThemAgain) {
  const program_end how = run_small(short_run);
  const std::string line = "Again: " GAUNTLET_PROGRAM " run small.yaml --out out --seed 7\n";
  EXPECT_THAT(how.out, HasSubstr(line));
}

}  // namespace
}  // namespace gauntlet::test
