#pragma once

// The scenarios of the suite: what each is called, what it needs, and how it is played. Each file
// of scenarios adds its own; catalogue() has them all.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "guarantees/stage.hpp"
#include "harness/history/evidence.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::guarantees {

struct scenario {
  std::string name;   ///< unique; words between slashes, the version last
  std::string title;  ///< what happens, in one line
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  bool needs_qos2 = false;
  bool needs_retain = false;
  bool needs_shared = false;
  /// The broker is stopped or killed once in it, together with all scenarios that ask for the same.
  std::optional<history::broker_event::kind> ends_broker;
  /// Faults that never strike are no reason to doubt it.
  bool faults_may_rest = false;
  std::function<void(stage&)> play;
};

using scenarios = std::vector<scenario>;

/// A connection cut before and after each packet of the QoS 1 and QoS 2 exchanges, on the
/// publisher's side and on the subscriber's, with the session resumed or begun anew.
void add_cuts(scenarios& to);

/// Lost, withheld and doubled acknowledgements, dead links, absences, torn messages.
void add_delivery(scenarios& to);
/// Takeovers, clean starts, expiry of sessions, subscriptions on breaking links, storms.
void add_sessions(scenarios& to);
void add_retained(scenarios& to);
/// Message expiry and shared subscriptions around a cut.
void add_expiry_and_groups(scenarios& to);
void add_wills(scenarios& to);
/// The broker itself is stopped and killed.
void add_restarts(scenarios& to);
void add_random(scenarios& to);

/// All, in the order in which they are listed; each name is unique.
scenarios catalogue();

/// "5.0" and "3.1.1" as the last word of a name.
std::string with_version(const std::string& name, mqtt::protocol_version version);

}  // namespace gauntlet::guarantees
