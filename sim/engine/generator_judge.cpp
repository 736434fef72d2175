#include "sim/engine/generator_judge.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/units.hpp"

namespace gauntlet::sim {
namespace {

// A loop that is later than this for one tick in a hundred distorts what it measures.
constexpr duration loop_lag_limit = std::chrono::milliseconds(20);
// Nor may it stand still, even once: everything due meanwhile was late by the generator's own
// fault.
constexpr duration standstill_limit = std::chrono::milliseconds(250);
// A worker is one thread: beyond this share of a core it is at its end.
constexpr double cpu_share_limit = 0.9;

std::string rounded(duration value) {
  return format_duration(std::chrono::round<std::chrono::microseconds>(value));
}

}  // namespace

record::generator_judgement judge_generator(const record::measurements& measured,
                                            duration publishing) {
  const record::generator_account& generator = measured.generator;
  const duration loop_lag = generator.loop_lag.percentile(99);
  const duration schedule_lag = generator.schedule_lag.percentile(99);
  double busiest = 0;
  for (const record::worker_account& worker : generator.workers) {
    if (publishing <= duration::zero()) break;
    busiest = std::max(
        busiest, static_cast<double>(worker.cpu.count()) / static_cast<double>(publishing.count()));
  }
  const std::string figures = fmt::format(
      "p99 of its event loop was {} late and the worst {}, p99 of the messages {} behind schedule, "
      "the busiest worker used {:.0f} % of a core",
      rounded(loop_lag), rounded(generator.loop_lag.max()), rounded(schedule_lag), busiest * 100);
  if (loop_lag > loop_lag_limit || generator.loop_lag.max() > standstill_limit ||
      busiest > cpu_share_limit) {
    return {.limited = true,
            .sentence =
                "The generator was at its limit, so latency and throughput say as much about it "
                "as about the broker: " +
                figures + ". Use more workers or a smaller fleet."};
  }
  return {.limited = false, .sentence = "The generator kept up: " + figures + "."};
}

}  // namespace gauntlet::sim
