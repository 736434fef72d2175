// Goal: a result of the conformance suite renders again as it did the first time, several go side
// by side, and two are compared.

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class ConformanceReport : public end_to_end {
 protected:
  void conform(const std::string& out, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"conform", "--only", "MQTT-3.1.0-2/*", "--quiet",
                                   "--out",   out,      "--seed",         "7"};
    words.insert(words.end(), more.begin(), more.end());
    const program_end how = run(words);
    ASSERT_TRUE(how.code == 0 || how.code == 1) << how;
  }
};

TEST_F(ConformanceReport, MakesTheSameFiles) {
  conform("out");
  const program_end made =
      run({"report", "out", "--html", "a.html", "--junit", "a.xml", "--markdown", "a.md",
           "--json-lines", "a.jsonl", "--badge", "a.svg"});
  EXPECT_EQ(made.code, 0) << made;
  EXPECT_EQ(content_of("a.html"), content_of("out/report.html"));
  EXPECT_EQ(content_of("a.xml"), content_of("out/junit.xml"));
  EXPECT_EQ(content_of("a.md"), content_of("out/summary.md"));
  EXPECT_EQ(content_of("a.jsonl"), content_of("out/tests.jsonl"));
  EXPECT_EQ(content_of("a.svg"), content_of("out/badge.svg"));
  EXPECT_THAT(run({"report", "out/result.json"}), ends_with(0, "MQTT conformance of"));
}

TEST_F(ConformanceReport, PutsSeveralSideBySide) {
  conform("right");
  conform("wrong", {"--defect", "accept-second-connect"});
  const program_end made =
      run({"report", "right", "wrong", "--html", "matrix.html", "--markdown", "matrix.md"});
  EXPECT_EQ(made.code, 0) << made;
  EXPECT_THAT(content_of("matrix.html"),
              AllOf(HasSubstr("\"report\":\"wrong/report.html\""), HasSubstr("</html>")));
  EXPECT_THAT(content_of("matrix.md"), AllOf(HasSubstr("embedded (wrong)"), HasSubstr("failed**")));
  EXPECT_THAT(run({"report", "right", "wrong", "--junit", "a.xml"}), fails_with(2, "--html"));
}

TEST_F(ConformanceReport, TellsWhatChanged) {
  conform("right");
  conform("wrong", {"--defect", "accept-second-connect"});
  EXPECT_THAT(run({"conform", "--diff", "right", "wrong"}),
              ends_with(1, "broke    3.1.1  MQTT-3.1.0-2/second-connect"));
  EXPECT_THAT(run({"conform", "--diff", "right", "right"}), ends_with(0, "unchanged"));
}

}  // namespace
}  // namespace gauntlet::test
