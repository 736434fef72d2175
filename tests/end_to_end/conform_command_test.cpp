// Goal: `gauntlet conform` tests a broker, says what it saw, gates on an expectation file, and
// tells every wrong use of it in one sentence.

#include <csignal>
#include <fstream>

#include "harness/record/conformance_json.hpp"
#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

// One quick test in both versions, and a defect that it catches.
const words one_test{"conform", "--only", "MQTT-3.1.0-2/second-connect", "--out"};
constexpr const char* its_defect = "accept-second-connect";

class ConformCommand : public end_to_end {
 protected:
  program_end conform(const std::string& out, const words& more = {}) const {
    words all = one_test;
    all.push_back(out);
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  }

  record::conformance_result conformance(const std::string& out) const {
    auto read = record::read_conformance_result(folder.path() / out / "result.json");
    EXPECT_TRUE(read.has_value()) << read.error().message;
    return read ? std::move(*read) : record::conformance_result{};
  }
};

TEST_F(ConformCommand, PassesOnTheCorrectBrokerAndLeavesAllReports) {
  EXPECT_THAT(conform("out"), ends_with(0, "CONFORMS", "MQTT 3.1.1", "MQTT 5.0", "seed"));
  for (const char* file :
       {"result.json", "report.html", "junit.xml", "tests.jsonl", "summary.md", "badge.svg"}) {
    EXPECT_TRUE(exists(std::string("out/") + file)) << file;
  }
  const record::conformance_result seen = conformance("out");
  EXPECT_EQ(seen.verdict, record::verdict::pass);
  EXPECT_EQ(seen.ending, record::ending::complete);
  EXPECT_FALSE(seen.capabilities.empty());
}

TEST_F(ConformCommand, PassesAllQuickTestsOnTheCorrectBroker) {
  EXPECT_THAT(run({"conform", "--fast", "--quiet", "--out", "out"}), ends_with(0, "CONFORMS"));
}

TEST_F(ConformCommand, FailsOnADefectWithThePackets) {
  EXPECT_THAT(conform("out", {"--defect", its_defect}),
              ends_with(1, "DOES NOT CONFORM", "MQTT-3.1.0-2/second-connect"));
  const record::conformance_result seen = conformance("out");
  EXPECT_THAT(
      seen.tests,
      Contains(AllOf(Field(&record::test_record::id, "MQTT-3.1.0-2/second-connect"),
                     Field(&record::test_record::verdict, record::test_verdict::fail),
                     Field(&record::test_record::transcripts, testing::Not(testing::IsEmpty())))));
}

TEST_F(ConformCommand, LeavesReproducersAndCaptures) {
  EXPECT_THAT(conform("out", {"--defect", its_defect, "--pcap", "captures"}),
              ends_with(1, "DOES NOT CONFORM"));
  const record::conformance_result seen = conformance("out");
  for (const record::test_record& each : seen.tests) {
    if (each.verdict != record::test_verdict::fail || each.transcripts.empty()) continue;
    ASSERT_TRUE(each.reproducer.has_value()) << each.id;
    EXPECT_THAT(each.reproducer->command,
                testing::StartsWith(std::string("gauntlet conform --target embedded --defect ") +
                                    its_defect + " --only " + each.id + " --protocol "));
    EXPECT_THAT(each.reproducer->python, testing::HasSubstr(each.id));
  }
  EXPECT_TRUE(exists("captures/MQTT-3.1.0-2-second-connect-mqtt-5.0.pcapng"));
}

TEST_F(ConformCommand, TestsABrokerThatItStarts) {
  EXPECT_THAT(conform("out", {"--target", "mosquitto"}), ends_with(0, "mosquitto"));
  EXPECT_EQ(conformance("out").target.profile, "mosquitto");
}

TEST_F(ConformCommand, GatesOnExpectations) {
  const words file{"--expectations", "gate.yaml"};
  EXPECT_THAT(conform("a", {"--expectations", "gate.yaml"}), fails_with(2, "gate.yaml"));
  EXPECT_THAT(conform("b", {"--expectations", "gate.yaml", "--update-expectations", "--defect",
                            its_defect}),
              ends_with(0, "AS EXPECTED"));
  EXPECT_THAT(conform("c", {"--expectations", "gate.yaml", "--defect", its_defect}),
              ends_with(0, "AS EXPECTED"));
  EXPECT_THAT(conform("d", file), ends_with(1, "MQTT-3.1.0-2/second-connect"));
  EXPECT_THAT(conformance("d").expectations->differences,
              Contains(Field(&record::expectation_difference::change,
                             record::expectation_change::unexpected_pass)));
}

TEST_F(ConformCommand, ListsTestsWithoutABroker) {
  EXPECT_THAT(run({"conform", "--dry-run", "--only", "3.1", "--protocol", "5.0", "--target",
                   "mqtt://127.0.0.1:1"}),
              ends_with(0, "MQTT-3.1.0-2/second-connect", "second CONNECT"));
}

TEST_F(ConformCommand, ProvesItsTests) {
  EXPECT_THAT(run({"conform", "--prove", "--only", "MQTT-3.1.0-2/second-connect"}),
              ends_with(0, its_defect, "2 tests", "proofs hold"));
}

TEST_F(ConformCommand, TellsWhatIsWrongWithItsUse) {
  EXPECT_THAT(run({"conform", "--only", "MQTT-9*"}),
              fails_with(2, "--only 'MQTT-9*' matches no test"));
  EXPECT_THAT(run({"conform", "--only", "3.1", "--skip", "*"}), fails_with(2, "no test is left"));
  EXPECT_THAT(run({"conform", "--protocol", "4"}), fails_with(2, "--protocol"));
  EXPECT_THAT(run({"conform", "--jobs", "0"}), fails_with(2, "--jobs"));
  EXPECT_THAT(run({"conform", "--matrix", "embedded,mosquitto", "--expectations", "gate.yaml"}),
              fails_with(2, "--matrix and --expectations do not go together"));
  EXPECT_THAT(run({"conform", "--matrix", "embedded,embedded"}),
              fails_with(2, "--matrix names embedded twice"));
  EXPECT_THAT(run({"conform", "--update-expectations"}),
              fails_with(2, "--update-expectations needs --expectations FILE"));
  std::ofstream(folder.path() / "bad.yaml")
      << "broker: x\nexpect:\n  - test: a\n    verdct: fail\n";
  EXPECT_THAT(conform("e", {"--expectations", "bad.yaml"}), fails_with(2, "bad.yaml:4:"));
  EXPECT_THAT(conform("f", {"--target", "mqtt://127.0.0.1:" + closed_port()}),
              fails_with(3, "127.0.0.1"));
  EXPECT_FALSE(exists("f/result.json"));
}

TEST_F(ConformCommand, WritesTheReportWhenItIsInterrupted) {
  program started = start({"conform", "--repeat", "1000", "--only", "MQTT-3.1.0-2/second-connect",
                           "--only", "MQTT-3.1.2-22/silent-client", "--out", "out"});
  EXPECT_TRUE(await([&] { return exists("out/embedded.log"); }));
  started.signal_group(SIGINT);
  const program_end how = started.finish(std::chrono::seconds(20));
  EXPECT_EQ(how.code, 1) << how;
  const record::conformance_result seen = conformance("out");
  EXPECT_EQ(seen.ending, record::ending::interrupted);
  EXPECT_NE(seen.verdict, record::verdict::pass);
}

}  // namespace
}  // namespace gauntlet::test
