#include "sim/engine/machine_limits.hpp"

#include <algorithm>
#include <sys/resource.h>

#include <fmt/format.h>

namespace gauntlet::sim {
namespace {

// Descriptors that a process needs beside its devices: logs, pipes, loop, files of libraries.
constexpr std::uint64_t descriptor_reserve = 200;
// User memory of one device with its accounts, and of a worker without devices. Measured.
constexpr std::uint64_t device_bytes = 1024;
constexpr std::uint64_t stream_bytes = 64;
constexpr std::uint64_t worker_bytes = 15'000'000;
// What the kernel keeps for one end of an idle loopback connection.
constexpr std::uint64_t kernel_connection_bytes = 5'000;
// Connecting slows down once half of the ephemeral ports of one pair of addresses are taken.
constexpr std::uint64_t devices_per_source = 4'000;
constexpr std::uint64_t source_addresses_max = 32;

std::uint64_t divide_up(std::uint64_t value, std::uint64_t by) { return (value + by - 1) / by; }

// What one process can hold beside its reserve.
std::uint64_t capacity(const fleet_demand& demand) {
  return demand.descriptor_limit > descriptor_reserve ? demand.descriptor_limit - descriptor_reserve
                                                      : 0;
}

outcome<void> check_broker(const fleet_demand& demand) {
  const bool ours =
      demand.broker == broker_place::embedded || demand.broker == broker_place::managed;
  if (!ours || demand.devices <= capacity(demand)) return {};
  return environment_failed(fmt::format(
      "{} devices do not fit: the {} broker is one process, and a process may open {} descriptors "
      "here, enough for {} connections. Use fewer devices, or a broker of several processes or on "
      "another machine (--target URL)",
      demand.devices, demand.broker == broker_place::embedded ? "embedded" : "managed",
      demand.descriptor_limit, capacity(demand)));
}

}  // namespace

std::uint64_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

outcome<machine_plan> lay_out(const fleet_demand& demand) {
  machine_plan plan{.descriptor_limit = demand.descriptor_limit};
  plan.memory_bytes = worker_bytes + demand.devices * device_bytes + demand.streams * stream_bytes;
  if (demand.broker == broker_place::simulated) {
    if (demand.workers && *demand.workers > 1) {
      return bad_input("a simulated run has one worker; leave --workers out");
    }
    return plan;
  }
  if (const auto fits = check_broker(demand); !fits) return fits.error();
  const std::uint64_t room = capacity(demand);
  if (room == 0) {
    return environment_failed(
        fmt::format("a process may open {} descriptors here, which is too few for any fleet; raise "
                    "the limit with 'ulimit -n'",
                    demand.descriptor_limit));
  }

  // Beside an embedded broker each device takes two descriptors of one process.
  const std::uint64_t ends = demand.broker == broker_place::embedded ? 2 : 1;
  const bool fits_here = demand.devices * ends <= room;
  const std::uint64_t needed = divide_up(std::max<std::uint64_t>(demand.devices, 1), room);
  const std::uint64_t workers = demand.workers.value_or(static_cast<std::uint32_t>(needed));
  if (workers < needed) {
    return bad_input(fmt::format(
        "--workers {}: {} devices need at least {} workers, since a process may open {} "
        "descriptors here",
        workers, demand.devices, needed, demand.descriptor_limit));
  }
  plan.workers = static_cast<std::uint32_t>(workers);
  plan.in_process = workers == 1 && fits_here;
  plan.descriptors_per_worker = divide_up(demand.devices, workers) + descriptor_reserve;
  plan.memory_bytes += (workers - 1) * worker_bytes;
  plan.kernel_memory_bytes = demand.devices * kernel_connection_bytes;
  if (demand.loopback && demand.devices > devices_per_source) {
    const std::uint64_t count =
        std::min(source_addresses_max, divide_up(demand.devices, devices_per_source) + 1);
    for (std::uint64_t i = 0; i < count; ++i) {
      plan.source_addresses.push_back(fmt::format("127.0.0.{}", 2 + i));
    }
  }
  return plan;
}

std::string describe(const machine_plan& plan) {
  std::string text = fmt::format(
      "{} worker{}{}\n{} descriptors a worker, of {} allowed\n"
      "about {} MB of memory, and {} MB of the kernel's\n",
      plan.workers, plan.workers == 1 ? "" : "s", plan.in_process ? " in this process" : "",
      plan.descriptors_per_worker, plan.descriptor_limit, plan.memory_bytes / 1'000'000,
      plan.kernel_memory_bytes / 1'000'000);
  if (!plan.source_addresses.empty()) {
    text += fmt::format("connecting from {} to {}\n", plan.source_addresses.front(),
                        plan.source_addresses.back());
  }
  return text;
}

}  // namespace gauntlet::sim
