// Goal: a million messages through every kind of fault, and no finding on the correct broker.
// GAUNTLET_WRITE_PROOF names the file to which the table goes.

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/unit/history/guarantees/trial.hpp"
#include "tests/unit/history/guarantees/trial_faults.hpp"

namespace gauntlet::history::proof {
namespace {

using namespace std::chrono_literals;

struct tally {
  std::uint64_t trials = 0, published = 0, delivered = 0, maybe = 0;
  std::uint64_t failed = 0, warned = 0, open = 0;

  void add(const trial_result& seen) {
    ++trials;
    published += seen.published;
    delivered += seen.delivered;
    maybe += seen.maybe;
    failed += seen.found.count(guarantee_verdict::fail);
    warned += seen.found.count(guarantee_verdict::warn);
    open += seen.found.count(guarantee_verdict::indeterminate);
  }
  std::string row(const std::string& name) const {
    std::string text = "| " + name;
    for (const std::uint64_t each : {trials, published, delivered, maybe, failed, warned, open}) {
      text += " | " + std::to_string(each);
    }
    return text + " |\n";
  }
};

TEST(MillionMessages, NothingIsFoundOnTheCorrectBroker) {
  constexpr std::uint64_t goal = 1'000'000;
  const auto sets = every_kind_of_fault();
  std::vector<tally> tallies(sets.size());
  tally all;
  for (std::uint64_t seed = 100; all.published < goal; ++seed) {
    const std::size_t which = seed % sets.size();
    const trial_result seen = run_trial(
        {.fleet = {.seed = seed, .publishing = 60s, .every = 40ms}, .faults = sets[which].rules});
    tallies[which].add(seen);
    all.add(seen);
    for (const auto verdict : {guarantee_verdict::fail, guarantee_verdict::warn}) {
      EXPECT_EQ(lines_of(seen.found, verdict), "") << sets[which].name << ", seed " << seed;
    }
  }
  std::string table =
      "| faults | trials | published | delivered | MAYBE | FAIL | WARN | INDETERMINATE |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- |\n";
  for (std::size_t i = 0; i < sets.size(); ++i) table += tallies[i].row(sets[i].name);
  table += all.row("all");
  std::printf("%s", table.c_str());
  if (const char* path = std::getenv("GAUNTLET_WRITE_PROOF")) {
    std::ofstream(path, std::ios::app) << table;
  }
}

}  // namespace
}  // namespace gauntlet::history::proof
