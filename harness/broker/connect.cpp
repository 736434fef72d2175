#include "harness/broker/connect.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <utility>

#include "harness/base/seeded_stream.hpp"
#include "harness/broker/access_control.hpp"
#include "harness/broker/authentication.hpp"
#include "harness/broker/connack.hpp"
#include "harness/broker/connect_admission.hpp"
#include "harness/broker/delivery_outbound.hpp"
#include "harness/broker/disconnect.hpp"
#include "harness/broker/keep_alive.hpp"
#include "harness/broker/output.hpp"
#include "harness/broker/persistence.hpp"
#include "harness/broker/redirection.hpp"
#include "harness/broker/session_life.hpp"
#include "harness/broker/sys_topics.hpp"
#include "harness/broker/wills.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;
using mqtt::protocol_version;

// A Client Identifier that no session has [MQTT-3.1.3-6, MQTT-3.2.2-16].
std::string assign_client_identifier(broker_state& broker) {
  for (;;) {
    const stream_key key = stream_key(broker.options.seed)
                               .with("client identifier")
                               .with(++broker.assigned_identifiers);
    persist_assigned_identifiers(broker);
    if (broker.defects.strikes(defect::assign_same_client_identifier)) return "gauntlet";
    std::string assigned = fmt::format("gauntlet-{:016x}", key.bits());
    if (broker.sessions.find(assigned) == nullptr) return assigned;
  }
}

// The Client Identifier under which a client's session is kept [MQTT-3.1.3-2].
std::string identifier_of_session(broker_state& broker, std::string_view client_id) {
  constexpr std::size_t size_max = 23;
  std::string identifier(client_id);
  if (broker.defects.strikes(defect::ignore_case_of_client_identifier)) {
    std::ranges::transform(identifier, identifier.begin(), [](unsigned char letter) {
      return static_cast<char>(std::tolower(letter));
    });
  }
  if (broker.defects.strikes(defect::truncate_client_identifier)) {
    identifier.resize(std::min(identifier.size(), size_max));
  }
  return identifier;
}

// Ends the existing connection of the client identifier [MQTT-3.1.4-3].
void take_over(broker_state& broker, const connection& by, std::string_view client_id) {
  session* const taken = broker.sessions.find(client_id);
  if (taken == nullptr || taken->attached == nullptr) return;
  connection& existing = *taken->attached;
  if (broker.defects.strikes(defect::leave_existing_client_connected)) {
    leave_session(broker, existing);
    return;
  }
  broker.log(log_level::info, "takeover client={} from={} by={}", client_id,
             existing.link->peer_name(), by.link->peer_name());
  if (broker.defects.strikes(defect::lose_will_at_takeover)) drop_will(broker, *taken);
  if (broker.defects.strikes(defect::omit_session_taken_over)) {
    close_connection(broker, existing);
    return;
  }
  refuse(broker, existing, mqtt::reason_code::session_taken_over, "the client connected again");
}

// Whether the client is in already; a new connection takes over then, and is not refused.
bool is_connected(broker_state& broker, std::string_view client_id) {
  const session* const found = broker.sessions.find(client_id);
  return found != nullptr && found->attached != nullptr;
}

std::uint32_t session_expiry_of(const broker_state& broker, const mqtt::connect& packet) {
  const std::uint32_t longest = broker.options.capabilities.session_expiry_interval_max_s;
  if (packet.protocol_version == protocol_version::v3_1_1) return packet.clean_start ? 0 : longest;
  const auto asked = packet.properties.find<property_id::session_expiry_interval>();
  return std::min(asked.value_or(0), longest);
}

// 3.1.1 has no Server Keep Alive, so there the client's own value stands.
std::uint16_t keep_alive_of(const broker_state& broker, const mqtt::connect& packet) {
  const std::uint16_t longest = broker.options.capabilities.keep_alive_max_s;
  const bool too_long = packet.keep_alive_s == 0 || packet.keep_alive_s > longest;
  if (packet.protocol_version == protocol_version::v3_1_1 || longest == 0 || !too_long) {
    return packet.keep_alive_s;
  }
  return longest;
}

// What the client takes, for the answer to its CONNECT already.
void take_limits(broker_state& broker, connection& of, const mqtt::connect& packet) {
  const auto& asked = packet.properties;
  of.receive_maximum = asked.find<property_id::receive_maximum>().value_or(65'535);
  of.maximum_packet_size =
      asked.find<property_id::maximum_packet_size>().value_or(mqtt::packet_size_limit);
  of.problem_information =
      asked.find<property_id::request_problem_information>().value_or(1) != 0 ||
      broker.defects.strikes(defect::ignore_request_problem_information);
  of.limits_known = true;
  const std::uint16_t aliases = std::min(asked.find<property_id::topic_alias_maximum>().value_or(0),
                                         broker.options.limits.outbound_topic_aliases_max);
  if (aliases > 0) of.outbound_aliases = std::make_unique<outbound_topic_aliases>(aliases);
}

void agree(const broker_state& broker, connection& with, const mqtt::connect& packet) {
  with.keep_alive_s = keep_alive_of(broker, packet);
  with.session_expiry_at_connect_s = session_expiry_of(broker, packet);
}

// The defects of what was agreed in CONNECT and CONNACK and is not kept to.
void break_agreement(broker_state& broker, connection& with, const mqtt::connect& packet) {
  constexpr std::uint16_t limit_s = 20;
  if (with.keep_alive_s == 0 && broker.defects.strikes(defect::limit_keep_alive_0)) {
    with.keep_alive_s = limit_s;
    start_keep_alive(broker, with);
  }
  if (broker.defects.strikes(defect::ignore_server_keep_alive)) {
    with.keep_alive_s = packet.keep_alive_s;
    start_keep_alive(broker, with);
  }
  if (broker.defects.strikes(defect::ignore_announced_session_expiry)) {
    with.bound->session_expiry_interval_s =
        packet.properties.find<property_id::session_expiry_interval>().value_or(0);
  }
}

// From here on the client is in.
void accept(broker_state& broker, connection& from, const mqtt::connect& packet,
            std::string_view client_id, access_rights_ref rights) {
  take_over(broker, from, client_id);
  const opened_session opened = open_session(broker, client_id, packet.clean_start);
  session& own = *opened.of;
  agree(broker, from, packet);
  from.bound = &own;
  from.phase = connection_phase::connected;
  own.attached = &from;
  own.session_expiry_interval_s = from.session_expiry_at_connect_s;
  persist_session(broker, own);
  if (rights != nullptr || own.rights != nullptr) set_rights(broker, own, std::move(rights));
  set_will(broker, own, packet);
  start_keep_alive(broker, from);
  start_connect_time(broker, from);
  discard_session_while_connected(broker, own);
  ++broker.statistics.clients_connected;
  broker.statistics.clients_max =
      std::max(broker.statistics.clients_max, ++broker.statistics.clients);
  broker.log(log_level::info, "connect peer={} client={} version={} keep-alive={} session={}",
             from.link->peer_name(), own.client_id, mqtt::version_name(from.version),
             from.keep_alive_s, opened.present ? "resumed" : "new");
  const bool too_early = broker.defects.strikes(defect::send_publish_before_connack);
  if (too_early) resume_deliveries(broker, own);
  if (!send_connack(broker, from, packet, opened.present)) {
    close_connection(broker, from);  // not even CONNACK fits the client's Maximum Packet Size
    return;
  }
  break_agreement(broker, from, packet);
  if (redirect(broker, from, redirection_time::after_connect)) return;
  if (opened.present) start_sys_topics(broker);  // for it may have been subscribed to them
  if (!too_early) resume_deliveries(broker, own);
}

// Nothing of a refused client counts [MQTT-3.1.4-6]: neither its will, nor what it sends next.
void refuse_connect(broker_state& broker, connection& from, const mqtt::connect& packet,
                    const admission_refusal& refusal) {
  if (broker.defects.strikes(defect::publish_will_of_refused_connect)) {
    publish_will_of(broker, packet);
  }
  if (broker.defects.strikes(defect::process_packets_of_refused_client)) {
    send_refusing_connack(broker, from, refusal.reason, {});
    from.connack_sent = true;
    accept(broker, from, packet, packet.client_id, nullptr);
    return;
  }
  refuse(broker, from, refusal.reason, refusal.why);
}

}  // namespace

void admit(broker_state& broker, connection& from, const mqtt::connect& packet,
           const identity& who) {
  if (const auto refusal = check_session_limit(broker, packet)) {
    refuse_connect(broker, from, packet, *refusal);
    return;
  }
  const std::string client_id = packet.client_id.empty()
                                    ? assign_client_identifier(broker)
                                    : identifier_of_session(broker, packet.client_id);
  if (is_connected(broker, client_id) &&
      broker.defects.strikes(defect::refuse_client_already_connected)) {
    refuse(broker, from, mqtt::reason_code::client_identifier_not_valid, "connected already");
    return;
  }
  access_rights_ref rights = rights_of(broker, who, client_id);
  if (!may_leave_will(rights, packet)) {
    refuse(broker, from, mqtt::reason_code::not_authorized, "will to a topic that is not allowed");
    return;
  }
  accept(broker, from, packet, client_id, std::move(rights));
}

void handle_connect(broker_state& broker, connection& from, const mqtt::connect& packet) {
  if (from.phase == connection_phase::connected) {
    if (broker.defects.strikes(defect::accept_second_connect)) return;
    refuse(broker, from, mqtt::reason_code::protocol_error, "second CONNECT");
    return;
  }
  from.version = packet.protocol_version;
  from.reader.set_version(packet.protocol_version);
  take_limits(broker, from, packet);
  if (redirect(broker, from, redirection_time::at_connect)) return;
  if (const auto refusal = check_admission(broker, packet)) {
    refuse_connect(broker, from, packet, *refusal);
    return;
  }
  const auto method = packet.properties.find<property_id::authentication_method>();
  if (method && is_known_method(broker, *method)) {
    start_enhanced_authentication(broker, from, packet);
    return;
  }
  const auto who = authenticate(broker, from, packet);
  if (!who) {
    refuse_connect(broker, from, packet, who.error());
    return;
  }
  admit(broker, from, packet, *who);
}

}  // namespace gauntlet::broker
