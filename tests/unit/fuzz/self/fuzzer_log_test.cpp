// What libFuzzer of clang 14 prints, and what is read of it.

#include "fuzz/self/fuzzer_log.hpp"

#include <gtest/gtest.h>

namespace gauntlet::fuzz {
namespace {

TEST(FuzzerLog, CountsAQuietRun) {
  const auto log = read_fuzzer_log(
      "INFO: Seed: 7\n"
      "#1022\tINITED cov: 300 ft: 900 corp: 20/1Kb exec/s: 0 rss: 40Mb\n"
      "#2048\tpulse  cov: 394 ft: 1614 corp: 369/16Kb lim: 40 exec/s: 1024 rss: 50Mb\n"
      "Done 689786 runs in 11 second(s)\n"
      "stat::number_of_executed_units: 689786\n"
      "stat::average_exec_per_sec:     62707\n");
  EXPECT_EQ(log.executions, 689'786U);
  EXPECT_EQ(log.edges, 394U);
  EXPECT_EQ(log.files_merged, 0U);
  EXPECT_EQ(log.artifact, "");
  EXPECT_EQ(log.reason, "");
}

TEST(FuzzerLog, NamesWhatBrokeFirst) {
  const auto log = read_fuzzer_log(
      "#7\tNEW    cov: 12 ft: 14 corp: 2/2b\n"
      "a.cpp:44: invariant broken: again.has_value() (seed 0)\n"
      "==5== ERROR: libFuzzer: deadly signal\n"
      "    #0 0x55 in main\n"
      "artifact_prefix='/tmp/url-'; Test unit written to /tmp/url-crash-0ab1\n"
      "stat::number_of_executed_units: 34089\n");
  EXPECT_EQ(log.reason, "a.cpp:44: invariant broken: again.has_value() (seed 0)");
  EXPECT_EQ(log.artifact, "/tmp/url-crash-0ab1");
  EXPECT_EQ(log.executions, 34'089U);
}

TEST(FuzzerLog, KnowsSanitizersAndTimeOuts) {
  for (const char* line : {"==9==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x6",
                           "b.cpp:1:2: runtime error: shift exponent 32 is too large",
                           "==9==ERROR: LeakSanitizer: detected memory leaks",
                           "==9== ERROR: libFuzzer: timeout after 11 seconds"}) {
    EXPECT_EQ(read_fuzzer_log(line).reason, line);
  }
}

TEST(FuzzerLog, CountsWhatWasMerged) {
  const auto log = read_fuzzer_log(
      "MERGE-OUTER: 412 files, 39 in the initial corpus, 0 processed earlier\n"
      "MERGE-OUTER: attempt 1\n"
      "MERGE-OUTER: successful in 1 attempt(s)\n"
      "MERGE-OUTER: 117 new files with 801 new features added; 96 new coverage edges\n");
  EXPECT_EQ(log.files_merged, 117U);
}

}  // namespace
}  // namespace gauntlet::fuzz
