#pragma once

// Something that drives from waypoint to waypoint on great circles of a spherical Earth.

#include <cstdint>
#include <vector>

#include "harness/base/seeded_stream.hpp"
#include "sim/plan/sensor_value.hpp"
#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

/// Mean radius of the Earth.
inline constexpr double earth_radius_m = 6'371'008.8;

/// Where it is, and how it moves.
struct gps_position {
  double lat = 0;        ///< degrees, north is positive
  double lon = 0;        ///< degrees, east is positive, -180 to 180
  double speed_kmh = 0;  ///< 0 while it pauses or has stopped
  double heading = 0;    ///< degrees from north to the east, 0 to 360; kept while it pauses
};

/// A gps_signal, ready.
class gps_plan {
 public:
  explicit gps_plan(const gps_signal& what);

  /// `key` is that of the device's sensor.
  gps_position position(const stream_key& key, duration at) const;
  /// One of lat, lon, speed, heading, by its number.
  sensor_value value(const stream_key& key, duration at, std::uint8_t member) const;

 private:
  struct vector3 {
    double x = 0, y = 0, z = 0;
  };
  /// The way from one waypoint to the next.
  struct leg {
    vector3 begin;
    vector3 sideways;         // on the great circle, a quarter turn on
    double angle = 0;         // radians
    double angle_before = 0;  // of all legs before this one
  };

  static vector3 to_vector(const gps_signal::waypoint& at);

  gps_signal what_;
  std::vector<leg> legs_;
  double angle_total_ = 0;
};

}  // namespace gauntlet::sim
