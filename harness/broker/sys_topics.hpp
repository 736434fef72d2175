#pragma once

// What the broker tells about itself on topics below "$SYS/": current values to new subscribers as
// if they were retained, and to all of them once each sys_interval. Nothing is kept, and no timer
// runs, while nobody is subscribed. No wildcard at the first level matches them [MQTT-4.7.2-1].

#include <string_view>

#include "harness/broker/state.hpp"

namespace gauntlet::broker {

/// Sends the values that a new subscription matches, and starts the publications if it can match
/// any. `existed` as in send_retained().
void subscribe_to_sys_topics(broker_state& broker, session& to, std::string_view filter,
                             const subscription& subscribed, bool existed);

/// Publishes from now on, until nobody is subscribed.
void start_sys_topics(broker_state& broker);

/// The interval is over.
void publish_sys_topics(broker_state& broker);

/// The counts with those that are looked up when asked for.
statistics current_statistics(const broker_state& broker);

}  // namespace gauntlet::broker
