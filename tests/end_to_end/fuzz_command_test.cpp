// Goal: a campaign ends in time, accuses nobody who is innocent, finds what a broker does wrong,
// and plays it again; wrong words are told.

#include <csignal>
#include <filesystem>
#include <fstream>

#include "harness/record/fuzz_result.hpp"
#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class FuzzCommand : public end_to_end {
 protected:
  record::fuzz_result fuzzed(const std::string& out = "out") const {
    auto read = record::fuzz_result_from_json(content_of(out + "/result.json"), out);
    EXPECT_TRUE(read) << read.error().message;
    return read ? *read : record::fuzz_result();
  }

  /// A profile of the reference broker that has this defect.
  void write_profile(const std::string& defect) const {
    std::filesystem::create_directories(folder.path() / "profiles");
    folder.write("profiles/lying.yaml", R"(name: lying
title: A broker with a defect
install: comes with Gauntlet
command: )" GAUNTLET_PROGRAM R"(
arguments: [broker, --listen, "mqtt://127.0.0.1:{port}", --defect, )" +
                                            defect + R"(]
listeners:
  - { port: port, transport: tcp, versions: ["3.1.1", "5.0"] }
)");
  }
};

TEST_F(FuzzCommand, FindsNothingInTheReferenceBroker) {
  const auto end = run({"fuzz", "--inputs", "400", "--jobs", "2", "--seed", "1", "--out", "out"});
  EXPECT_THAT(end, ends_with(0, "Summary: no findings", "Report: out/report.html"));
  const auto result = fuzzed();
  EXPECT_EQ(result.target, "reference");
  EXPECT_EQ(result.workers, 2U);
  EXPECT_EQ(result.workers_lost, 0U);
  EXPECT_GT(result.executions, 100U);
  EXPECT_GT(result.behaviours, 100U);
  EXPECT_GT(result.corpus, 50U);
  EXPECT_THAT(result.remarks, IsEmpty());
  EXPECT_THAT(content_of("out/junit.xml"), HasSubstr("failures=\"0\""));
  EXPECT_THAT(content_of("out/summary.md"), HasSubstr("no findings"));
  EXPECT_THAT(content_of("out/report.html"), HasSubstr("<html"));
}

TEST_F(FuzzCommand, FindsABreachOfTheProtocolAndPlaysItAgain) {
  write_profile("accept-second-connect");
  const auto end = run({"fuzz", "--target", "lying", "--profiles", "profiles", "--inputs", "1500",
                        "--seed", "1", "--out", "out"});
  EXPECT_THAT(end, ends_with(1, "CONNECT", "finding"));
  const auto result = fuzzed();
  ASSERT_THAT(result.findings,
              Contains(AllOf(Field(&record::fuzz_finding::kind, record::finding_kind::protocol),
                             Field(&record::fuzz_finding::replayed, 5U),
                             Field(&record::fuzz_finding::sentence, HasSubstr("CONNECT")))));
  const auto& finding = result.findings.front();
  EXPECT_LE(finding.minimised.packets, 3U) << finding.script;
  EXPECT_THAT(content_of("out/" + finding.folder + "/README.md"), HasSubstr("--replay"));

  const std::string place = "out/" + finding.folder;
  EXPECT_THAT(run({"fuzz", "--target", "lying", "--profiles", "profiles", "--replay", place}),
              ends_with(1, "CONNECT", "Complaints in 5 of 5 times."));
  EXPECT_THAT(run({"fuzz", "--replay", place, "--times", "2"}),
              ends_with(0, "Complaints in 0 of 2 times."));
  EXPECT_THAT(run({"report", "out", "--html", "again.html"}), ends_with(0));
  EXPECT_THAT(content_of("again.html"), HasSubstr(finding.id));
}

TEST_F(FuzzCommand, EndsInOrderWhenInterrupted) {
  program campaign = start({"fuzz", "--time", "10m", "--seed", "1", "--out", "out"});
  ASSERT_TRUE(campaign.await([&] { return exists("out/worker-1/worker.json"); }));
  campaign.signal_group(SIGINT);
  const auto end = campaign.finish();
  EXPECT_THAT(end, ends_with(0, "interrupted", "Report: out/report.html"));
  EXPECT_TRUE(fuzzed().interrupted);
  EXPECT_GT(fuzzed().executions, 0U);
}

TEST_F(FuzzCommand, GoesOnWhenAWorkerIsKilled) {
  program campaign = start({"fuzz", "--time", "60s", "--seed", "1", "--out", "out"});
  const auto has_begun = [&](const std::string& worker) {
    return campaign.await([&] { return exists("out/" + worker + "/worker.json"); });
  };
  ASSERT_TRUE(has_begun("worker-1"));
  std::ifstream children("/proc/" + std::to_string(campaign.pid()) + "/task/" +
                         std::to_string(campaign.pid()) + "/children");
  pid_t worker = -1;
  ASSERT_TRUE(children >> worker);
  ASSERT_EQ(kill(worker, SIGKILL), 0);
  ASSERT_TRUE(has_begun("worker-1-again"));
  campaign.signal(SIGINT);
  EXPECT_THAT(campaign.finish(), ends_with(3, "note: a worker was killed by signal 9"));
  EXPECT_EQ(fuzzed().workers_lost, 1U);
  EXPECT_GT(fuzzed().executions, 0U);
}

TEST_F(FuzzCommand, BeginsWithTheInputsOfAnEarlierCampaign) {
  run({"fuzz", "--mode", "response", "--inputs", "300", "--seed", "1", "--out", "first"});
  run({"fuzz", "--mode", "response", "--inputs", "300", "--seed", "2", "--out", "alone"});
  run({"fuzz", "--mode", "response", "--inputs", "300", "--seed", "2", "--corpus",
       "first/worker-1/corpus", "--out", "after"});
  EXPECT_GT(fuzzed("after").behaviours, fuzzed("alone").behaviours);
  EXPECT_THAT(run({"fuzz", "--corpus", "nowhere"}), fails_with(2, "nowhere"));
}

TEST_F(FuzzCommand, IsGuidedByTheEdgesThatABrokerCounts) {
  for (const std::string mode : {"coverage", "mixed", "response"}) {
    const auto end = run({"fuzz", "--target", "mosquitto-coverage", "--mode", mode, "--inputs",
                          "150", "--seed", "1", "--out", mode});
    if (end.code == 2 && end.err.find("is not installed") != end.err.npos) {
      GTEST_SKIP() << "not installed: conformance/brokers/install mosquitto-coverage";
    }
    const auto result = fuzzed(mode);
    EXPECT_EQ(result.mode, mode);
    EXPECT_GT(result.edges, 500U) << "every mode measures";
    ASSERT_THAT(result.samples, Not(IsEmpty()));
    EXPECT_EQ(result.samples.back().edges, result.edges);
    EXPECT_GT(result.corpus, 10U);
    EXPECT_FALSE(exists(mode + "/worker-1/coverage.map"));
  }
  EXPECT_LT(fuzzed("coverage").corpus, fuzzed("mixed").corpus) << "answers keep more inputs";
}

TEST_F(FuzzCommand, RefusesToBeGuidedByEdgesThatNobodyCounts) {
  for (const std::string mode : {"coverage", "mixed"}) {
    EXPECT_THAT(run({"fuzz", "--target", "mosquitto", "--mode", mode, "--out", mode}),
                fails_with(2, "--mode " + mode + ": mosquitto does not count the edges"));
  }
}

TEST_F(FuzzCommand, TellsWrongWords) {
  EXPECT_THAT(run({"fuzz", "--target", "embedded"}),
              fails_with(2, "a fuzzed broker needs a process of its own"));
  EXPECT_THAT(run({"fuzz", "--mode", "clever"}),
              fails_with(2, "--mode: there is no 'clever'; there are blind"));
  EXPECT_THAT(run({"fuzz", "--time", "soon"}), fails_with(2, "--time"));
  EXPECT_THAT(run({"fuzz", "--only", "decode"}), fails_with(2, "--only goes with --self"));
  EXPECT_THAT(run({"fuzz", "--model", "--self"}), fails_with(2, "--self excludes --model"));
  EXPECT_THAT(run({"fuzz", "--model", "--mode", "blind"}),
              fails_with(2, "--mode excludes --model"));
  EXPECT_THAT(run({"fuzz", "--self", "--stop-at-first"}),
              fails_with(2, "--stop-at-first excludes --self"));
  EXPECT_THAT(run({"fuzz", "--model", "--target", "mosquitto", "--defect", "lose-qos1-delivery"}),
              fails_with(2, "mosquitto has none to choose from"));
  EXPECT_THAT(run({"fuzz", "--model", "--target", "embedded", "--defect",
                   "crash-at-unsubscribe-of-nothing"}),
              fails_with(2, "harms the whole process"));
  EXPECT_THAT(run({"fuzz", "--replay", "nowhere"}), fails_with(2, "nowhere"));
  EXPECT_THAT(run({"fuzz", "--target", "mqtt://192.0.2.1:1883", "--out", "out"}),
              fails_with(2, "192.0.2.1:1883 is not on this machine"));
  EXPECT_THAT(run({"fuzz", "--target", "mqtt://127.0.0.1:" + closed_port(), "--out", "none"}),
              fails_with(3, "127.0.0.1"));
  EXPECT_THAT(run({"fuzz", "--target", "mosquito"}), fails_with(2, "did you mean 'mosquitto'?"));
}

TEST_F(FuzzCommand, LeavesNothingBehindAModelThatNeverBegan) {
  const auto model = [this](const words& further) {
    words called{"fuzz", "--model", "--out", "out"};
    called.insert(called.end(), further.begin(), further.end());
    return run(called);
  };
  EXPECT_THAT(model({"--target", "embedded", "--defect", "crash-at-unsubscribe-of-nothing"}),
              fails_with(2, "harms the whole process"));
  EXPECT_THAT(model({"--target", "mosquitto", "--defect", "lose-qos1-delivery"}),
              fails_with(2, "mosquitto has none to choose from"));
  EXPECT_THAT(model({"--target", "mosquito"}), fails_with(2, "did you mean 'mosquitto'?"));
  EXPECT_THAT(model({"--target", "mqtt://192.0.2.1:1883"}), fails_with(2, "not on this machine"));
  EXPECT_THAT(model({"--target", "127.0.0.1:1883"}), fails_with(2, "write mqtt://127.0.0.1:1883"));
  EXPECT_THAT(model({"--target", "mqtt://127.0.0.1:" + closed_port()}), fails_with(3, "127.0.0.1"));
  EXPECT_FALSE(exists("out"));
}

}  // namespace
}  // namespace gauntlet::test
