#pragma once

// How connections end: DISCONNECT from either side, errors of the client, a broken network
// (MQTT 5.0 §3.14, §4.13; 3.1.1 §3.14, §4.8).

#include <string_view>

#include "harness/broker/state.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::broker {

/// The client says goodbye.
void handle_disconnect(broker_state& broker, connection& from, const mqtt::disconnect& packet);

/// The client broke a rule, or may not go on: tells it the reason if its version and the state of
/// the connection permit (DISCONNECT, or CONNACK before the connection is accepted), and closes.
/// `why` is for the log and the Reason String. The connection's session may be gone afterwards.
void refuse(broker_state& broker, connection& peer, mqtt::reason_code reason, std::string_view why);

/// Sends what is waiting and closes; what follows for will and session is leave_session's.
void close_connection(broker_state& broker, connection& peer);

/// The network connection is gone.
void connection_lost(broker_state& broker, connection& peer, std::string_view how);

}  // namespace gauntlet::broker
