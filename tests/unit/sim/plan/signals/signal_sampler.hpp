#pragma once

// Asks sensors that are written as in a scenario file.

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "harness/config/load.hpp"
#include "sim/plan/sensor_plan.hpp"
#include "sim/scenario/sensor_checks.hpp"
#include "sim/scenario/sensor_reader.hpp"

namespace gauntlet::sim {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// The sensors of one group, and their values.
class signal_sampler {
 public:
  /// `text` is the mapping under `sensors`.
  explicit signal_sampler(const std::string& text, std::uint64_t seed = 1)
      : plan_(read(text), stream_key(seed).with("test")) {}

  const sensor_plan& plan() const { return plan_; }

  sensor_value value(std::string_view path, duration at, std::uint32_t device = 0,
                     sensor_memory* memory = nullptr) const {
    const auto use = plan_.find_path(path);
    EXPECT_TRUE(use) << path;
    return use ? plan_.value(*use, device, at, memory) : sensor_value{};
  }
  double number(std::string_view path, duration at, std::uint32_t device = 0) const {
    return value(path, at, device).number();
  }
  std::string text(std::string_view path, duration at, std::uint32_t device = 0) const {
    return std::string(value(path, at, device).text);
  }

  /// The numbers of `count` samples of a sensor that is sampled each second.
  std::vector<double> samples(std::string_view path, int count, std::uint32_t device = 0) const {
    sensor_memory memory;
    std::vector<double> all;
    for (int i = 0; i < count; ++i) {
      all.push_back(value(path, seconds(i), device, &memory).number());
    }
    return all;
  }

 private:
  static std::vector<sensor> read(const std::string& text) {
    auto loaded = config::load_text(text, "sensors", sensors_reader());
    EXPECT_TRUE(loaded) << config::to_failure(loaded.error()).message;
    return loaded ? std::move(*loaded) : std::vector<sensor>{};
  }

  sensor_plan plan_;
};

}  // namespace gauntlet::sim
