// All 256 first bytes: sixteen packet types with sixteen flags each. MQTT 5.0 §2.1.2, §2.1.3

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/vector.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::packet_type;
using mqtt::qos;
using mqtt::raw_fields;

// What a client of the type sends, with the fields that these flags ask for.
const canonical_packet* packet_like(packet_type type, unsigned flags) {
  switch (type) {
    case packet_type::connect:
      return &connect_packet();
    case packet_type::publish:
      return &publish_packet(static_cast<qos>(std::min((flags >> 1U) & 3U, 2U)));
    case packet_type::puback:
      return &puback_packet();
    case packet_type::pubrec:
      return &pubrec_packet();
    case packet_type::pubrel:
      return &pubrel_packet();
    case packet_type::pubcomp:
      return &pubcomp_packet();
    case packet_type::subscribe:
      return &subscribe_packet();
    case packet_type::unsubscribe:
      return &unsubscribe_packet();
    case packet_type::pingreq:
      return &pingreq_packet();
    case packet_type::disconnect:
      return &disconnect_packet();
    default:
      return nullptr;
  }
}

// The fields of a packet that a client does not send: those that a server would.
raw_fields body_of_other(packet_type type, const occasion& at) {
  raw_fields body;
  switch (type) {
    case packet_type::connack:
      body.byte(0).byte(0);
      if (at.is_v5()) body.byte(0);
      return body;
    case packet_type::suback:
      body.two_byte_integer(at.packet_identifier);
      if (at.is_v5()) body.byte(0);
      return body.byte(0);
    case packet_type::unsuback:
      body.two_byte_integer(at.packet_identifier);
      if (at.is_v5()) body.byte(0).byte(0);
      return body;
    default:
      return body;
  }
}

packet_maker with_first_byte(const canonical_packet& like, std::uint8_t first) {
  return [like, first](const occasion& at) {
    mqtt::raw_packet packet = raw(like, at);
    packet.first_byte = first;
    return packet.bytes();
  };
}

// AUTH after a CONNECT without method, and what only servers send: refused whatever the flags.
vector_half of_strange_packet(mqtt::protocol_version version, packet_type type,
                              std::uint8_t first) {
  const auto breach = [type, first](const occasion& at) {
    return mqtt::raw_packet{.first_byte = first, .body = body_of_other(type, at)}.bytes();
  };
  const bool is_auth = version == only_v5 && type == packet_type::auth && (first & 0x0FU) == 0;
  if (!is_auth) return refused(version, pingreq_packet(), breach);
  return refused(
      version, pingreq_packet(), breach,
      {.covers = statements(version, "PE-3.15-a"),
       .codes = {mqtt::reason_code::protocol_error},
       .defects = defects_of_refusals(detection::demanded, version, breach_stage::connected)});
}

std::vector<vector_half> halves_of(std::uint8_t first) {
  const auto type = mqtt::packet_type_of(first);
  const canonical_packet* const like = packet_like(type, first);
  std::vector<vector_half> halves;
  for (const auto version : both_versions) {
    if (like == nullptr) {
      halves.push_back(of_strange_packet(version, type, first));
      continue;
    }
    const packet_maker packet = with_first_byte(*like, first);
    const std::string_view shown = statement_shown(type, version);
    if (shown.empty() && is_legal(packet(sample_occasion(version)), version)) continue;
    halves.push_back(refused_or_accepted(version, *like, packet, shown));
  }
  return halves;
}

}  // namespace

void add_fixed_header_vectors(suite& to) {
  for (unsigned first = 0; first < 256; ++first) {
    std::vector<vector_half> halves = halves_of(static_cast<std::uint8_t>(first));
    const auto type = mqtt::packet_type_of(static_cast<std::uint8_t>(first));
    add_vector(to, "fixed-header", hex(first),
               fmt::format("{} with the first byte {}", mqtt::packet_type_name(type), hex(first)),
               std::move(halves));
  }
}

}  // namespace gauntlet::conformance
