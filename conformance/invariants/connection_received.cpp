// What a connection's story keeps of the packets that the broker sends.

#include <algorithm>
#include <utility>

#include "conformance/invariants/connection_story.hpp"

namespace gauntlet::conformance {
namespace {

// One request less waits for its answer.
void take_one(std::map<std::uint16_t, int>& waiting, std::uint16_t packet_identifier) {
  const auto found = waiting.find(packet_identifier);
  if (found != waiting.end() && --found->second <= 0) waiting.erase(found);
}

void note_codes(session_story& session, const mqtt::suback& packet, std::uint64_t now) {
  std::size_t place = 0;
  for (subscription_record& each : session.subscriptions) {
    const bool is_meant =
        each.packet_identifier == packet.packet_identifier && each.answered_at == 0;
    if (!is_meant || place >= packet.reason_codes.size()) continue;
    const mqtt::reason_code code = packet.reason_codes[place++];
    each.answered_at = now;
    each.refused = mqtt::is_error(code);
    if (!each.refused) each.granted = static_cast<mqtt::qos>(code);
  }
}

}  // namespace

void connection_story::received(const mqtt::connack& packet) {
  if (connack) return;
  connack = packet;
  authenticating = false;
  if (mqtt::is_error(packet.reason_code)) return;
  begin_session(packet);
  for (const mqtt::packet& each : std::exchange(sent_early_, {})) note_sent(each);
}

void connection_story::received(const mqtt::publish& packet) {
  const std::string topic = topic_of(packet);
  if (const auto alias = packet.properties.find<mqtt::property_id::topic_alias>()) {
    aliases_in[*alias] = topic;
  }
  if (!session) return;
  bool is_new = true;
  bool is_again = false;
  if (packet.qos != mqtt::qos::at_most_once) {
    const std::uint16_t identifier = packet.packet_identifier;
    unacknowledged.insert(identifier);
    arrived.insert(identifier);
    is_new = !session->in_flight.contains(identifier);
    delivery_in_flight& held = session->in_flight[identifier];
    is_again = !is_new && held.connection != serial;
    held.packet = packet;
    held.packet.topic_name = topic;
    held.connection = serial;
  }
  const auto place = test.published.find(topic, packet.payload);
  if (!place || packet.retain) return;
  if (is_new && !packet.dup) ++session->deliveries[*place];
  auto& lines = is_again ? resent : session->latest;
  std::size_t& latest = lines[line_of(test.published.at(*place), packet.qos)];
  latest = std::max(latest, *place + 1);
}

void connection_story::received(const mqtt::puback& packet) {
  take_one(awaits_puback, packet.packet_identifier);
}

void connection_story::received(const mqtt::pubrec& packet) {
  take_one(awaits_pubrec, packet.packet_identifier);
}

void connection_story::received(const mqtt::pubrel& packet) {
  const std::uint16_t identifier = packet.packet_identifier;
  pubrels.insert(identifier);
  const auto place = std::ranges::find(awaits_pubrel, identifier);
  if (place != awaits_pubrel.end()) awaits_pubrel.erase(place);
  if (!session) return;
  const auto found = session->in_flight.find(identifier);
  if (found != session->in_flight.end()) found->second.pubrec_known = true;
}

void connection_story::received(const mqtt::pubcomp& packet) {
  take_one(awaits_pubcomp, packet.packet_identifier);
}

void connection_story::received(const mqtt::suback& packet) {
  awaits_suback.erase(packet.packet_identifier);
  if (session) note_codes(*session, packet, test.events);
}

void connection_story::received(const mqtt::unsuback& packet) {
  awaits_unsuback.erase(packet.packet_identifier);
}

void connection_story::received(const mqtt::pingresp&) {
  if (pings > 0) --pings;
  if (pings > 0 || !session) return;
  for (const std::uint16_t identifier : std::exchange(pubrecs_before_ping, {})) {
    const auto found = session->in_flight.find(identifier);
    if (found != session->in_flight.end()) found->second.pubrec_known = true;
  }
}

void connection_story::received(const mqtt::disconnect&) { disconnect_came = true; }

void connection_story::received(const mqtt::auth& packet) {
  if (packet.reason_code == mqtt::reason_code::success) authenticating = false;
}

}  // namespace gauntlet::conformance
