#pragma once

// One subscription of one session, and the group that shares one.

#include <cstdint>
#include <string>
#include <vector>

#include "harness/mqtt/packets.hpp"

namespace gauntlet::broker {

struct session;
struct shared_group;

/// What a session asked for with one Topic Filter (MQTT 5.0 §3.8.3.1). The filter is its key in
/// session::subscriptions; it stays at its address as long as it exists.
struct subscription {
  session* subscriber = nullptr;
  mqtt::subscription_options options;
  /// Subscription Identifier, 1 to 268,435,455; 0 for none.
  std::uint32_t identifier = 0;
  /// It reaches further than its client's access list allows: each message has to be looked at.
  bool allowed_in_part = false;
  /// The group it belongs to if it is a shared subscription; else null.
  shared_group* group = nullptr;
};

/// The members of one shared subscription, "$share/{name}/{filter}" (MQTT 5.0 §4.8.2).
struct shared_group {
  std::uint32_t number = 0;  ///< never 0, and never given again
  std::string full_filter;   ///< with "$share/" and name
  std::string filter;        ///< what is matched
  std::vector<subscription*> members;
  std::size_t next = 0;  ///< whose turn it is
};

}  // namespace gauntlet::broker
