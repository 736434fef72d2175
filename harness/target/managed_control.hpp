#pragma once

// The control of a broker process: signals, starts that do not wait, limits of the kernel, and its
// files.

#include <memory>
#include <optional>

#include "harness/mqtt/protocol.hpp"
#include "harness/net/network.hpp"
#include "harness/target/broker_control.hpp"
#include "harness/target/managed_broker.hpp"
#include "harness/target/probe.hpp"

namespace gauntlet::target {

/// Belongs to the thread of the network's loop; broker and network outlive it.
class managed_control final : public broker_control {
 public:
  /// `version` is the one that a start is probed with; a start fails after `ready_within` or what
  /// the profile allows, whichever is longer.
  managed_control(managed_broker& broker, net::network& network, mqtt::protocol_version version,
                  duration ready_within);
  ~managed_control() override;

  bool is_running() const override;
  outcome<void> kill() override;
  outcome<void> terminate() override;
  void start(started_function on_started) override;
  outcome<void> pause() override;
  outcome<void> resume() override;
  outcome<void> reload() override;
  outcome<void> limit(scarce_resource what, std::uint64_t at_most) override;
  outcome<void> damage_store(store_damage how) override;
  outcome<void> fill_disk() override;
  outcome<void> free_disk() override;

 private:
  void look_at_start();
  void finish_start(const outcome<void>& how);

  managed_broker& broker_;
  net::network& network_;
  mqtt::protocol_version version_;
  duration ready_within_;
  std::unique_ptr<timer> patience_;    ///< of a broker that was asked to end
  std::unique_ptr<timer> start_look_;  ///< while a start is under way
  std::vector<managed_broker::question> unanswered_;
  std::unique_ptr<pending_probe> asked_;
  time_point start_deadline_{};
  started_function on_started_;
};

}  // namespace gauntlet::target
