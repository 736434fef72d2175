#pragma once

// What many scenarios begin with: rules of faults in a few words, a publisher and a subscriber with
// a subscription between them, and both versions of each scenario.

#include <string>
#include <vector>

#include "guarantees/scenario.hpp"

namespace gauntlet::guarantees {

/// A publisher and a subscriber of all topics of the scenario, with an exchange behind them.
struct pair {
  client& publisher;
  client& subscriber;
  message_plan message;

  void publish(int times = 1) const {
    for (int i = 0; i < times; ++i) publisher.publish(message);
  }
};
struct pair_settings {
  mqtt::qos qos = mqtt::qos::at_least_once;
  client_settings publisher;
  client_settings subscriber;
  bool properties = false;
};
pair make_pair(stage& on, const pair_settings& settings);

/// A fault on packets of one type to or from one device, so many times from now on; 0: all.
fault::rule on_packet(const std::string& name, const client& whose, mqtt::packet_type type,
                      history::direction towards, fault::action what, std::uint32_t times = 1);
/// A fault on all that passes between one device and the broker.
fault::rule on_stream(const std::string& name, const client& whose, fault::action what);

/// A scenario before its version is known; the name has none yet.
void add_both_versions(scenarios& to, const scenario& what);
/// For MQTT 5.0 alone.
void add_v5(scenarios& to, scenario what);
/// The same at QoS 1 and QoS 2: "/qos1" and "/qos2" are appended to the name.
void add_both_qos(scenarios& to, const scenario& what,
                  const std::function<void(stage&, mqtt::qos)>& play);

}  // namespace gauntlet::guarantees
