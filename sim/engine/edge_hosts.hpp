#pragma once

// The host applications of Sparkplug among one worker's devices: each follows the edge nodes whose
// messages come to it. Other devices cost nothing.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "harness/mqtt/publish_view.hpp"
#include "sim/engine/device.hpp"
#include "sim/engine/worker_books.hpp"
#include "sim/plan/fleet_plan.hpp"
#include "sim/sparkplug/host_application.hpp"

namespace gauntlet::sim {

/// The host applications of one worker.
class edge_hosts {
 public:
  /// Both must outlive it.
  edge_hosts(const fleet_plan& plan, worker_books& books) : plan_(plan), books_(books) {}

  bool is_host(const device& who) const {
    return plan_.described().fleet[who.group].sparkplug_host.has_value();
  }
  /// A message has come to a host. Answers the topic to which it sends a rebirth command, if it
  /// needs one.
  std::optional<std::string> on_message(const device& who, const mqtt::publish_view& message,
                                        time_point now);
  /// A host has lost its connection: what is sent meanwhile it does not get, and must not call a
  /// fault.
  void on_connection_lost(const device& who);
  /// Enters what they have found; once, at the end.
  void finish();

 private:
  void enter(const sparkplug::host_application& host);

  const fleet_plan& plan_;
  worker_books& books_;
  std::map<std::uint32_t, sparkplug::host_application> hosts_;  // by local number
  std::map<std::uint32_t, bool> were_cut_;                      // those that were offline once
};

}  // namespace gauntlet::sim
