// Goal: columns of CSV files are played back cell by cell or in between, once or again and again.

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"
#include "tests/unit/sim/plan/signals/signal_sampler.hpp"
#include "tests/unit/sim/plan/signals/statistics.hpp"

namespace gauntlet::sim {
namespace {

/// Sensors that replay a file; FILE in the text stands for it.
class Replay : public testing::Test {
 protected:
  signal_sampler playing(std::string text) {
    std::ofstream(file_) << "t,power,state\n100,10,idle\n110,20,\n130,50,\"on, hot\"\n";
    text.replace(text.find("FILE"), 4, file_.string());
    return signal_sampler(text);
  }
  test::temporary_directory folder_;
  std::filesystem::path file_ = folder_.path() / "p.csv";
};

TEST_F(Replay, TakesARowASample) {
  const auto from = playing("x: {replay: {file: 'FILE', column: state}}");
  EXPECT_EQ(from.text("x", seconds(0)), "idle");
  EXPECT_EQ(from.value("x", seconds(1)).is, sensor_value::type::null);
  EXPECT_EQ(from.text("x", seconds(2)), "on, hot");
  EXPECT_EQ(from.text("x", seconds(3)), "idle");
}

TEST_F(Replay, FollowsTheTimesOfItsRowsAndLoops) {
  // 30 s between first and last, and 15 s on average from the last to the first again.
  const auto from = playing("x: {replay: {file: 'FILE', column: power, time: t}}");
  EXPECT_EQ(from.number("x", seconds(9)), 10);
  EXPECT_EQ(from.number("x", seconds(10)), 20);
  EXPECT_EQ(from.number("x", seconds(29)), 20);
  EXPECT_EQ(from.number("x", seconds(44)), 50);
  EXPECT_EQ(from.number("x", seconds(45)), 10);
  EXPECT_EQ(from.number("x", seconds(45'000 + 10)), 20);
}

TEST_F(Replay, InterpolatesAlsoFromTheLastRowToTheFirst) {
  const auto from = playing(
      "x: {replay: {file: 'FILE', column: power, time: t, interval: 8s, interpolate: true}}");
  EXPECT_EQ(from.number("x", seconds(0)), 10);
  EXPECT_EQ(from.number("x", seconds(5)), 15);
  EXPECT_EQ(from.number("x", seconds(20)), 35);
  EXPECT_EQ(from.number("x", seconds(30)), 50);
  EXPECT_EQ(from.number("x", seconds(34)), 30);
  EXPECT_EQ(from.number("x", seconds(38)), 10);
}

TEST_F(Replay, EndsWithItsLastRowUnlessItLoops) {
  const auto from = playing(
      "x: {replay: {file: 'FILE', column: power, interval: 5s, loop: false, interpolate: true}}");
  EXPECT_EQ(from.number("x", seconds(0)), 10);
  EXPECT_EQ(from.number("x", seconds(7)), 32);
  EXPECT_EQ(from.number("x", seconds(10)), 50);
  EXPECT_EQ(from.number("x", hours(10)), 50);
}

TEST_F(Replay, SpreadsDevicesOverTheFile) {
  const auto from =
      playing("x: {replay: {file: 'FILE', column: power, interval: 1s, spread: 100%}}");
  double first = 0;
  for (std::uint32_t device = 0; device < 3'000; ++device) {
    if (from.number("x", seconds(0), device) == 10) ++first;
  }
  EXPECT_NEAR(first, 1'000, 100);
}

}  // namespace
}  // namespace gauntlet::sim
