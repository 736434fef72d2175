#pragma once

// What is known of one session: it outlives connections, so the rules for what a broker sends may
// rest on what went over an earlier one.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/mqtt/packets.hpp"

namespace gauntlet::conformance {

/// One subscription that a client asked for, granted or not. None is ever taken out: messages may
/// come that were under way when it was deleted or changed.
struct subscription_record {
  std::string topic_filter;  ///< as asked for, with "$share/" if so
  mqtt::subscription_options options;
  std::uint32_t identifier = 0;  ///< 0: none
  std::uint16_t packet_identifier = 0;
  std::uint64_t asked_at = 0;     ///< the test's count of events
  std::uint64_t answered_at = 0;  ///< 0: not yet
  /// Highest QoS that may come of it: that asked for until SUBACK says less.
  mqtt::qos granted = mqtt::qos::at_most_once;
  bool refused = false;

  bool is_shared(mqtt::protocol_version version) const;
  /// Whether messages on this topic may come because of it.
  bool covers(std::string_view topic_name, mqtt::protocol_version version) const;
};

/// A QoS 1 or 2 message of the broker's that the client has not done with.
struct delivery_in_flight {
  mqtt::publish packet;          ///< with its Topic Name, not an alias
  std::uint64_t connection = 0;  ///< over which it last came
  bool pubrec_sent = false;
  bool pubrec_known = false;  ///< the broker has shown that it got the PUBREC
};

struct connection_story;

/// A session as far as this test made it.
struct session_story {
  /// Whether it began under our eyes; of another one nothing can be told.
  bool known = false;
  /// Whether a client broke a rule in it, after which a broker may do as it likes.
  bool spoilt = false;
  /// The connection that has it now; what an older one still hears is no longer in order.
  const connection_story* holder = nullptr;
  std::vector<subscription_record> subscriptions;
  std::map<std::uint16_t, delivery_in_flight> in_flight;
  /// Packet Identifiers for which the client has ever sent PUBREC without an error.
  std::set<std::uint16_t> received;
  /// How often a message came to this session as a new one, by its place in the published ones.
  std::map<std::size_t, std::uint32_t> deliveries;
  /// Of each publisher, topic and QoS, the last message that came, by its place.
  std::map<std::string, std::size_t> latest;
};

}  // namespace gauntlet::conformance
