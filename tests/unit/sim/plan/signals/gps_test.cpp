// Goal: what drives keeps its speed on great circles, comes to each waypoint in time, and tells its
// heading.

#include <cmath>

#include <gtest/gtest.h>

#include "tests/unit/sim/plan/signals/signal_sampler.hpp"
#include "tests/unit/sim/plan/signals/statistics.hpp"

namespace gauntlet::sim {
namespace {

constexpr double degree = 3.141592653589793 / 180;

/// Metres between two places, by the formula of haversines.
double metres(double lat1, double lon1, double lat2, double lon2) {
  const double a = std::sin((lat2 - lat1) * degree / 2);
  const double b = std::sin((lon2 - lon1) * degree / 2);
  const double h = a * a + std::cos(lat1 * degree) * std::cos(lat2 * degree) * b * b;
  return 2 * earth_radius_m * std::asin(std::sqrt(h));
}

struct place {
  double lat = 0;
  double lon = 0;
};

place at(const signal_sampler& from, duration time, std::uint32_t device = 0) {
  return {from.number("p.lat", time, device), from.number("p.lon", time, device)};
}

double metres(const place& a, const place& b) { return metres(a.lat, a.lon, b.lat, b.lon); }

TEST(Gps, DrivesAtItsSpeed) {
  const signal_sampler from(
      "p: {gps: {waypoints: [[48.137, 11.575], [52.52, 13.405], [50.11, 8.68]], speed_kmh: 120, "
      "decimals: 9}}");
  int at_speed = 0;
  for (int i = 0; i < 20'000; ++i) {
    const double moved = metres(at(from, seconds(i)), at(from, seconds(i + 1)));
    EXPECT_LT(moved, 33.4);
    if (std::abs(moved - 120 / 3.6) < 0.01) ++at_speed;
    EXPECT_EQ(from.number("p.speed", seconds(i)), 120);
  }
  EXPECT_GE(at_speed, 19'997);  // less only where it turns
}

TEST(Gps, StaysOnTheGreatCircle) {
  // From London to Tokyo the way leads north of both, over 70 degrees.
  const signal_sampler from(
      "p: {gps: {waypoints: [[51.5, -0.1], [35.7, 139.7]], speed_kmh: 1000, at_end: stop, "
      "decimals: 9}}");
  const double whole = metres(51.5, -0.1, 35.7, 139.7);
  double highest = 0;
  for (double part = 0; part < 1; part += 0.01) {
    const duration time = seconds(std::llround(part * whole / 1000 * 3.6));
    const place now = at(from, time);
    EXPECT_NEAR(metres({51.5, -0.1}, now) + metres(now, {35.7, 139.7}), whole, 1);
    highest = std::max(highest, now.lat);
  }
  EXPECT_GT(highest, 65);
}

TEST(Gps, ComesToItsWaypointsInTimeAndPauses) {
  // Along the equator one degree is 111.195 km.
  const double degree_s = earth_radius_m * degree / (100 / 3.6);
  const signal_sampler from(
      "p: {every: 10ms, gps: {waypoints: [[0, 0], [0, 1], [0, 3]], speed_kmh: 100, pause: 60s, "
      "at_end: stop, decimals: 9}}");
  const auto time = [](double s) { return milliseconds(std::llround(s * 1'000)); };
  EXPECT_EQ(from.number("p.lon", seconds(0)), 0);
  EXPECT_NEAR(from.number("p.lon", time(degree_s)), 1, 1e-5);
  EXPECT_NEAR(from.number("p.lon", time(degree_s + 59)), 1, 1e-9);
  EXPECT_EQ(from.number("p.speed", time(degree_s + 30)), 0);
  EXPECT_NEAR(from.number("p.lon", time(degree_s + 60 + degree_s)), 2, 1e-5);
  EXPECT_NEAR(from.number("p.lon", time(3 * degree_s + 60)), 3, 1e-5);
  EXPECT_EQ(from.number("p.speed", time(2 * degree_s + 60)), 100);
  EXPECT_EQ(from.number("p.lon", hours(1'000)), 3);
  EXPECT_EQ(from.number("p.speed", hours(1'000)), 0);
}

TEST(Gps, LoopsOrDrivesBack) {
  const double degree_s = earth_radius_m * degree / (1'000 / 3.6);
  const auto time = [](double s) { return milliseconds(std::llround(s * 1'000)); };
  const signal_sampler loop(
      "p: {every: 1ms, gps: {waypoints: [[0, 0], [0, 1], [1, 1], [1, 0]], speed_kmh: 1000}}");
  EXPECT_NEAR(loop.number("p.lat", time(3.5 * degree_s)), 0.5, 0.01);
  EXPECT_NEAR(loop.number("p.lon", time(3.5 * degree_s)), 0, 0.01);
  const signal_sampler back(
      "p: {every: 1ms, gps: {waypoints: [[0, 0], [0, 1], [0, 3]], speed_kmh: 1000, at_end: back, "
      "decimals: 9}}");
  for (double part = 0; part < 3; part += 0.1) {
    EXPECT_NEAR(back.number("p.lon", time(part * degree_s)),
                back.number("p.lon", time((6 - part) * degree_s)), 1e-4);
    EXPECT_NEAR(back.number("p.lon", time(part * degree_s)),
                back.number("p.lon", time((6 + part) * degree_s)), 1e-4);
  }
}

TEST(Gps, TellsWhereItIsHeading) {
  const auto heading = [](const std::string& to) {
    const signal_sampler from("p: {gps: {waypoints: [[0, 0], " + to +
                              "], speed_kmh: 50, at_end: back}}");
    return from.number("p.heading", seconds(10));
  };
  EXPECT_NEAR(heading("[0, 1]"), 90, 0.1);
  EXPECT_NEAR(heading("[0, -1]"), 270, 0.1);
  EXPECT_NEAR(heading("[1, 0]"), 0, 0.1);
  EXPECT_NEAR(heading("[-1, 0]"), 180, 0.1);
  EXPECT_NEAR(heading("[1, 1]"), 45, 0.1);
  const signal_sampler back(
      "p: {gps: {waypoints: [[0, 0], [0, 0.001]], speed_kmh: 50, at_end: back}}");
  EXPECT_NEAR(back.number("p.heading", seconds(10)), 270, 0.1);  // 111 m there: on its way back
}

TEST(Gps, SpreadsDevicesAndTheirSpeeds) {
  const signal_sampler from(
      "p: {gps: {waypoints: [[0, 0], [0, 10]], speed_kmh: 100, spread: 100%, variation: 20%, "
      "at_end: stop, decimals: 9}}");
  std::vector<double> places;
  std::vector<double> speeds;
  for (std::uint32_t device = 0; device < 3'000; ++device) {
    places.push_back(from.number("p.lon", seconds(0), device));
    const sensor_value speed = from.value("p.speed", seconds(0), device);
    speeds.push_back(speed.real);
  }
  EXPECT_LT(kolmogorov_smirnov(places, [](double x) { return x / 10; }), kolmogorov_smirnov_limit);
  EXPECT_LT(kolmogorov_smirnov(speeds, [](double x) { return (x - 80) / 40; }),
            kolmogorov_smirnov_limit);
}

}  // namespace
}  // namespace gauntlet::sim
