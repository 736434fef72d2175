#include "sim/engine/run_scenario.hpp"

#include <utility>

#include <fmt/format.h>

#include "harness/base/assert.hpp"
#include "harness/base/virtual_loop.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/net/memory_network.hpp"
#include "harness/net/url.hpp"
#include "sim/engine/device_files.hpp"
#include "sim/engine/fleet_run.hpp"
#include "sim/plan/fault_plan.hpp"

namespace gauntlet::sim {
namespace {

broker_place place_of(const run_options& options) {
  if (options.simulate) return broker_place::simulated;
  if (options.target.target == "embedded") return broker_place::embedded;
  return options.target.target.find("://") == std::string::npos ? broker_place::managed
                                                                : broker_place::elsewhere;
}

bool is_loopback(const run_options& options) {
  if (place_of(options) != broker_place::elsewhere) return true;
  const auto url = net::parse_url(options.target.target);
  return url && url->where.host.starts_with("127.");
}

/// The far side of a link of our own is no loopback address.
bool behind_a_link(const fleet_plan& plan, const run_options& options) {
  return place_of(options) == broker_place::managed && breaks_host(plan.described());
}

outcome<record::run_result> run_simulated(const fleet_plan& plan, const run_options& options,
                                          const run_observer& observer, machine_plan machine) {
  virtual_loop loop;
  net::memory_network_options behaviour = options.simulated_network;
  behaviour.seed = plan.described().seed;
  if (needs_links(plan.described()) && behaviour.delay_max == duration::zero()) {
    // Histories are put in order by time: a broker that answers at the very moment of the question
    // could not be told from one that answers before it.
    behaviour.delay_min = behaviour.delay_max = std::chrono::microseconds(50);
  }
  net::memory_network network(loop, behaviour);
  run_ground ground{.network = network,
                    .machine = std::move(machine),
                    .tick_interval = std::chrono::seconds(1),
                    .flushed = [&loop, until = time_point::min()]() mutable {
                      // What is under way in memory arrives within a moment of virtual time.
                      if (until == time_point::min()) until = loop.now() + std::chrono::seconds(1);
                      return loop.now() >= until;
                    }};
  ground.workers.push_back(make_local_worker(plan, network, false));
  return fleet_run(plan, options, observer, std::move(ground)).run();
}

}  // namespace

std::string_view phase_name(run_phase phase) {
  switch (phase) {
    case run_phase::starting:
      return "starting";
    case run_phase::arriving:
      return "connecting";
    case run_phase::publishing:
      return "publishing";
    case run_phase::draining:
      return "draining";
    case run_phase::finishing:
      return "finishing";
  }
  return "";
}

outcome<machine_plan> lay_out_run(const fleet_plan& plan, const run_options& options) {
  const fleet_part part = options.part ? options.part->part : fleet_part{};
  return lay_out({.devices = devices_of(plan, part),
                  .streams = streams_of(plan, part),
                  .broker = place_of(options),
                  .loopback = is_loopback(options) && !behind_a_link(plan, options),
                  .workers = options.workers,
                  .descriptor_limit = raise_descriptor_limit()});
}

namespace {

// Forks, opens the network, and lets `play` do what it likes with a run on it.
template <class Result>
outcome<Result> run_for_real(const fleet_plan& plan, const run_options& options,
                             const run_observer& observer, machine_plan machine,
                             outcome<Result> (fleet_run::*play)()) {
  const fleet_part part = options.part ? options.part->part : fleet_part{};
  std::unique_ptr<worker_processes> processes;
  if (!machine.in_process) {
    auto forked = worker_processes::fork(plan, machine.workers, part);
    if (!forked) return forked.error();
    processes = std::move(*forked);
  }
  net::asio_loop loop;
  net::asio_network network(loop, {.seed = plan.described().seed});
  run_ground ground{.network = network, .machine = std::move(machine), .flushed = [&network] {
                      return network.connections_closing() == 0;
                    }};
  if (processes) {
    ground.workers = processes->watch(loop);
  } else {
    ground.workers.push_back(make_local_worker(plan, network, true, part));
  }
  fleet_run run(plan, options, observer, std::move(ground));
  return (run.*play)();
}

/// Faults of the broker need one that is ours.
outcome<void> check_broker_faults(const fleet_plan& plan, const run_options& options) {
  if (place_of(options) != broker_place::elsewhere) return {};
  for (const planned_broker_fault& each : broker_faults_of(plan)) {
    if (each.is_optional) continue;
    return bad_input(fmt::format(
        "{}:{}:{}: the fault {} strikes the broker itself, and {} is not started by Gauntlet; "
        "choose a broker that is (gauntlet brokers), or say 'optional: true' to leave the fault "
        "out",
        options.scenario_path, each.where.line, each.where.column, each.name,
        net::without_password(options.target.target)));
  }
  return {};
}

outcome<machine_plan> prepare(const fleet_plan& plan, const run_options& options) {
  set_assertion_seed(plan.described().seed);
  if (const auto possible = check_broker_faults(plan, options); !possible) return possible.error();
  auto machine = lay_out_run(plan, options);
  if (!machine) return machine.error();
  if (const auto checked = check_device_files(plan); !checked) return checked.error();
  if (plan.described().guarantees && (machine->workers > 1 || options.part)) {
    return bad_input(
        "guarantees are judged where all devices are in one process, and this run has more; ask "
        "for a smaller fleet (--scale), or leave 'guarantees' out");
  }
  if (waits_for_packets(plan.described()) && (!machine->in_process || options.part)) {
    return bad_input(
        "a fault of the broker waits for a packet, which is heard of where all devices are in one "
        "process, and this run has more; ask for a smaller fleet (--scale), or give it a time");
  }
  return machine;
}

}  // namespace

outcome<record::run_result> run_scenario(const fleet_plan& plan, const run_options& options,
                                         const run_observer& observer) {
  auto machine = prepare(plan, options);
  if (!machine) return machine.error();
  if (options.simulate) return run_simulated(plan, options, observer, std::move(*machine));
  return run_for_real(plan, options, observer, std::move(*machine), &fleet_run::run);
}

outcome<run_books> run_scenario_part(const fleet_plan& plan, const run_options& options,
                                     const run_observer& observer) {
  const fleet_part part = options.part->part;
  if (options.simulate || place_of(options) != broker_place::elsewhere) {
    return bad_input("--part needs a broker that all hosts reach: --target with its URL");
  }
  if (devices_of(plan, part) == 0) {
    return bad_input(fmt::format("part {} of {} has no devices: no group is so large",
                                 part.index + 1, part.count));
  }
  auto machine = prepare(plan, options);
  if (!machine) return machine.error();
  return run_for_real(plan, options, observer, std::move(*machine), &fleet_run::run_part);
}

}  // namespace gauntlet::sim
