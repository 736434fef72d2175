#include "harness/broker/redirection.hpp"

#include "harness/broker/disconnect.hpp"

namespace gauntlet::broker {

using mqtt::reason_code;

bool redirect(broker_state& broker, connection& peer, redirection_time now) {
  const redirection& there = broker.options.redirection;
  if (there.server_reference.empty() || there.when != now) return false;
  // 3.1.1 has no such return code in CONNACK; "Server unavailable" is the nearest.
  const bool v5 = peer.version == mqtt::protocol_version::v5;
  const reason_code reason = !v5               ? reason_code::server_unavailable
                             : there.permanent ? reason_code::server_moved
                                               : reason_code::use_another_server;
  refuse(broker, peer, reason, "clients are to use another server");
  return true;
}

void add_server_reference(const broker_state& broker, reason_code reason,
                          mqtt::property_list& properties) {
  if (reason != reason_code::use_another_server && reason != reason_code::server_moved) return;
  properties.add(mqtt::server_reference(broker.options.redirection.server_reference));
}

}  // namespace gauntlet::broker
