#include "sim/plan/signals/gps_plan.hpp"

#include <algorithm>
#include <cmath>

#include "sim/plan/signals/draws.hpp"

namespace gauntlet::sim {
namespace {

constexpr double pi = 3.141592653589793;
constexpr double per_degree = pi / 180;
constexpr std::uint8_t decimals_of_motion = 1;

}  // namespace

gps_plan::vector3 gps_plan::to_vector(const gps_signal::waypoint& at) {
  const double lat = at.lat * per_degree;
  const double lon = at.lon * per_degree;
  return {std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)};
}

gps_plan::gps_plan(const gps_signal& what) : what_(what) {
  const std::size_t count = what.waypoints.size();
  const bool closed = what.at_end == gps_signal::end_action::loop;
  for (std::size_t i = 0; i + (closed ? 0 : 1) < count; ++i) {
    const vector3 a = to_vector(what.waypoints[i]);
    const vector3 b = to_vector(what.waypoints[(i + 1) % count]);
    const double dot = a.x * b.x + a.y * b.y + a.z * b.z;
    const vector3 across{a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
    const double sine = std::sqrt(across.x * across.x + across.y * across.y + across.z * across.z);
    const double angle = std::atan2(sine, dot);
    const vector3 sideways{(b.x - dot * a.x) / sine, (b.y - dot * a.y) / sine,
                           (b.z - dot * a.z) / sine};
    legs_.push_back({a, sideways, angle, angle_total_});
    angle_total_ += angle;
  }
}

gps_position gps_plan::position(const stream_key& key, duration at) const {
  using end_action = gps_signal::end_action;
  const double factor = 1 + what_.variation * (2 * uniform_draw(key.with("speed")) - 1);
  const double speed_kmh = what_.speed_kmh * factor;
  const double per_s = speed_kmh / 3.6 / earth_radius_m;
  const double pause_s = std::chrono::duration<double>(what_.pause).count();
  const auto legs = static_cast<double>(legs_.size());

  // One way takes this long; each leg ends with a pause. The time within it, and its direction:
  const double way_s = angle_total_ / per_s + legs * pause_s;
  double time_s = std::chrono::duration<double>(at).count() +
                  what_.spread * uniform_draw(key.with("spread")) * way_s;
  bool backwards = false;
  bool arrived = false;
  if (what_.at_end == end_action::stop) {
    arrived = time_s >= way_s - pause_s;
    time_s = std::min(time_s, way_s);
  } else {
    const double ways = std::floor(time_s / way_s);
    time_s -= ways * way_s;
    backwards = what_.at_end == end_action::back && std::fmod(ways, 2) == 1;
  }

  const auto arrival_s = [&](const leg& each, double number) {
    const double angle =
        backwards ? angle_total_ - each.angle_before : each.angle_before + each.angle;
    return angle / per_s + (backwards ? legs - 1 - number : number) * pause_s;
  };
  // The leg under way: the first of those ahead that has not ended with its pause. A leg ends
  // pause_s after its arrival.
  std::size_t number = backwards ? legs_.size() - 1 : 0;
  while (time_s >= arrival_s(legs_[number], static_cast<double>(number)) + pause_s) {
    if (number == (backwards ? 0 : legs_.size() - 1)) break;
    backwards ? --number : ++number;
  }
  const leg& here = legs_[number];
  const double left_s = arrival_s(here, static_cast<double>(number)) - time_s;
  const bool moving = left_s > 0 && !arrived;
  double along = here.angle - (moving ? left_s * per_s : 0);
  along = std::clamp(backwards ? here.angle - along : along, 0.0, here.angle);

  const double c = std::cos(along);
  const double s = std::sin(along);
  const vector3 p{c * here.begin.x + s * here.sideways.x, c * here.begin.y + s * here.sideways.y,
                  c * here.begin.z + s * here.sideways.z};
  // The direction of travel is the derivative by the angle; north and east are those at p.
  const double turn = backwards ? -1 : 1;
  const vector3 d{turn * (c * here.sideways.x - s * here.begin.x),
                  turn * (c * here.sideways.y - s * here.begin.y),
                  turn * (c * here.sideways.z - s * here.begin.z)};
  const double flat = std::hypot(p.x, p.y);
  const double north = flat * d.z - p.z * (p.x * d.x + p.y * d.y) / std::max(flat, 1e-12);
  const double east = (p.x * d.y - p.y * d.x) / std::max(flat, 1e-12);
  double heading = std::atan2(east, north) / per_degree;
  if (heading < 0) heading += 360;
  return {.lat = std::atan2(p.z, flat) / per_degree,
          .lon = std::atan2(p.y, p.x) / per_degree,
          .speed_kmh = moving ? speed_kmh : 0,
          .heading = heading};
}

sensor_value gps_plan::value(const stream_key& key, duration at, std::uint8_t member) const {
  const gps_position now = position(key, at);
  switch (member) {
    case 0:
      return sensor_value::of(now.lat, what_.decimals);
    case 1:
      return sensor_value::of(now.lon, what_.decimals);
    case 2:
      return sensor_value::of(now.speed_kmh, decimals_of_motion);
    default:
      return sensor_value::of(now.heading, decimals_of_motion);
  }
}

}  // namespace gauntlet::sim
