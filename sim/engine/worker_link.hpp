#pragma once

// A worker as the coordinator sees it: orders go in, live figures and at last everything measured
// come out. It may live in this process or in another one.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/history/ledger.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/network.hpp"
#include "harness/record/measurements.hpp"
#include "sim/engine/worker_books.hpp"
#include "sim/engine/worker_faults.hpp"
#include "sim/engine/worker_orders.hpp"

namespace gauntlet::sim {

/// All that a worker leaves behind.
struct worker_report {
  history::ledger ledger;
  record::measurements measured;
  /// Connections that the coordinator's own faults may have ended; in no account yet.
  broken_connections broken;
  /// Of links, if the scenario has faults or asks for proof.
  std::vector<fault_activity> faults;
  /// Of workers in this process, if the scenario asks for proof.
  std::shared_ptr<history::evidence_builder> history;
};

/// One worker. All calls come from the coordinator's loop.
class worker_link {
 public:
  virtual ~worker_link() = default;

  virtual outcome<void> start(const worker_orders& orders) = 0;
  virtual void publish(time_point at) = 0;
  virtual void stop_publishing() = 0;
  /// Hears of packets that faults of the broker wait for, as worker_faults::on_trigger(); for
  /// workers in this process, after start().
  virtual void on_trigger(std::function<void(std::size_t)>) {}
  /// Asks for the report; it is there when report() says so.
  virtual void finish() = 0;

  /// The latest figures.
  virtual const worker_progress& progress() = 0;
  /// Set once the report has come, after finish().
  virtual std::optional<worker_report>& report() = 0;
  /// Why the worker is gone although nobody asked; empty while all is well.
  virtual const std::string& death() const = 0;
  virtual std::int64_t pid() const = 0;
};

/// A worker in this process, on the network's loop. The plan and the network must outlive it.
std::unique_ptr<worker_link> make_local_worker(const fleet_plan& plan, net::network& network,
                                               bool measure_machine, fleet_part part = {});

/// Worker processes, forked at once: to be called while this process has no other thread and no
/// event loop. They wait for their orders. watch() must follow when the coordinator's loop exists.
class worker_processes {
 public:
  static outcome<std::unique_ptr<worker_processes>> fork(const fleet_plan& plan,
                                                         std::uint32_t count, fleet_part part = {});
  virtual ~worker_processes() = default;

  /// Lets the workers be heard on `loop`; they are to be used through these links.
  virtual std::vector<std::unique_ptr<worker_link>> watch(net::asio_loop& loop) = 0;
};

}  // namespace gauntlet::sim
