#pragma once

// What tests of wills have in common: a device with a will, and a watcher on its topic.

#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {

inline constexpr std::string_view will_payload = "gone";

/// A will of that QoS on the topic "will" of the test. `properties` are for 5.0.
inline mqtt::will will_of(const context& test, mqtt::qos qos = mqtt::qos::at_least_once,
                          mqtt::property_list properties = {}) {
  return {.topic_name = test.topic("will"),
          .payload = {'g', 'o', 'n', 'e'},
          .qos = qos,
          .properties = std::move(properties)};
}

/// A CONNECT with this will; the session ends with the connection.
inline mqtt::connect with_will(mqtt::will will) { return {.will = std::move(will)}; }
inline mqtt::connect with_will(const context& test) { return with_will(will_of(test)); }

/// A client that gets the will.
inline client& watch(context& test, mqtt::qos maximum_qos = mqtt::qos::at_least_once,
                     mqtt::subscription_options options = {}) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("will"), maximum_qos, options);
  return watcher;
}

/// Shows, before a test in which no will may come, that one does come where it is due.
inline void prove_will(context& test, client& watcher) {
  test.connected("control", with_will(test)).drop();
  watcher.receive(will_payload);
}

}  // namespace gauntlet::conformance
