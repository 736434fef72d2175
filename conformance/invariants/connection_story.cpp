#include "conformance/invariants/connection_story.hpp"

#include <utility>

#include "conformance/invariants/client_rules.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::conformance {
namespace {

// Whether the bytes begin a CONNECT of this version, whatever else is wrong with it.
bool names_version(byte_view packet, mqtt::protocol_version version) {
  if (packet.empty() || mqtt::packet_type_of(packet[0]) != mqtt::packet_type::connect) return false;
  std::size_t at = 1;
  while (at < packet.size() && (packet[at] & 0x80U) != 0) ++at;
  const byte_view body = packet.subspan(std::min(at + 1, packet.size()));
  constexpr std::string_view name{"\0\4MQTT", 6};
  return body.size() > name.size() && as_text(body.first(name.size())) == name &&
         body[name.size()] == static_cast<std::uint8_t>(version);
}

}  // namespace

connection_story::connection_story(mqtt::protocol_version speaks, test_story& of)
    : version(speaks), test(of), serial(++of.connections) {}

bool connection_story::accepted() const { return connack && !mqtt::is_error(connack->reason_code); }

bool connection_story::is_known() const {
  return is_clean() && session && session->known && !session->spoilt && session->holder == this;
}

std::string connection_story::topic_of(const mqtt::publish& packet) const {
  if (!packet.topic_name.empty()) return packet.topic_name;
  const auto alias = packet.properties.find<mqtt::property_id::topic_alias>();
  const auto found = aliases_in.find(alias.value_or(0));
  return found == aliases_in.end() ? std::string() : found->second;
}

// A broker may have made a message of it all the same, or of the will in it.
void connection_story::on_illegal_sent() {
  fall_silent();
  test.published.stop_finding();
}

void connection_story::fall_silent() {
  silent = true;
  if (session) session->spoilt = true;
}

void connection_story::on_sent(byte_view bytes) {
  ++test.events;
  if (!version_told) version_told = names_version(bytes, version);
  const auto packet = mqtt::decode(bytes, version, mqtt::sender::client);
  if (!packet.has_value()) return on_illegal_sent();
  const auto type = mqtt::type_of(*packet);
  if (!keeps_client_rules(*this, *packet)) {
    fall_silent();
    const bool publishes = type == mqtt::packet_type::publish || type == mqtt::packet_type::connect;
    if (publishes) test.published.stop_finding();
  }
  const bool waits = !connack && type != mqtt::packet_type::connect &&
                     type != mqtt::packet_type::auth && type != mqtt::packet_type::disconnect;
  if (waits) {
    sent_early_.push_back(*packet);
  } else {
    note_sent(*packet);
  }
}

void connection_story::on_received(const mqtt::packet& packet) {
  ++test.events;
  packet_came = true;
  note_received(packet);
}

void connection_story::on_malformed_received() {
  packet_came = true;
  malformed_came = true;
  fall_silent();
}

void connection_story::note_sent(const mqtt::packet& packet) {
  std::visit([this](const auto& each) { sent(each); }, packet);
}

void connection_story::note_received(const mqtt::packet& packet) {
  std::visit([this](const auto& each) { received(each); }, packet);
}

// What the session before leaves to this connection, if it is resumed.
void connection_story::begin_session(const mqtt::connack& answer) {
  using mqtt::property_id;
  const auto assigned = answer.properties.find<property_id::assigned_client_identifier>();
  const std::string name(connect ? connect->client_id : std::string());
  const std::string client_id = assigned ? std::string(*assigned) : name;
  auto& stored = test.sessions[client_id];
  if (answer.session_present && stored && !client_id.empty()) {
    if (const connection_story* const before = stored->holder) {
      awaits_puback = before->awaits_puback;
      awaits_pubrec = before->awaits_pubrec;
      awaits_pubcomp = before->awaits_pubcomp;
    }
  } else {
    stored = std::make_shared<session_story>();
    stored->known = !answer.session_present;
  }
  session = stored;
  session->holder = this;
  if (silent) session->spoilt = true;
}

}  // namespace gauntlet::conformance
