// Readers of what moves and what runs down: tracks and batteries.

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/scenario/signal_parts_reader.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

using number_pair = std::vector<double>;

config::reader<gps_signal::waypoint> waypoint_reader() {
  return config::converted<gps_signal::waypoint, number_pair>(
      config::checked<number_pair>(config::list_of(config::real(-180, 180), 2, 2),
                                   [](const number_pair& pair) {
                                     return std::abs(pair[0]) > 90
                                                ? "the latitude comes first, -90 to 90"
                                                : "";
                                   }),
      [](const number_pair& pair) {
        return gps_signal::waypoint{pair[0], pair[1]};
      });
}

/// Points between which there is no one shortest way have none at all.
std::string wrong_leg(const gps_signal::waypoint& a, const gps_signal::waypoint& b) {
  constexpr double near = 1e-7;
  const double around = std::abs(std::fmod(std::abs(a.lon - b.lon), 360.0));
  const bool at_pole = std::abs(std::abs(a.lat) - 90) < near;
  const bool same_lon = at_pole || around < near || 360 - around < near;
  const bool opposite_lon = at_pole || std::abs(around - 180) < near;
  if (std::abs(a.lat - b.lat) < near && same_lon) return "are the same place";
  if (std::abs(a.lat + b.lat) < near && opposite_lon) return "are opposite each other on the Earth";
  return {};
}

void check_gps(const gps_signal& made, const config::node& from, config::diagnostics& wrong) {
  const std::size_t count = made.waypoints.size();
  const bool closed = made.at_end == gps_signal::end_action::loop;
  for (std::size_t i = 0; i + (closed ? 0 : 1) < count; ++i) {
    const std::size_t next = (i + 1) % count;
    const std::string why = wrong_leg(made.waypoints[i], made.waypoints[next]);
    if (why.empty()) continue;
    wrong.add(*from.find("waypoints"), "waypoints " + std::to_string(i + 1) + " and " +
                                           std::to_string(next + 1) + " " + why);
  }
}

}  // namespace

config::reader<gps_signal> gps_reader() {
  using end_action = gps_signal::end_action;
  return object<gps_signal>("A drive along great circles; members lat, lon, speed, heading")
      .required("waypoints", &gps_signal::waypoints, config::list_of(waypoint_reader(), 2),
                "Pairs of latitude and longitude in degrees")
      .required("speed_kmh", &gps_signal::speed_kmh, config::real(0.001, 100'000),
                "Kilometres an hour")
      .derived<double>(
          "variation", signal_share(),
          [](gps_signal& to, double part) { to.variation = std::min(part, 0.99); },
          "Devices are slower or faster by up to this part of the speed")
      .derived<double>(
          "spread", signal_share(), [](gps_signal& to, double part) { to.spread = part; },
          "The part of the track over which devices are spread at the start")
      .optional("pause", &gps_signal::pause,
                config::time_span(duration::zero(), std::chrono::hours(24 * 365)),
                "How long it stands at each waypoint")
      .optional(
          "at_end", &gps_signal::at_end,
          config::one_of<end_action>(
              {{"stop", end_action::stop}, {"loop", end_action::loop}, {"back", end_action::back}}),
          "At the last waypoint: stop, go on to the first, or go back the same way")
      .optional("decimals", &gps_signal::decimals, signal_decimals(),
                "Digits after the point of lat and lon")
      .check(check_gps)
      .build();
}

config::reader<battery_signal> battery_reader() {
  const auto percent = [](double battery_signal::*into) {
    return [into](battery_signal& to, share part) { to.*into = part.percent; };
  };
  return object<battery_signal>("A battery's level in percent")
      .derived<share>("start", config::percentage(), percent(&battery_signal::start),
                      "The level at the start; without it 100%")
      .derived<share>("drain_per_hour", config::percentage(),
                      percent(&battery_signal::drain_per_hour),
                      "What time alone takes; without it 1%")
      .derived<share>("drain_per_sample", config::percentage(),
                      percent(&battery_signal::drain_per_sample), "What each sample takes")
      .optional("active", &battery_signal::active, expression_reader(),
                "An expression over other sensors: whether the device is active")
      .derived<share>("active_per_hour", config::percentage(),
                      percent(&battery_signal::active_per_hour),
                      "What activity takes as well, while it lasts")
      .derived<share>(
          "charge_below", config::percentage(),
          [](battery_signal& to, share part) { to.charge_below = part.percent; },
          "Charging begins below this level, and ends at 100%; without it, it stays empty")
      .derived<share>("charge_per_hour", config::percentage(),
                      percent(&battery_signal::charge_per_hour),
                      "What charging gives; without it 100%")
      .optional("decimals", &battery_signal::decimals, signal_decimals(), "Digits after the point")
      .check([](const battery_signal& made, const config::node& from, config::diagnostics& wrong) {
        if (made.active.has_value() != (made.active_per_hour > 0)) {
          wrong.add(from, "'active' and 'active_per_hour' stand together");
        }
      })
      .build();
}

}  // namespace gauntlet::sim
