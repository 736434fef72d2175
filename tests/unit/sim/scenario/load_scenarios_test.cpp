// Goal: what the command line says about a scenario arrives in the model: parameters, a matrix, the
// scale of the fleet.

#include "sim/scenario/load_scenarios.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace gauntlet::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const char* const text =
    "name: a\n"
    "parameters: {devices: 1000, interval: 5s}\n"
    "matrix: {qos: [0, 1]}\n"
    "duration: 10s\n"
    "arrival: {rate: 500/s}\n"
    "fleet:\n"
    "  - {group: dashboard, count: 2, scale: false, subscribe: [{filter: \"#\"}]}\n"
    "  - group: meters\n"
    "    count: ${devices}\n"
    "    publish: [{topic: \"m/{index}\", every: \"${interval}\", qos: \"${qos}\", payload: x}]\n"
    "expect:\n"
    "  - {lost: 0}\n";

std::vector<scenario_variant> loaded(const scenario_request& request,
                                     const std::string& of = text) {
  auto all = parse_scenarios(of, "f", request);
  EXPECT_TRUE(all) << config::to_failure(all.error()).message;
  return all ? std::move(*all) : std::vector<scenario_variant>{};
}

std::vector<std::string> errors(const scenario_request& request, const std::string& of = text) {
  auto all = parse_scenarios(of, "f", request);
  std::vector<std::string> lines;
  if (all) return {"none"};
  for (const config::diagnostic& one : all.error()) lines.push_back(to_string(one));
  return lines;
}

TEST(LoadScenarios, YieldsEachCombination) {
  const auto all = loaded({.choices = {{"devices", "20"}}});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].described.fleet[1].count, 20U);
  EXPECT_EQ(all[0].described.fleet[1].publish[0].every, std::chrono::seconds(5));
  EXPECT_EQ(all[0].described.fleet[1].publish[0].qos, mqtt::qos::at_most_once);
  EXPECT_EQ(all[1].described.fleet[1].publish[0].qos, mqtt::qos::at_least_once);
  EXPECT_THAT(all[1].varied, ElementsAre(config::parameter_value{"qos", "1"}));
  EXPECT_EQ(config::to_string(all[1].described.origin.parameters),
            "devices=20, interval=5s, qos=1");
}

TEST(LoadScenarios, TellsInWhichCombinationSomethingIsWrong) {
  EXPECT_THAT(errors({.choices = {{"qos", "[1, 3]"}}}),
              ElementsAre("f: that is with qos=3",
                          HasSubstr("publish[0].qos: expected a whole number from 0 to 2, not "
                                    "'3'")));
  EXPECT_THAT(errors({.choices = {{"devices", "many"}, {"qos", "1"}}}),
              ElementsAre("f:9:12: fleet[1].count: expected a whole number from 1 to 1000000, not "
                          "'many'"));
}

TEST(Scale, ChangesGroupsAndArrivalAndSaysSo) {
  const auto all = loaded({.choices = {{"qos", "1"}}, .scale = 0.1});
  ASSERT_EQ(all.size(), 1U);
  const scenario& made = all[0].described;
  EXPECT_EQ(made.fleet[0].count, 2U);
  EXPECT_EQ(made.fleet[1].count, 100U);
  EXPECT_EQ(made.arrival.per_second, 50);
  EXPECT_EQ(made.origin.scale, 0.1);
  EXPECT_THAT(made.origin.scaled,
              ElementsAre("dashboard: 2 devices as before (scale: false)",
                          "meters: 100 devices, of 1,000", "arrival: 50/s, of 500/s"));
}

TEST(Scale, LeavesADeviceInEachGroupAndGrowsToo) {
  EXPECT_EQ(loaded({.scale = 0.0001})[0].described.fleet[1].count, 1U);
  EXPECT_EQ(loaded({.scale = 3})[0].described.fleet[1].count, 3000U);
  EXPECT_THAT(errors({.scale = 5000}),
              ElementsAre(HasSubstr("that is with"),
                          HasSubstr("fleet[1].count: expected a whole number from 1 to 1000000, "
                                    "not '5000000'")));
}

TEST(Include, PutsFleetsTogetherAndKeepsPlacesApart) {
  const test::temporary_directory folder;
  folder.write("watchers.yaml",
               "fleet:\n  - {group: watchers, count: 1, subscribe: [{filter: \"#\"}]}\n"
               "expect:\n  - {lost: 0}\n  - {colour: red, lost: 0}\n");
  const std::string main =
      "include: watchers.yaml\nname: b\nduration: 1s\n"
      "fleet: [{group: g, count: 1, publish: [{topic: t, every: 1s, payload: x}]}]\n"
      "expect:\n  - {sent: 100%}\n";
  folder.write("main.yaml", main);
  const auto bad = load_scenario(folder.file("main.yaml"));
  ASSERT_FALSE(bad);
  ASSERT_EQ(bad.error().size(), 1U);
  EXPECT_THAT(to_string(bad.error()[0]),
              HasSubstr("watchers.yaml:5:6: expect[1]: unknown key 'colour'"));

  folder.write("watchers.yaml",
               "fleet:\n  - {group: watchers, count: 1, subscribe: [{filter: \"#\"}]}\n"
               "expect:\n  - {lost: 0, group: nobody}\n");
  const auto unknown = load_scenario(folder.file("main.yaml"));
  ASSERT_FALSE(unknown);
  EXPECT_THAT(to_string(unknown.error()[0]),
              HasSubstr("watchers.yaml:4:22: expect[0].group: there is no group 'nobody'"));

  folder.write("watchers.yaml",
               "fleet:\n  - {group: watchers, count: 1, subscribe: [{filter: \"#\"}]}\n"
               "expect:\n  - {lost: 0, group: g}\n");
  const auto good = load_scenario(folder.file("main.yaml"));
  ASSERT_TRUE(good) << config::to_failure(good.error()).message;
  EXPECT_EQ(good->fleet[0].name, "watchers");
  EXPECT_EQ(good->fleet[1].name, "g");
  EXPECT_EQ(good->origin.files.at(good->expect[0].where.file), folder.file("watchers.yaml"));
  EXPECT_EQ(good->expect[1].where.file, 0U);
}

}  // namespace
}  // namespace gauntlet::sim
