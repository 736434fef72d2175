// What the generator pays for each message before it is sent: its due time, its payload of five
// modelled JSON members, and its stamp; and what the receiver pays to read that.

#include <cstdlib>
#include <vector>

#include <benchmark/benchmark.h>

#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {
namespace {

const fleet_plan& weather_stations() {
  static const fleet_plan plan = [] {
    auto loaded = parse_scenario(R"(name: weather
duration: 100h
fleet:
  - group: stations
    count: 10000
    publish:
      - topic: "weather/{index:05}"
        every: 1s
        jitter: 10%
        payload:
          json:
            temperature: {walk: {start: 20, step: 0.1, min: -10, max: 40, decimals: 1}}
            humidity: {walk: {start: 50, step: 0.5, min: 0, max: 100, decimals: 1}}
            pressure: {walk: {start: 1013, step: 0.2, min: 950, max: 1050, decimals: 1}}
            wind: {normal: {mean: 12, stddev: 3, decimals: 1}}
            rain: {bool: 5%}
)",
                                 "weather.yaml");
    if (!loaded) std::abort();
    return fleet_plan(std::move(*loaded));
  }();
  return plan;
}

void json_payload_of_five_members(benchmark::State& state) {
  const fleet_plan& plan = weather_stations();
  byte_buffer payload;
  due_message message{.due = std::chrono::hours(1),
                      .sequence = static_cast<std::uint32_t>(state.range(0))};
  device_number device = 0;
  for (auto _ : state) {
    payload.clear();
    plan.append_payload(device, 0, message, payload);
    benchmark::DoNotOptimize(payload.data());
    device = (device + 1) % plan.device_count();
    message.sequence ^= 1;  // stays where it is asked to be: a walk costs more the longer it is
  }
  state.counters["bytes"] = static_cast<double>(payload.size());
}
BENCHMARK(json_payload_of_five_members)->Arg(1)->Arg(100)->Arg(100'000);

/// The same five, as sensors of the device; two of them have a past and a memory.
const fleet_plan& lorries() {
  static const fleet_plan plan = [] {
    auto loaded = parse_scenario(R"(name: lorries
duration: 100h
fleet:
  - group: lorries
    count: 1000
    sensors:
      temperature: {walk: {start: 20, step: 0.1, min: -10, max: 40, reversion: 5%, decimals: 1}}
      ambient: {daily: {min: 8, max: 25, noise: 0.3, decimals: 1}, every: 10s}
      door: {switch: {on: 30s, off: 10m}}
      warm: {expression: "temperature > ambient and not door"}
      cooling: {machine: {states: {on: {dwell: 60s, next: off}, off: {dwell: 90s, next: on}}}}
    publish:
      - topic: "lorries/{index:05}"
        every: 1s
        payload:
          json:
            temperature: {sensor: temperature}
            ambient: {sensor: ambient}
            door: {sensor: door}
            warm: {sensor: warm}
            cooling: {sensor: cooling}
)",
                                 "lorries.yaml");
    if (!loaded) std::abort();
    return fleet_plan(std::move(*loaded));
  }();
  return plan;
}

void json_payload_of_five_sensors(benchmark::State& state) {
  const fleet_plan& plan = lorries();
  std::vector<sensor_memory> memories(plan.device_count());
  byte_buffer payload;
  due_message message{.due = std::chrono::hours(1), .sequence = 3'600};
  device_number device = 0;
  for (auto _ : state) {
    payload.clear();
    plan.append_payload(device, 0, message, payload, &memories[device]);
    benchmark::DoNotOptimize(payload.data());
    device = (device + 1) % plan.device_count();
    if (device != 0) continue;
    message.due += std::chrono::seconds(1);
    ++message.sequence;
  }
  state.counters["bytes"] = static_cast<double>(payload.size());
}
BENCHMARK(json_payload_of_five_sensors);

void next_due_time(benchmark::State& state) {
  const fleet_plan& plan = weather_stations();
  due_message message = *plan.first_message(77, 0);
  for (auto _ : state) {
    const auto next = plan.next_message(77, 0, message);
    message = next ? *next : *plan.first_message(77, 0);
    benchmark::DoNotOptimize(message);
  }
}
BENCHMARK(next_due_time);

void stamp_written(benchmark::State& state) {
  byte_buffer payload(stamp_size_digits);
  stamp what{.run_id = 1, .stream = 2, .sequence = 3};
  for (auto _ : state) {
    what.sent += duration(1);
    write_stamp(payload, {0, stamp_layout::encoding::hexadecimal}, what);
    benchmark::DoNotOptimize(payload.data());
  }
}
BENCHMARK(stamp_written);

void stamp_read(benchmark::State& state) {
  byte_buffer payload(stamp_size_digits);
  write_stamp(payload, {0, stamp_layout::encoding::hexadecimal}, {.run_id = 1});
  for (auto _ : state) {
    benchmark::DoNotOptimize(payload.data());
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(read_stamp(payload));
  }
}
BENCHMARK(stamp_read);

}  // namespace
}  // namespace gauntlet::sim
