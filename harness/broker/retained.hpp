#pragma once

// Retained messages: which publication is kept, and which subscribe gets them (MQTT 5.0 §3.3.1.3).

#include "harness/broker/state.hpp"

namespace gauntlet::broker {

/// Keeps a message published with RETAIN 1 in place of its topic's earlier one, or removes that if
/// the payload is empty [MQTT-3.3.1-5, -6, -7].
void retain(broker_state& broker, lazy_message& message, const session* publisher);

/// Whether a SUBSCRIBE asks for retained messages, `existed` telling whether it replaced a
/// subscription; never for a shared one (§4.8.2).
bool asks_for_retained(broker_state& broker, const subscription& subscribed, bool existed);

/// Sends the retained messages that a SUBSCRIBE asks for, `existed` telling whether it replaced a
/// subscription [MQTT-3.3.1-9, -10, -11].
void send_retained(broker_state& broker, session& to, std::string_view filter,
                   const subscription& subscribed, bool existed);

/// What defects do with a message published with RETAIN 0. Called only while a defect is on.
void mistake_for_retained(broker_state& broker, lazy_message& message, const session* publisher);

/// Removes what a client has published with RETAIN 1, as delete-retained-with-session has it.
void delete_retained_of(broker_state& broker, const session& publisher);

}  // namespace gauntlet::broker
