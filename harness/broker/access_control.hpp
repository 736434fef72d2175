#pragma once

// Where access lists are applied. A client gets its rights when it connects, and its session keeps
// them while it is away. Without a list each question costs a test of a pointer.
//
//   CONNECT      a will to a topic that may not be published to: CONNACK 0x87. A will is not looked
//                at again when it is published: its session's rights are the same then.
//   PUBLISH      5.0: PUBACK or PUBREC 0x87, at QoS 0 dropped; 3.1.1 knows no refusal, so there the
//                message is acknowledged and dropped [MQTT-3.3.5-2 of 3.1.1].
//   SUBSCRIBE    SUBACK 0x87 (3.1.1: 0x80) if nothing that the filter reaches may be received.
//   delivery     what a subscription reaches and its client may not receive passes it by; retained
//                messages and those that waited for the client as well.

#include <string_view>

#include "harness/broker/state.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::broker {

/// The rights of a client that connects.
access_rights_ref rights_of(broker_state& broker, const identity& who, std::string_view client_id);

/// Whether the will of a CONNECT may be published.
bool may_leave_will(const access_rights_ref& rights, const mqtt::connect& packet);

/// Gives the session of a client that has just connected its rights. Subscriptions made with other
/// rights are looked at anew, and end if they would be refused now.
void set_rights(broker_state& broker, session& of, access_rights_ref rights);

/// Whether and how far a subscription is permitted; `filter` as in SUBSCRIBE.
subscription_access may_subscribe(const session& by, std::string_view filter, bool shared);

inline bool may_publish(const session& by, std::string_view topic) {
  return by.rights == nullptr || by.rights->may_publish(topic);
}

/// Whether a message on `topic` may wait for, or go to, the client.
inline bool may_receive(const session& by, std::string_view topic) {
  return by.rights == nullptr || by.rights->may_receive(topic);
}

/// The same for what a subscription matches, which most need no look at.
inline bool may_receive(const subscription& by, std::string_view topic) {
  return !by.allowed_in_part || may_receive(*by.subscriber, topic);
}

}  // namespace gauntlet::broker
