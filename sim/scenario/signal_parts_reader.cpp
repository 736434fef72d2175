#include "sim/scenario/signal_parts_reader.hpp"

#include <algorithm>
#include <utility>

#include "sim/scenario/limits.hpp"
#include "sim/scenario/signal_reader.hpp"

namespace gauntlet::sim {

using config::object;

config::reader<double> signal_number() {
  return config::real(-signal_magnitude_max, signal_magnitude_max);
}

config::reader<double> signal_size() { return config::real(0, signal_magnitude_max); }

config::reader<std::uint8_t> signal_decimals() { return config::integer<std::uint8_t>(0, 9); }

config::reader<double> signal_share() {
  return config::converted<double, share>(config::percentage(),
                                          [](share part) { return part.fraction(); });
}

config::reader<duration> signal_interval() {
  return config::time_span(duration(1), scenario_time_max);
}

config::reader<expression> expression_reader() {
  return config::parsed_scalar<expression>(R"({"type":["string","number","boolean"]})",
                                           expression::parse, nullptr);
}

namespace {

config::reader<duration> time_of_run() {
  return config::time_span(duration::zero(), scenario_time_max);
}

config::reader<steps_signal::level> level_reader() {
  using level = steps_signal::level;
  return object<level>("A value and from when it holds")
      .required("at", &level::at, time_of_run(), "From when it holds, after the start")
      .required("value", &level::value, literal_reader(), "The value")
      .build();
}

}  // namespace

config::reader<sine_signal> sine_reader() {
  return object<sine_signal>("mean + amplitude * sin(2 pi (t / period + phase)), and noise")
      .optional("mean", &sine_signal::mean, signal_number(), "The middle")
      .required("amplitude", &sine_signal::amplitude, signal_size(),
                "How far it goes up and down from there")
      .required("period", &sine_signal::period, signal_interval(), "Time of one turn")
      .derived<double>(
          "phase", signal_share(), [](sine_signal& to, double part) { to.phase = part; },
          "Part of a turn by which it is ahead at the start")
      .optional("noise", &sine_signal::noise, signal_size(), "Standard deviation of normal noise")
      .optional("decimals", &sine_signal::decimals, signal_decimals(), "Digits after the point")
      .build();
}

config::reader<daily_signal> daily_reader() {
  return object<daily_signal>("A cosine over 24 hours from midnight on, and noise")
      .required("min", &daily_signal::min, signal_number(), "The value twelve hours off the peak")
      .required("max", &daily_signal::max, signal_number(), "The value at the peak")
      .optional("peak", &daily_signal::peak,
                config::time_span(duration::zero(), std::chrono::hours(24)), "Time of day")
      .optional("noise", &daily_signal::noise, signal_size(), "Standard deviation of normal noise")
      .optional("decimals", &daily_signal::decimals, signal_decimals(), "Digits after the point")
      .check([](const daily_signal& made, const config::node& from, config::diagnostics& wrong) {
        if (made.min > made.max) wrong.add(from, "min is larger than max");
      })
      .build();
}

config::reader<steps_signal> steps_reader() {
  return object<steps_signal>("Levels that hold from their times on")
      .required("levels", &steps_signal::levels, config::list_of(level_reader(), 1),
                "The levels, in order of time; the first one holds before, too")
      .optional("repeat", &steps_signal::repeat, signal_interval(),
                "Begins anew after this time, again and again")
      .check([](const steps_signal& made, const config::node& from, config::diagnostics& wrong) {
        for (std::size_t i = 1; i < made.levels.size(); ++i) {
          if (made.levels[i].at > made.levels[i - 1].at) continue;
          wrong.add(from, "level " + std::to_string(i + 1) + " must be later than the one before");
          return;
        }
        if (made.repeat && made.levels.back().at >= *made.repeat) {
          wrong.add(from, "'repeat' begins anew before the last level");
        }
      })
      .build();
}

config::reader<ramp_signal> ramp_reader() {
  return object<ramp_signal>("From one value to another at even speed; held before and after")
      .required("from", &ramp_signal::from, signal_number(), "The first value")
      .required("to", &ramp_signal::to, signal_number(), "The last value")
      .optional("begin", &ramp_signal::begin, time_of_run(), "When it leaves the first value")
      .required("over", &ramp_signal::over, signal_interval(), "How long it takes")
      .optional("repeat", &ramp_signal::repeat, signal_interval(),
                "Begins anew after this time, again and again")
      .optional("decimals", &ramp_signal::decimals, signal_decimals(), "Digits after the point")
      .check([](const ramp_signal& made, const config::node& from, config::diagnostics& wrong) {
        if (made.repeat && made.begin + made.over > *made.repeat) {
          wrong.add(from, "'repeat' begins anew before the ramp is over");
        }
      })
      .build();
}

}  // namespace gauntlet::sim
