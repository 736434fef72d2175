#pragma once

// The world of one scenario: devices, the faults between them and the broker, and what passed. The
// scenario is a function that plays on it from top to bottom; each wait turns the loop. At the end
// the stage brings all to rest and judges the history.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "guarantees/client.hpp"
#include "harness/fault/faulty_network.hpp"
#include "harness/history/evidence.hpp"
#include "harness/history/evidence_builder.hpp"
#include "harness/record/guarantees_result.hpp"

namespace gauntlet::guarantees {

/// Ends the broker in that way and starts it again, and answers what was done and when; turns the
/// loop of the stage meanwhile.
using broker_ending_function = std::function<outcome<std::vector<history::broker_event>>(
    event_loop& own, history::broker_event::kind how)>;

/// What a stage is made with.
struct stage_settings {
  access broker;
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  std::string client_prefix;  ///< of Client Identifiers; short
  std::string topic_prefix;   ///< of topics, without a slash at the end
  std::uint64_t seed = 1;
  history::declared_promises promises;
  broker_ending_function end_broker;
};

class stage {
 public:
  stage(net::network& network, stage_settings settings);

  /// A device, connected once this returns. Identifier and version are filled in.
  client& join(const std::string& role, client_settings settings = {});
  /// The same, not connected.
  client& add(const std::string& role, client_settings settings = {});
  std::string topic(const std::string& name) const { return settings_.topic_prefix + "/" + name; }
  mqtt::protocol_version version() const { return settings_.version; }
  bool is_v5() const { return settings_.version == mqtt::protocol_version::v5; }
  std::uint64_t seed() const { return settings_.seed; }
  const std::vector<std::unique_ptr<client>>& clients() const { return clients_; }

  /// From now on; counts begin now.
  void inject(fault::rule what);
  /// Ends one fault; what it held back is let go.
  void end(const std::string& fault) { faults_.enable(fault, false); }
  /// Ends all faults.
  void heal() { faults_.heal(); }
  /// Waits until the fault has struck so often.
  bool await_strike(const std::string& fault, std::uint64_t times = 1);

  /// Waits until `done`; false and a remark if it does not come to that.
  bool await(const std::function<bool()>& done, const std::string& what,
             duration patience = std::chrono::seconds(5));
  /// The same, where it is for the rules to say what it means if it does not come to that.
  bool await_quietly(const std::function<bool()>& done, duration patience);
  /// Until all devices that are here are idle.
  bool settle();
  void rest(duration time);
  /// Stops or kills the broker and starts it again; with `kill` what it promises may be less.
  bool end_broker(history::broker_event::kind how);
  /// The scenario could not show what it is about.
  void remark(const std::string& text);

  /// Heals, brings every device back, sends the last messages, waits for quiet, and judges.
  /// `faults_may_rest`: one that never struck is no reason to doubt the rest.
  void finish(record::guarantee_scenario& to, bool faults_may_rest = false);
  /// Takes away what the scenario left at the broker.
  void clean_up();

 private:
  bool all_idle() const;
  void await_quiet();
  std::vector<record::fault_record> fault_records() const;

  stage_settings settings_;
  event_loop& loop_;
  time_point began_;
  history::evidence_builder builder_;
  fault::injector faults_;
  fault::faulty_network network_;
  std::vector<std::unique_ptr<client>> clients_;
  std::string remark_;
};

}  // namespace gauntlet::guarantees
