#pragma once

// The values that devices make up: signals, and sensors, which are signals with a name, a sampling
// interval and faults of their own. One list for both: written where a value is needed, a signal
// has one value a message; named under `sensors:`, one a sample, and whoever asks at a time gets
// the value of the last sample. How values are computed is in sim/plan/sensor_plan.hpp.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/config/diagnostic.hpp"
#include "sim/scenario/expression.hpp"

namespace gauntlet::sim {

/// 2026-01-01T00:00:00Z in seconds since 1970: when every run begins, for the values of its
/// devices.
inline constexpr std::int64_t run_epoch_s = 1'767'225'600;

/// Always the same.
struct constant_signal {
  literal_value value;
};

/// A number uniform in [min, max).
struct uniform_signal {
  double min = 0;
  double max = 1;
  std::uint8_t decimals = 2;
};

/// A whole number uniform in [min, max].
struct integer_signal {
  std::int64_t min = 0;
  std::int64_t max = 100;
};

/// A normally distributed number.
struct normal_signal {
  double mean = 0;
  double stddev = 1;
  std::uint8_t decimals = 2;
};

/// A Gaussian random walk that is reflected at its bounds. Sample n+1 is off sample n by a normal
/// step of standard deviation `step`, after it has gone back by the share `reversion` of its
/// distance to `mean` (an autoregressive process of first order).
struct walk_signal {
  double start = 0;
  double step = 1;
  double min = -1e9;
  double max = 1e9;
  double reversion = 0;        ///< 0 to 1
  std::optional<double> mean;  ///< without it, start
  std::uint8_t decimals = 2;
};

/// start, start + step, start + 2 step, ...; with `wrap`, counted modulo it from 0 on.
struct counter_signal {
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::optional<std::int64_t> wrap;
};

/// One of a list of values, each equally likely.
struct choice_signal {
  std::vector<literal_value> values;
};

/// true with a probability, else false; independent of what was before.
struct bool_signal {
  double probability = 0.5;
};

/// The time that is asked for, counted from run_epoch_s, so that it is the same in every run.
struct timestamp_signal {
  enum class format : std::uint8_t { iso8601, unix_s, unix_ms };
  format as = format::iso8601;
};

/// mean + amplitude * sin(2 pi (t / period + phase)), with normal noise.
struct sine_signal {
  double mean = 0;
  double amplitude = 1;
  duration period = std::chrono::minutes(1);
  double phase = 0;  ///< share of a period by which it is ahead
  double noise = 0;  ///< standard deviation
  std::uint8_t decimals = 2;
};

/// A cosine over the day that is highest at `peak` and lowest twelve hours off, with normal noise.
/// Runs begin at midnight.
struct daily_signal {
  double min = 0;
  double max = 1;
  duration peak = std::chrono::hours(15);
  double noise = 0;
  std::uint8_t decimals = 2;
};

/// Levels that hold from their time on, in order of time.
struct steps_signal {
  struct level {
    duration at{};
    literal_value value;
  };
  std::vector<level> levels;       ///< never empty; the first one holds before its time too
  std::optional<duration> repeat;  ///< begins anew after this time
};

/// From one value to another at even speed; held before and after.
struct ramp_signal {
  double from = 0;
  double to = 1;
  duration begin{};
  duration over = std::chrono::minutes(1);
  std::optional<duration> repeat;  ///< begins anew after this time
  std::uint8_t decimals = 2;
};

/// How long a state lasts: exponentially distributed with a mean, or uniform between two bounds.
struct dwell_time {
  duration mean{};
  duration min{};
  duration max{};  ///< 0: exponential
};

/// An enumerated state machine.
struct machine_signal {
  struct transition {
    std::string to;
    double probability = 1;
  };
  struct state {
    std::string name;
    /// How long the state lasts; the probabilities of what follows then add up to 1. Without it
    /// they are those of a change from one sample to the next. All states have it, or none.
    std::optional<dwell_time> dwell;
    std::vector<transition> next;  ///< empty: the end
  };
  std::vector<state> states;
  std::string start;
};

/// true and false in turns.
struct switch_signal {
  dwell_time on;
  dwell_time off;
  bool start = false;
};

/// Position, speed and direction of something that drives along great circles from waypoint to
/// waypoint. Members: lat, lon (degrees), speed (km/h), heading (degrees, 0 is north, 90 east).
struct gps_signal {
  enum class end_action : std::uint8_t {
    stop,  ///< stays at the last waypoint
    loop,  ///< drives on to the first one
    back,  ///< drives the same way back, again and again
  };
  struct waypoint {
    double lat = 0;
    double lon = 0;
  };
  std::vector<waypoint> waypoints;
  double speed_kmh = 50;
  double variation = 0;  ///< devices are slower or faster by up to this share, each by its own
  double spread = 0;     ///< share of the track over which devices are spread at the start
  duration pause{};      ///< at each waypoint
  end_action at_end = end_action::loop;
  std::uint8_t decimals = 6;  ///< of lat and lon
};

/// A battery's level in percent.
struct battery_signal {
  double start = 100;
  double drain_per_hour = 1;
  double drain_per_sample = 0;
  std::optional<expression> active;  ///< while true, `active_per_hour` is drained as well
  double active_per_hour = 0;
  std::optional<double> charge_below;  ///< charging begins there; without it, it stays empty
  double charge_per_hour = 100;        ///< until the battery is full
  std::uint8_t decimals = 2;
};

/// The cells of one column of a CSV file.
struct replay_signal {
  std::string file;
  std::string column;
  std::shared_ptr<const std::vector<literal_value>> rows;  ///< never empty
  std::vector<duration> times;  ///< of the rows from 0, ascending; empty: at even intervals
  duration interval{};          ///< between the rows, and from the last one to the first
  bool by_time = false;         ///< else one row a sample
  bool loop = true;             ///< else the last row stays
  bool interpolate = false;     ///< straight lines between the rows, which are numbers
  double spread = 0;            ///< share of the file over which devices are spread at the start
  std::uint8_t decimals = 2;    ///< of interpolated values
};

/// Computed from other sensors of the device.
struct expression_signal {
  expression formula;
  std::uint8_t decimals = 2;
};

/// The value of a sensor of the device: "temperature", "position.lat".
struct reference_signal {
  std::string sensor;
  std::string member;  ///< empty if it has none
};

using signal_description =
    std::variant<constant_signal, uniform_signal, integer_signal, normal_signal, walk_signal,
                 counter_signal, choice_signal, bool_signal, timestamp_signal, sine_signal,
                 daily_signal, steps_signal, ramp_signal, machine_signal, switch_signal, gps_signal,
                 battery_signal, replay_signal, expression_signal, reference_signal>;

/// What goes wrong with a sensor from time to time, on top of its signal.
struct anomaly {
  enum class kind : std::uint8_t {
    spike,     ///< off by `by`, or at `to`
    stuck,     ///< stays at the last value before
    drift,     ///< off by `by` for each hour since the beginning
    drop_out,  ///< no value
  };
  kind is = kind::spike;
  double by = 0;
  std::optional<double> to;
  std::vector<duration> at;       ///< begins at these times, ascending; or
  double per_second = 0;          ///< at random, so often (a Poisson process)
  std::optional<duration> lasts;  ///< without it, for one sample
};

/// A named signal of each device of a group.
struct sensor {
  std::string name;  ///< letters, digits and underscores, not beginning with a digit
  signal_description signal = constant_signal{};
  /// The time from one sample to the next; without it 1 s, of expressions that of the fastest
  /// sensor in them.
  std::optional<duration> every;
  bool settable = false;  ///< meant to be set by messages; the signal is what it is until then
  std::vector<anomaly> anomalies;
  config::place where;
};

/// The names of a signal's members; empty if it is a single value.
std::vector<std::string> members_of(const signal_description& signal);

}  // namespace gauntlet::sim
