// Goal: a run goes through its stages: they are announced when they begin, and the broker gets in
// each what its load says.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/plan/plan_summary.hpp"
#include "tests/integration/sim/fleet.hpp"

namespace gauntlet::sim {
namespace {

constexpr const char* staged = R"(name: staged
stages:
  - {name: warm-up, duration: 4s, load: {from: 0%, to: 100%}}
  - {name: spike, duration: 1s, load: 500%}
  - {name: rest, duration: 3s, load: 0%}
  - {name: ramp-down, duration: 2s, load: {from: 100%, to: 0%}}
fleet:
  - {group: readers, count: 1, subscribe: [{filter: "t/+", qos: 1}]}
  - group: senders
    count: 10
    publish:
      - {topic: "t/{index}", every: 200ms, jitter: 30%, qos: 1, payload: x}
)";

TEST(Stages, AreAnnouncedAndRun) {
  const fleet_plan plan(parsed_scenario(staged));
  std::vector<std::string> stages_seen;
  run_options options;
  options.simulate = true;
  options.scenario_path = "test.yaml";
  const run_observer observer{.on_progress = [&](const run_progress& now) {
    if (now.phase != run_phase::publishing || now.stage.empty()) return;
    if (stages_seen.empty() || stages_seen.back() != now.stage) {
      stages_seen.emplace_back(now.stage);
    }
  }};
  const auto result = run_scenario(plan, options, observer);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_THAT(stages_seen, testing::ElementsAre("warm-up", "spike", "rest", "ramp-down"));

  std::vector<std::string> begun;
  std::vector<duration> at;
  for (const record::event& each : result->measured.events.events()) {
    if (!each.text.starts_with("stage ")) continue;
    begun.push_back(each.text);
    at.push_back(each.at);
  }
  EXPECT_THAT(begun, testing::ElementsAre("stage warm-up begins (4s, load 0% to 100%)",
                                          "stage spike begins (1s, load 500%)",
                                          "stage rest begins (3s, load 0%)",
                                          "stage ramp-down begins (2s, load 100% to 0%)"));
  ASSERT_EQ(at.size(), 4U);
  EXPECT_EQ(at[1] - at[0], std::chrono::seconds(4));
  EXPECT_EQ(at[3] - at[1], std::chrono::seconds(4));

  const plan_summary sum = summarize(plan);
  std::uint64_t planned = 0;
  std::uint64_t sent = 0;
  for (const record::message_flow& flow : result->measured.flows) {
    planned += flow.account.planned;
    sent += flow.account.sent;
  }
  EXPECT_EQ(static_cast<double>(planned), sum.messages_total());
  EXPECT_EQ(sent, planned);
}

}  // namespace
}  // namespace gauntlet::sim
