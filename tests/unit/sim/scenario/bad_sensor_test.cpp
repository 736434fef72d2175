// Goal: whatever is wrong with a sensor is told at its place, in words that say what to do; one
// case at least for each kind.

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/scenario.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::sim {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

/// What is wrong with a group that has these sensors, without file and line.
std::vector<std::string> errors(const std::string& sensors) {
  const auto loaded = parse_scenario(
      "name: a\nduration: 10s\nfleet: [{group: g, count: 2, sensors: {" + sensors + "}}]\n", "f");
  if (loaded) return {"none"};
  std::vector<std::string> lines;
  for (const config::diagnostic& one : loaded.error()) lines.push_back(one.message);
  return lines;
}

/// The same of the only sensor x, without its path.
std::string error(const std::string& sensor) {
  const auto all = errors("x: {" + sensor + "}");
  const std::string path = "fleet[0].sensors.x";
  if (all.size() != 1 || !all[0].starts_with(path)) return testing::PrintToString(all);
  return all[0].substr(path.size());
}

TEST(BadSensor, Signals) {
  EXPECT_EQ(error("constant: [1]"), ".constant: expected a single value, not a list");
  EXPECT_EQ(error("uniform: {min: 3, max: 1}"), ".uniform: min is larger than max");
  EXPECT_EQ(error("integer: {min: 3, max: 1}"), ".integer: min is larger than max");
  EXPECT_THAT(error("normal: {mean: 3, stddev: -1}"),
              HasSubstr(".normal.stddev: expected a number"));
  EXPECT_EQ(error("walk: {start: 3, step: 1, min: 5}"),
            ".walk: start must lie between min and max");
  EXPECT_EQ(error("walk: {start: 3, step: 1, mean: 5}"),
            ".walk: a mean needs a 'reversion', like 5%");
  EXPECT_EQ(error("walk: {start: 3, step: 1, max: 4, mean: 5, reversion: 5%}"),
            ".walk: mean must lie between min and max");
  EXPECT_EQ(error("walk: {start: 3, step: 1, reversion: 0.00001%}"),
            ".walk: a reversion is at least 0.0001%");
  EXPECT_THAT(error("counter: {wrap: 1}"),
              HasSubstr(".counter.wrap: expected a whole number from 2"));
  EXPECT_EQ(error("choice: []"), ".choice: expected 1 to 10000 elements, not 0");
  EXPECT_THAT(error("bool: 30"), HasSubstr(".bool: '30' is not a percentage"));
  EXPECT_EQ(error("timestamp: now"),
            ".timestamp: expected one of iso8601, unix_s, unix_ms, not 'now'");
  EXPECT_THAT(error("sine: {amplitude: 1, period: 0s}"),
              HasSubstr(".sine.period: expected a duration"));
  EXPECT_EQ(error("daily: {min: 3, max: 1}"), ".daily: min is larger than max");
  EXPECT_THAT(error("daily: {min: 1, max: 3, peak: 25h}"),
              HasSubstr(".daily.peak: expected a duration"));
  EXPECT_EQ(error("steps: {levels: [{at: 5s, value: 1}, {at: 5s, value: 2}]}"),
            ".steps: level 2 must be later than the one before");
  EXPECT_EQ(error("steps: {levels: [{at: 5s, value: 1}], repeat: 5s}"),
            ".steps: 'repeat' begins anew before the last level");
  EXPECT_EQ(error("ramp: {from: 0, to: 1, over: 10s, repeat: 5s}"),
            ".ramp: 'repeat' begins anew before the ramp is over");
}

TEST(BadSensor, Machines) {
  const std::string path = ".machine.states";
  EXPECT_EQ(error("machine: {states: {on: {dwell: 1s, next: oof}, off: {}}}"),
            path + ".on: there is no state 'oof', did you mean 'off'?");
  EXPECT_EQ(error("machine: {states: {on: {dwell: 1s}}}"),
            path + ".on: a state with a dwell time needs 'next'");
  EXPECT_EQ(error("machine: {states: {on: {dwell: 1s, next: {on: 90%}}}}"),
            path + ".on: what follows must add up to 100%, not 90%");
  EXPECT_EQ(error("machine: {states: {on: {next: {on: 90%, off: 20%}}, off: {}}}"),
            path + ".on: what follows must add up to 100% at most, not 110%");
  EXPECT_EQ(error("machine: {start: oof, states: {on: {dwell: 1s, next: off}, off: {}}}"),
            ".machine.start: there is no state 'oof', did you mean 'off'?");
  EXPECT_EQ(error("machine: {states: {on: {dwell: 1s, next: off}, off: {next: {on: 5%}}}}"),
            path + ": either all states that end have a dwell time, or none");
  EXPECT_EQ(error("switch: {on: 1s, off: {min: 3s, max: 2s}}"),
            ".switch.off: min is larger than max");
}

TEST(BadSensor, TracksAndBatteries) {
  EXPECT_EQ(error("gps: {waypoints: [[1, 2]], speed_kmh: 5}"),
            ".gps.waypoints: expected 2 to 10000 elements, not 1");
  EXPECT_EQ(error("gps: {waypoints: [[1, 2], [100, 2]], speed_kmh: 5}"),
            ".gps.waypoints[1]: the latitude comes first, -90 to 90");
  EXPECT_EQ(error("gps: {waypoints: [[1, 2], [3, 4], [1, 2]], speed_kmh: 5}"),
            ".gps.waypoints: waypoints 3 and 1 are the same place");
  EXPECT_EQ(error("gps: {waypoints: [[10, 0], [-10, 180]], speed_kmh: 5, at_end: back}"),
            ".gps.waypoints: waypoints 1 and 2 are opposite each other on the Earth");
  EXPECT_THAT(error("gps: {waypoints: [[1, 2], [3, 4]], speed_kmh: 0}"),
              HasSubstr(".gps.speed_kmh: expected a number"));
  EXPECT_EQ(error("battery: {active_per_hour: 5%}"),
            ".battery: 'active' and 'active_per_hour' stand together");
  EXPECT_THAT(error("battery: {start: 120%}"), HasSubstr(".battery.start: "));
}

TEST(BadSensor, Replays) {
  test::temporary_directory folder;
  const std::string file = (folder.path() / "a.csv").string();
  std::ofstream(file) << "t,v,w\n0,1,a\n5,2,b\n5,3,c\n";
  const auto replay = [&](const std::string& keys) {
    return error("replay: {file: '" + file + "', " + keys + "}");
  };
  EXPECT_THAT(error("replay: {file: /nowhere.csv, column: v}"),
              HasSubstr(".replay.file: /nowhere.csv"));
  EXPECT_EQ(replay("column: value"),
            ".replay.column: the file has no column 'value'; known here: t, v, w");
  EXPECT_EQ(replay("column: v, time: t"),
            ".replay.time: line 4 of the file: times must ascend from row to row");
  EXPECT_EQ(replay("column: v, time: w"),
            ".replay.time: line 2 of the file: 'a' is no time in seconds");
  EXPECT_EQ(replay("column: w, interval: 1s, interpolate: true"),
            ".replay: line 2 of the file: 'a' is no number to be interpolated");
  EXPECT_EQ(replay("column: v, interpolate: true"),
            ".replay: 'interpolate' needs 'interval' or 'time'");
}

TEST(BadSensor, Expressions) {
  const auto formula = [](const std::string& text) { return error("expression: '" + text + "'"); };
  const std::string path = ".expression: expression, column ";
  EXPECT_EQ(formula("1 +"), path + "4: something is missing at the end");
  EXPECT_EQ(formula("(1 + 2"), path + "7: a ')' is missing at the end");
  EXPECT_EQ(formula("max(1; 2)"), path + "6: a ')' is missing before '; 2)'");
  EXPECT_EQ(formula("3 $ 4"), path + "3: something between '3 ' and '$ 4' is missing");
  EXPECT_EQ(formula("1 + $"), path + "5: '$' cannot stand here");
  EXPECT_EQ(formula("2 + sqr(3)"), path + "5: there is no function 'sqr', did you mean 'sqrt'?");
  EXPECT_EQ(formula("max(1)"), path + "1: 'max' takes 2 values, not 1");
  EXPECT_EQ(formula("abs(1, 2)"), path + "1: 'abs' takes 1 value, not 2");
  EXPECT_EQ(formula("1 + \"abc"), path + "5: this text has no end");
  EXPECT_EQ(formula("1.2.3"), path + "1: '1.2.' is no number");
  EXPECT_EQ(formula("3 and or"), path + "7: 'or' cannot stand here");
  EXPECT_THAT(formula(std::string(100, '(') + "1"), HasSubstr("nested more than 64 deep"));
  EXPECT_THAT(errors("a: {counter: {}}, b: {expression: 2 * pressure}"),
              ElementsAre(EndsWith(
                  ".b: expression, column 5: there is no sensor 'pressure'; known here: a, b")));
  EXPECT_THAT(
      errors("p: {gps: {waypoints: [[1, 2], [3, 4]], speed_kmh: 5}}, b: {expression: p * 2}"),
      ElementsAre(EndsWith(".b: expression, column 1: write one of the members of 'p': p.lat, "
                           "p.lon, p.speed, p.heading")));
  EXPECT_THAT(errors("a: {counter: {}}, b: {expression: a.lat}"),
              ElementsAre(EndsWith(".b: expression, column 1: the sensor 'a' has no members")));
  EXPECT_THAT(errors("a: {counter: {}}, b: {battery: {active: pressure, active_per_hour: 5%}}"),
              ElementsAre(EndsWith(
                  ".b: expression, column 1: there is no sensor 'pressure'; known here: a, b")));
}

TEST(BadSensor, Cycles) {
  EXPECT_THAT(
      errors("a: {expression: b + 1}, b: {expression: c * 2}, c: {expression: a}"),
      ElementsAre("fleet[0].sensors.a: a sensor cannot depend on itself: a -> b -> c -> a"));
  EXPECT_THAT(errors("a: {expression: a}"),
              ElementsAre("fleet[0].sensors.a: a sensor cannot depend on itself: a -> a"));
  std::string many = "s0: {counter: {}}";
  for (int i = 1; i < 12; ++i) {
    const std::string last = "s" + std::to_string(i - 1);
    many += ", s" + std::to_string(i) + ": {expression: " + last + " + " + last + "}";
  }
  EXPECT_THAT(errors(many),
              ElementsAre(HasSubstr("s9: one value would ask more than 1000 sensors")));
}

TEST(BadSensor, Anomalies) {
  const auto anomaly = [](const std::string& keys) {
    return error("counter: {}, anomalies: [{" + keys + "}]");
  };
  const std::string path = ".anomalies[0]";
  EXPECT_EQ(anomaly("kind: spike, at: 1s"), path + ": a spike has 'by' or 'to'");
  EXPECT_EQ(anomaly("kind: spike, by: 1, to: 1, at: 1s"), path + ": a spike has 'by' or 'to'");
  EXPECT_EQ(anomaly("kind: stuck, by: 1, at: 1s, for: 1s"),
            path + ": only a spike has 'by' or 'to'");
  EXPECT_EQ(anomaly("kind: stuck, at: 1s"), path + ": 'for' is missing: how long it lasts");
  EXPECT_EQ(anomaly("kind: drift, at: 1s, for: 1m"), path + ": a drift needs 'per_hour'");
  EXPECT_EQ(anomaly("kind: drop_out, per_hour: 3, at: 1s"), path + ": only a drift has 'per_hour'");
  EXPECT_EQ(anomaly("kind: drop_out, at: [5s, 5s]"), path + ".at: times must ascend");
  EXPECT_EQ(anomaly("kind: drop_out, rate: 60/h, for: 1m"),
            path + ": at this rate the sensor would be at fault most of the time");
  EXPECT_THAT(anomaly("kind: drop_out"), HasSubstr("exactly one of 'at', 'rate' must be given"));
  EXPECT_EQ(error("bool: 50%, anomalies: [{kind: spike, by: 1, at: 1s}]"),
            path + ": only numbers have spikes and drifts");
}

TEST(BadSensor, NamesAndKinds) {
  EXPECT_THAT(errors("a-b: {counter: {}}"),
              ElementsAre("fleet[0].sensors: 'a-b' cannot be the name of a sensor: letters, digits "
                          "and '_', up to 64, not beginning with a digit"));
  EXPECT_THAT(
      errors("hour: {counter: {}}"),
      ElementsAre("fleet[0].sensors: 'hour' cannot be the name of a sensor: it is a word of "
                  "expressions"));
  EXPECT_THAT(error("every: 5s"), HasSubstr("exactly one of 'constant', 'uniform', "));
  EXPECT_THAT(error("counter: {}, bool: 5%"), HasSubstr("exactly one of 'constant', 'uniform', "));
  EXPECT_THAT(error("sinus: {}"), HasSubstr("unknown key 'sinus'"));
  EXPECT_THAT(error("counter: {}, every: 0s"), HasSubstr(".every: expected a duration"));
}

}  // namespace
}  // namespace gauntlet::sim
