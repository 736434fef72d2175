// Goal: what a run would take is known before it starts: --dry-run shows it, and what does not fit
// is refused with the figures.

#include <set>

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

class Plan : public end_to_end {
 protected:
  std::string digest(const words& more = {}) {
    words arguments{"--dry-run"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const program_end shown = run_small({}, arguments);
    EXPECT_EQ(shown.code, 0) << shown;
    const std::size_t at = shown.out.find("plan sha256 ");
    if (at == shown.out.npos) return "";
    std::string line = shown.out.substr(at, shown.out.find('\n', at) - at);
    EXPECT_THAT(line, MatchesRegex("plan sha256 [0-9a-f]{64}"));
    return line;
  }

  void TearDown() override {
    EXPECT_FALSE(exists("out"));
    EXPECT_FALSE(exists("results"));
  }
};

TEST_F(Plan, ShowsWhatTheRunTakes) {
  const program_end shown = run_small({}, {"--dry-run"});
  EXPECT_THAT(shown, ends_with(0, "12 devices (MQTT 3.1.1: ", "about 300 messages, 300/s",
                               "about 600 deliveries", "1 worker in this process",
                               " descriptors a worker, of ", " MB of memory", "\nseed 7\n"));
  EXPECT_THAT(shown.err, IsEmpty());
}

TEST_F(Plan, IsTheSameForAnyNumberOfWorkersAndEachTime) {
  std::set<std::string> digests{digest(), digest()};
  for (const char* count : {"1", "2", "5"}) digests.insert(digest({"--workers", count}));
  digests.insert(digest({"--simulate"}));
  digests.insert(digest({"--seed", "7"}));
  EXPECT_THAT(digests, SizeIs(1));
}

TEST_F(Plan, FollowsTheSeed) {
  EXPECT_NE(digest(), digest({"--seed", "8"}));
  EXPECT_THAT(run_small({}, {"--dry-run", "--seed", "8"}), ends_with(0, "\nseed 8\n"));
}

TEST_F(Plan, RefusesAFleetThatTheBrokerCannotHold) {
  for (const char* target : {"embedded", "mosquitto"}) {
    for (const words& more : {words{"--dry-run"}, words{}}) {
      words arguments{"--target", target};
      arguments.insert(arguments.end(), more.begin(), more.end());
      // Nobody raises the limit of this many descriptors while we look.
      EXPECT_THAT(run_small({.count = "300000"}, arguments),
                  fails_with(3, "300002 devices do not fit", "broker is one process",
                             "descriptors here", "--target URL"));
    }
  }
}

TEST_F(Plan, RefusesTooFewWorkers) {
  for (const words& more : {words{"--dry-run"}, words{}}) {
    words arguments{"--target", "mqtt://127.0.0.1:1", "--workers", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_THAT(run_small({.count = "30000"}, arguments),
                fails_with(2, "--workers 1: 30002 devices need at least ", "descriptors here"));
  }
}

TEST_F(Plan, SpreadsALargeFleet) {
  EXPECT_THAT(run_small({.count = "30000"}, {"--dry-run", "--target", "mqtt://127.0.0.1:1"}),
              ends_with(0, "30,002 devices", " workers\n", "connecting from 127.0.0.2 to "));
}

}  // namespace
}  // namespace gauntlet::test
