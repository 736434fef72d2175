#include "harness/broker/disconnect.hpp"

#include <algorithm>
#include <vector>

#include "harness/broker/address_limit.hpp"
#include "harness/broker/connack.hpp"
#include "harness/broker/output.hpp"
#include "harness/broker/problem_information.hpp"
#include "harness/broker/redirection.hpp"
#include "harness/broker/session_life.hpp"
#include "harness/broker/wills.hpp"

namespace gauntlet::broker {
namespace {

void end(broker_state& broker, connection& peer) {
  peer.phase = connection_phase::closed;
  --broker.statistics.connections;
  broker.deadlines.cancel(peer.timeout);
  discount_address(broker, peer);
  peer.longest_stay.reset();
  leave_session(broker, peer);
}

std::string_view client_of(const connection& peer) {
  return peer.bound != nullptr ? std::string_view(peer.bound->client_id) : std::string_view{};
}

// The interval in DISCONNECT replaces that of CONNECT (§3.14.2.2.2). Answers false for the Protocol
// Error of a non-zero interval where CONNECT had zero.
bool change_session_expiry(broker_state& broker, const connection& from,
                           const mqtt::disconnect& packet) {
  const auto interval = packet.properties.find<mqtt::property_id::session_expiry_interval>();
  if (!interval) return true;
  if (*interval != 0 && from.session_expiry_at_connect_s == 0) return false;
  if (broker.defects.strikes(defect::ignore_session_expiry_of_disconnect)) return true;
  from.bound->session_expiry_interval_s =
      std::min(*interval, broker.options.capabilities.session_expiry_interval_max_s);
  return true;
}

// Whether the client has broken a rule.
bool is_breach(mqtt::reason_code reason) {
  return reason != mqtt::reason_code::session_taken_over &&
         reason != mqtt::reason_code::server_shutting_down &&
         reason != mqtt::reason_code::keep_alive_timeout;
}

void close_other_connections(broker_state& broker, const connection& but) {
  std::vector<connection*> others;
  broker.sessions.visit([&](session& each) {
    if (each.attached != nullptr && each.attached != &but) others.push_back(each.attached);
  });
  for (connection* each : others) close_connection(broker, *each);
}

// What defects do to a client that has broken a rule. Answers false if it is still to be refused.
bool disconnect_wrongly(broker_state& broker, connection& peer, mqtt::reason_code reason) {
  defect_set& defects = broker.defects;
  const bool is_v5 = peer.version == mqtt::protocol_version::v5;
  if (defects.strikes(defect::ignore_protocol_error)) return true;
  if (is_v5 && defects.strikes(defect::keep_connection_after_disconnect)) {
    send_packet(broker, peer, mqtt::disconnect{.reason_code = reason});
    return true;
  }
  if (defects.strikes(defect::close_all_connections_at_error)) {
    close_other_connections(broker, peer);
  }
  if (is_v5 && defects.strikes(defect::omit_disconnect_at_error)) {
    close_connection(broker, peer);
    return true;
  }
  if (is_v5 && defects.strikes(defect::send_unspecific_disconnect)) {
    send_packet(broker, peer,
                mqtt::disconnect{.reason_code = mqtt::reason_code::unspecified_error});
    close_connection(broker, peer);
    return true;
  }
  return false;
}

bool is_error_of_client(mqtt::reason_code reason) {
  return reason == mqtt::reason_code::malformed_packet ||
         reason == mqtt::reason_code::protocol_error;
}

// The defects of the answer to a CONNECT that is refused. Answers whether one struck.
bool refuse_connect_wrongly(broker_state& broker, connection& peer, mqtt::reason_code reason) {
  if (broker.defects.strikes(defect::keep_connection_after_refusing_connack)) {
    send_refusing_connack(broker, peer, reason, {});
    return true;
  }
  if (peer.version == mqtt::protocol_version::v5 &&
      broker.defects.strikes(defect::send_disconnect_before_connack)) {
    send_packet(broker, peer, mqtt::disconnect{.reason_code = mqtt::reason_code::protocol_error});
    close_connection(broker, peer);
    return true;
  }
  return false;
}

void close_after_flush(broker_state& broker, connection& peer, bool farewell) {
  if (peer.phase == connection_phase::closed) return;
  flush_connection(broker, peer, farewell);
  peer.link->close();
  end(broker, peer);
}

// A client that is in is disconnected; one that is not is refused.
void log_refusal(const broker_state& broker, const connection& peer, mqtt::reason_code reason,
                 std::string_view why) {
  const auto code = static_cast<unsigned>(reason);
  if (peer.bound == nullptr) {
    broker.log(log_level::warning, "refuse peer={} reason=0x{:02X} why={}", peer.link->peer_name(),
               code, why);
    return;
  }
  const bool is_usual = reason == mqtt::reason_code::session_taken_over ||
                        reason == mqtt::reason_code::server_shutting_down;
  broker.log(is_usual ? log_level::info : log_level::warning,
             "disconnect peer={} client={} by=broker reason=0x{:02X} why={}",
             peer.link->peer_name(), client_of(peer), code, why);
}

}  // namespace

void handle_disconnect(broker_state& broker, connection& from, const mqtt::disconnect& packet) {
  if (from.phase == connection_phase::authenticating) {  // nothing has begun that could end
    close_connection(broker, from);
    return;
  }
  if (broker.defects.strikes(defect::ignore_disconnect)) return;
  if (!packet.properties.contains(mqtt::property_id::session_expiry_interval) &&
      broker.defects.strikes(defect::reset_session_expiry_at_disconnect)) {
    from.bound->session_expiry_interval_s = 0;
  }
  if (!change_session_expiry(broker, from, packet) &&
      !broker.defects.strikes(defect::accept_session_expiry_after_zero)) {
    refuse(broker, from, mqtt::reason_code::protocol_error,
           "DISCONNECT with a Session Expiry Interval after a CONNECT without");
    return;
  }
  broker.log(log_level::info, "disconnect peer={} client={} by=client reason=0x{:02X}",
             from.link->peer_name(), client_of(from), static_cast<unsigned>(packet.reason_code));
  // Any code but 0x00 leaves the will to be published (§3.14).
  if (packet.reason_code == mqtt::reason_code::normal_disconnection) {
    discard_will(broker, *from.bound);
  } else if (broker.defects.strikes(defect::lose_will_at_disconnect_with_will)) {
    drop_will(broker, *from.bound);
  }
  close_connection(broker, from);
}

void refuse(broker_state& broker, connection& peer, mqtt::reason_code reason,
            std::string_view why) {
  if (peer.phase == connection_phase::closed) return;
  log_refusal(broker, peer, reason, why);
  if (broker.defects.any() && peer.bound != nullptr && is_breach(reason) &&
      disconnect_wrongly(broker, peer, reason)) {
    return;
  }
  const problem explained{std::string(why), {{"peer", peer.link->peer_name()}}};
  if (peer.bound != nullptr && is_error_of_client(reason) &&
      broker.defects.strikes(defect::lose_will_at_error)) {
    drop_will(broker, *peer.bound);
  }
  // So that a broker that shuts down need not commit for each of its clients.
  const bool farewell = peer.output.empty();
  if (peer.phase != connection_phase::connected) {
    if (refuse_connect_wrongly(broker, peer, reason)) return;
    send_refusing_connack(broker, peer, reason, explained);
  } else if (peer.version == mqtt::protocol_version::v5) {  // 3.1.1 has no DISCONNECT to a client
    mqtt::disconnect packet{.reason_code = reason};
    add_server_reference(broker, reason, packet.properties);
    send_explained(broker, peer, packet, explained);
  } else if (broker.defects.strikes(defect::send_disconnect_to_3_1_1)) {
    send_packet(broker, peer, mqtt::disconnect{});
  }
  close_after_flush(broker, peer, farewell);
}

void close_connection(broker_state& broker, connection& peer) {
  close_after_flush(broker, peer, false);
}

void connection_lost(broker_state& broker, connection& peer, std::string_view how) {
  if (peer.phase == connection_phase::closed) return;
  broker.log(log_level::info, "lost peer={} client={} how={}", peer.link->peer_name(),
             client_of(peer), how);
  end(broker, peer);
}

}  // namespace gauntlet::broker
