// Goal: each defect is caught, and named with the right class. Writes the table of
// docs/guarantees-proof.md where GAUNTLET_WRITE_PROOF says.

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/history/guarantees/proven_defects.hpp"
#include "tests/unit/history/guarantees/trial.hpp"

namespace gauntlet::history::proof {
namespace {

using namespace std::chrono_literals;

// Cuts here and there, so that resumed sessions have something to resume.
std::vector<fault::rule> some_cuts() {
  using mqtt::packet_type;
  std::vector<fault::rule> rules;
  const auto cut = [&](packet_type type, direction towards, std::uint32_t every) {
    rules.push_back({.name = "cut-" + std::to_string(rules.size()),
                     .who = {.packets = {type}, .towards = towards, .every = every},
                     .what = fault::cut{.when = fault::cut::moment::before}});
  };
  cut(packet_type::puback, direction::to_client, 151);
  cut(packet_type::pubrec, direction::to_client, 157);
  cut(packet_type::pubcomp, direction::to_client, 163);
  cut(packet_type::puback, direction::to_broker, 167);
  cut(packet_type::pubrec, direction::to_broker, 173);
  cut(packet_type::pubcomp, direction::to_broker, 179);
  cut(packet_type::pubrel, direction::to_client, 181);
  cut(packet_type::publish, direction::to_broker, 191);
  // Acknowledgements that never arrive, though the connection stays.
  for (const packet_type type : {packet_type::puback, packet_type::pubrec}) {
    rules.push_back({.name = "drop-" + std::to_string(rules.size()),
                     .who = {.packets = {type}, .towards = direction::to_broker, .every = 97},
                     .what = fault::drop{}});
    rules.push_back({.name = "drop-" + std::to_string(rules.size()),
                     .who = {.clients = "expiry-sleeper",
                             .packets = {type},
                             .towards = direction::to_broker,
                             .every = 5},
                     .what = fault::drop{}});
  }
  return rules;
}

trial_result try_defect(std::string_view text, bool without_faults = false) {
  trial_plan plan{.fleet = {.seed = 5, .publishing = 25s}};
  if (!without_faults) plan.faults = some_cuts();
  if (!text.empty()) {
    const auto parsed = broker::parse_defect(text);
    if (!parsed) throw std::runtime_error(parsed.error().message);
    plan.broker.defects = {*parsed};
  }
  return run_trial(plan);
}

struct verdict_on_defect {
  bool named = false;
  std::string classes;  // found, with FAIL or WARN, and how often
};

verdict_on_defect judged(const proven_defect& of) {
  const trial_result seen = try_defect(of.defect, of.without_faults);
  verdict_on_defect result;
  for (const auto& [rule, account] : seen.found.rules()) {
    for (const auto& [name, count] : account.counts) {
      if (account.verdict < guarantee_verdict::warn) continue;
      if (!result.classes.empty()) result.classes += ", ";
      result.classes +=
          std::string(rule) + " " + std::string(name) + " (" + std::to_string(count) + ")";
      const bool right =
          name == of.class_name || std::string(rule) + " " + std::string(name) == of.class_name;
      result.named = result.named || right;
    }
  }
  return result;
}

class DefectProof : public testing::TestWithParam<proven_defect> {};

TEST_P(DefectProof, IsCaughtAndNamed) {
  const verdict_on_defect seen = judged(GetParam());
  EXPECT_TRUE(seen.named) << GetParam().defect << " should be " << GetParam().class_name
                          << ", found: " << seen.classes;
}

std::string test_name(const testing::TestParamInfo<proven_defect>& run) {
  std::string name(run.param.defect.substr(0, run.param.defect.find(':')));
  const std::size_t rule = run.param.class_name.find(' ');
  if (rule != std::string_view::npos) name += "_" + std::string(run.param.class_name, 0, rule);
  for (char& letter : name) {
    if (letter == '-') letter = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, DefectProof, testing::ValuesIn(proven_defects()), test_name);

TEST(DefectProof, HasNothingToSayOfTheCorrectBroker) {
  for (const bool without_faults : {false, true}) {
    const trial_result seen = try_defect("", without_faults);
    EXPECT_EQ(lines_of(seen.found, guarantee_verdict::fail), "");
    EXPECT_EQ(lines_of(seen.found, guarantee_verdict::warn), "");
    EXPECT_EQ(seen.unsettled, "");
  }
}

TEST(DefectProof, WritesItsTable) {
  const char* path = std::getenv("GAUNTLET_WRITE_PROOF");
  if (path == nullptr) GTEST_SKIP() << "GAUNTLET_WRITE_PROOF names no file";
  std::ofstream table(path, std::ios::app);
  std::size_t named = 0;
  table << "| defect, and how often | must be called | found |\n| --- | --- | --- |\n";
  for (const proven_defect& each : proven_defects()) {
    const verdict_on_defect seen = judged(each);
    table << "| `" << each.defect << "` | " << (seen.named ? "" : "NOT ") << "`" << each.class_name
          << "` | " << seen.classes << " |\n";
    if (seen.named) ++named;
  }
  table << "\nSensitivity: " << named << " of " << proven_defects().size()
        << " defects caught and named.\n";
  EXPECT_TRUE(table.good());
}

}  // namespace
}  // namespace gauntlet::history::proof
