// Goal: a recorded result renders again as it did the first time, and a file that is none is
// refused with the place.

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class Report : public end_to_end {
 protected:
  void make_result() { shown = run_small({.duration = "500ms"}, {"--quiet"}).out; }

  std::string shown;
};

TEST_F(Report, ShowsTheSameText) {
  make_result();
  for (const char* given : {"out", "out/", "out/result.json"}) {
    const program_end again = run({"report", given});
    EXPECT_EQ(again.code, 0) << again;
    EXPECT_EQ(again.out + "report: out/report.html\n", shown);
    EXPECT_THAT(again.err, IsEmpty());
  }
}

TEST_F(Report, MakesTheSameFiles) {
  make_result();
  const program_end made =
      run({"report", "out", "--html", "a.html", "--junit", "a.xml", "--markdown", "a.md"});
  EXPECT_EQ(made.code, 0) << made;
  EXPECT_THAT(made.out, IsEmpty());
  EXPECT_EQ(content_of("a.html"), content_of("out/report.html"));
  EXPECT_EQ(content_of("a.xml"), content_of("out/junit.xml"));
  EXPECT_EQ(content_of("a.md"), content_of("out/summary.md"));
}

TEST_F(Report, TellsOfAFailedRunWithoutFailing) {
  run_small({}, {"--defect", "lose-qos1-delivery:1/20"});
  EXPECT_THAT(run({"report", "out"}), ends_with(0, "FAILED  small on"));
}

TEST_F(Report, NeedsAResult) {
  EXPECT_THAT(run({"report", "none"}),
              fails_with(2, "gauntlet: cannot read none: No such file or directory"));
  EXPECT_THAT(run({"report", "."}), fails_with(2, "cannot read ./result.json: No such file"));
}

TEST_F(Report, NamesThePlaceOfBadJson) {
  folder.write("text.json", "{\n  \"format\": yes\n}\n");
  EXPECT_THAT(run({"report", "text.json"}),
              fails_with(2, "gauntlet: text.json: line 2, column 13"));
  make_result();
  const std::string whole = content_of("out/result.json");
  folder.write("half.json", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(run({"report", "half.json"}), fails_with(2, "half.json: line ", "incomplete JSON"));
}

TEST_F(Report, NamesThePlaceOfABadValue) {
  make_result();
  std::string text = content_of("out/result.json");
  const std::string right = "\"attempts\": 10";
  const std::size_t at = text.find(right);
  ASSERT_NE(at, text.npos) << text;
  folder.write("value.json", text.replace(at, right.size(), "\"attempts\": \"x\""));
  EXPECT_THAT(run({"report", "value.json"}),
              fails_with(2, "value.json: /", "attempts: expected a whole number"));
}

TEST_F(Report, RefusesAnotherVersion) {
  make_result();
  std::string text = content_of("out/result.json");
  const std::string right = "\"version\": 1,";
  const std::size_t at = text.find(right);
  ASSERT_NE(at, text.npos) << text;
  folder.write("later.json", text.replace(at, right.size(), "\"version\": 99,"));
  EXPECT_THAT(run({"report", "later.json"}),
              fails_with(2, "written in version 99 of the form; this gauntlet reads 1"));
}

TEST_F(Report, NamesTheFileThatCannotBeWritten) {
  make_result();
  EXPECT_THAT(run({"report", "out", "--html", "none/a.html"}),
              fails_with(3, "gauntlet: cannot write none/a.html: No such file or directory"));
  EXPECT_THAT(run({"report", "out", "--junit", "/dev/full"}),
              fails_with(3, "cannot write /dev/full: No space left on device"));
}

}  // namespace
}  // namespace gauntlet::test
