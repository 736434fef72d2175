#include <string_view>
#include <utility>

#include "harness/broker/authentication.hpp"
#include "harness/broker/connect.hpp"
#include "harness/broker/disconnect.hpp"
#include "harness/broker/output.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;
using mqtt::reason_code;

byte_view data_of(const mqtt::property_list& properties) {
  return properties.find<property_id::authentication_data>().value_or(byte_view{});
}

// Every AUTH names the method of CONNECT [MQTT-4.12.0-5].
void send_auth(broker_state& broker, connection& to, reason_code reason, std::string_view data) {
  if (reason == reason_code::continue_authentication &&
      broker.defects.strikes(defect::send_success_in_place_of_challenge)) {
    reason = reason_code::success;
  }
  mqtt::auth packet{.reason_code = reason};
  const bool other = broker.defects.strikes(defect::send_other_authentication_method);
  packet.properties.add(
      mqtt::authentication_method(other ? "OTHER" : std::string(auth::scram_mechanism)));
  if (!data.empty()) {
    const byte_view bytes = as_bytes(data);
    packet.properties.add(mqtt::authentication_data(byte_buffer(bytes.begin(), bytes.end())));
  }
  if (!send_packet(broker, to, packet)) {
    refuse(broker, to, reason_code::packet_too_large, "AUTH too large for the client");
  }
}

// The same words whatever was wrong, so that they do not tell which users there are.
void fail(broker_state& broker, connection& from, auth::scram_error error) {
  if (broker.defects.strikes(defect::keep_connection_after_wrong_proof)) return;
  refuse(broker, from, reason_code::not_authorized, auth::to_string(error));
}

// The proof was right: CONNECT is accepted, or the client has authenticated again.
void succeed(broker_state& broker, connection& from, std::string server_final) {
  enhanced_authentication& state = *from.authentication;
  const identity proven = std::move(state.exchange->claimed);
  state.exchange.reset();
  state.user_name = proven.name;
  if (const auto held = std::exchange(state.connect_packet, nullptr)) {
    state.server_final = std::move(server_final);
    admit(broker, from, *held, proven);
    return;
  }
  broker.log(log_level::info, "reauthenticate peer={} user={}", from.link->peer_name(),
             proven.name);
  if (broker.defects.strikes(defect::omit_answer_to_re_authentication)) return;
  send_auth(broker, from, reason_code::success, server_final);
}

// Client-first has come, or still has to come.
void challenge(broker_state& broker, connection& from, std::string_view message) {
  scram_exchange& exchange = *from.authentication->exchange;
  // A client that speaks first in its mechanism, but has not yet, is asked to.
  if (message.empty()) return send_auth(broker, from, reason_code::continue_authentication, {});
  auto name = exchange.server.read_first(message);
  if (!name) return fail(broker, from, name.error());
  // Another user on this connection would have other rights.
  const bool again = from.phase == connection_phase::connected;
  if (again && *name != from.authentication->user_name) {
    return refuse(broker, from, reason_code::not_authorized,
                  "re-authentication with another user name");
  }
  exchange.claimed.user = broker.users.find(*name);
  exchange.claimed.name = std::move(*name);
  exchange.challenged = true;
  const user* const known = exchange.claimed.user;
  const auth::password_verifier verifier =
      known != nullptr ? known->password : broker.users.stand_in_for(exchange.claimed.name);
  send_auth(broker, from, reason_code::continue_authentication,
            exchange.server.challenge(verifier));
}

void go_on(broker_state& broker, connection& from, const mqtt::property_list& properties) {
  scram_exchange& exchange = *from.authentication->exchange;
  const byte_view data = data_of(properties);
  if (!exchange.challenged) return challenge(broker, from, as_text(data));
  auto last = exchange.server.finish(as_text(data));
  if (last.has_value() && exchange.claimed.user == nullptr) last = auth::scram_error::wrong_proof;
  if (!last && broker.defects.strikes(defect::accept_wrong_proof)) {
    return succeed(broker, from, std::string());
  }
  if (!last) return fail(broker, from, last.error());
  succeed(broker, from, std::move(*last));
}

// The defect that lets pass what misplaced() finds.
defect tolerating_misplaced(const connection& from, const mqtt::auth& packet) {
  if (from.authentication == nullptr) return defect::ignore_unasked_auth;
  const auto method = packet.properties.find<property_id::authentication_method>();
  return method == auth::scram_mechanism ? defect::ignore_misplaced_auth
                                         : defect::ignore_auth_of_other_method;
}

// What is wrong with an AUTH at this place (§3.15, §4.12); empty if nothing.
std::string_view misplaced(const connection& from, const mqtt::auth& packet) {
  if (from.authentication == nullptr) return "AUTH without Authentication Method in CONNECT";
  const auto method = packet.properties.find<property_id::authentication_method>();
  if (!method || *method != auth::scram_mechanism) return "AUTH with another method than CONNECT";
  const bool running = from.authentication->exchange.has_value();
  if (packet.reason_code == reason_code::continue_authentication) {
    return running ? "" : "AUTH 0x18 without an authentication to continue";
  }
  if (packet.reason_code != reason_code::re_authenticate) {
    return "AUTH with a Reason Code that only a server may send";
  }
  return running ? "AUTH 0x19 during an authentication" : "";
}

}  // namespace

bool is_known_method(const broker_state& broker, std::string_view method) {
  return method == auth::scram_mechanism && !broker.users.empty();
}

void start_enhanced_authentication(broker_state& broker, connection& from,
                                   const mqtt::connect& packet) {
  from.phase = connection_phase::authenticating;
  from.authentication = std::make_unique<enhanced_authentication>();
  from.authentication->connect_packet = std::make_unique<const mqtt::connect>(packet);
  from.authentication->exchange.emplace();
  go_on(broker, from, packet.properties);
}

void handle_auth(broker_state& broker, connection& from, const mqtt::auth& packet) {
  if (const std::string_view why = misplaced(from, packet); !why.empty()) {
    if (broker.defects.strikes(tolerating_misplaced(from, packet))) return;
    refuse(broker, from, reason_code::protocol_error, why);
    return;
  }
  if (!from.authentication->exchange) from.authentication->exchange.emplace();
  go_on(broker, from, packet.properties);
}

}  // namespace gauntlet::broker
