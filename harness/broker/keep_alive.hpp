#pragma once

// Silence: a connection that sends no CONNECT, and one that is quiet for longer than its Keep Alive
// (MQTT 5.0 §3.1.2.10, §3.1.4).

#include "harness/broker/state.hpp"

namespace gauntlet::broker {

/// Gives a new connection its time for CONNECT.
void start_connect_timeout(broker_state& broker, connection& peer);
/// Puts the Keep Alive of an accepted CONNECT in force.
void start_keep_alive(broker_state& broker, connection& peer);

/// The connection's deadline is due.
void handle_connect_timeout(broker_state& broker, connection& peer);
void handle_keep_alive_due(broker_state& broker, connection& peer);

/// Ends connections that have lasted longer than they may (0xA0).
void start_connect_time(broker_state& broker, connection& peer);
void handle_connect_time_over(broker_state& broker, connection& peer);

}  // namespace gauntlet::broker
