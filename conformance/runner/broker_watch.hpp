#pragma once

// Notices that the broker under test is gone, and gets it back if it is ours.

#include <optional>
#include <string>

#include "harness/target/probe.hpp"
#include "harness/target/target.hpp"

namespace gauntlet::conformance {

/// Belongs to the thread of the target's loop. The target outlives it.
class broker_watch {
 public:
  broker_watch(target::target_handle& target, net::network& network, net::endpoint where,
               target::probe_options how);
  ~broker_watch();
  broker_watch(const broker_watch&) = delete;
  broker_watch& operator=(const broker_watch&) = delete;

  /// A client could not connect: death() will ask the broker.
  void suspect() { is_suspected_ = true; }
  /// How the broker ended, if it has: "mosquitto was killed by signal 11 (Segmentation fault)".
  std::optional<std::string> death();
  /// Its last log lines; empty if nobody knows.
  const std::string& log_tail() const { return log_tail_; }
  /// Starts a broker of ours anew. The failure of another's says that it is not ours.
  outcome<void> revive();
  /// Stops and starts a broker of ours on purpose.
  outcome<void> restart();
  bool is_ours() const { return target_.managed() != nullptr; }

 private:
  target::target_handle& target_;
  net::network& network_;
  const net::endpoint where_;
  const target::probe_options probe_;
  bool is_suspected_ = false;
  std::optional<std::string> death_;
  std::string log_tail_;
};

}  // namespace gauntlet::conformance
