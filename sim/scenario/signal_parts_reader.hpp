#pragma once

// Readers of the kinds of signals, for signal_reader.cpp.

#include "harness/config/object.hpp"
#include "harness/config/reader.hpp"
#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

/// The bound of all numbers of signals.
inline constexpr double signal_magnitude_max = 1e9;

/// A number within ±1,000,000,000.
config::reader<double> signal_number();
/// A number from 0 to 1,000,000,000.
config::reader<double> signal_size();
/// 0 to 9 digits after the point.
config::reader<std::uint8_t> signal_decimals();
/// A share as a fraction.
config::reader<double> signal_share();
/// A duration of a nanosecond or more.
config::reader<duration> signal_interval();

config::reader<expression> expression_reader();

// Of time.
config::reader<sine_signal> sine_reader();
config::reader<daily_signal> daily_reader();
config::reader<steps_signal> steps_reader();
config::reader<ramp_signal> ramp_reader();
config::reader<replay_signal> replay_reader();

// With a past, or with members: only of sensors.
config::reader<machine_signal> machine_reader();
config::reader<switch_signal> switch_reader();
config::reader<gps_signal> gps_reader();
config::reader<battery_signal> battery_reader();

}  // namespace gauntlet::sim
