#pragma once

// Who a client is: by its certificate, by user name and password (MQTT 5.0 §3.1.3.5, §3.1.3.6,
// §4.12), or by the exchange of enhanced authentication with SCRAM-SHA-256 (§3.15, §4.12). One
// exchange a connection at a time; whoever fails is disconnected.
//
//   CONNECT, method, data   -->  AUTH 0x18   -->  AUTH 0x18  -->  CONNACK with data, or 0x87
//   AUTH 0x19 (connected)   -->  AUTH 0x18   -->  AUTH 0x18  -->  AUTH 0x00, or DISCONNECT 0x87

#include "harness/broker/authentication_state.hpp"
#include "harness/broker/connect_admission.hpp"
#include "harness/broker/state.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::broker {

/// The client of a CONNECT without Authentication Method.
boost::system::result<identity, admission_refusal> authenticate(broker_state& broker,
                                                                const connection& from,
                                                                const mqtt::connect& packet);

/// Whether a client may name this Authentication Method; without users there is none.
bool is_known_method(const broker_state& broker, std::string_view method);

/// A CONNECT that names a method which is known: starts the exchange and holds the packet back.
void start_enhanced_authentication(broker_state& broker, connection& from,
                                   const mqtt::connect& packet);

/// AUTH from a client, before or after CONNACK.
void handle_auth(broker_state& broker, connection& from, const mqtt::auth& packet);

}  // namespace gauntlet::broker
