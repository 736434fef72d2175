// What the generator pays for each message before it is sent: its due time, its payload of five
// modelled JSON members, and its stamp; and what the receiver pays to read that.

#include <cstdlib>

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
