// All 256 bytes of Connect Flags, each with the payload that it announces. MQTT 5.0 §3.1.2.3

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/vector.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::raw_fields;

constexpr unsigned clean_start_flag = 0x02;
constexpr unsigned will_flag = 0x04;
constexpr unsigned will_retain_flag = 0x20;
constexpr unsigned password_flag = 0x40;
constexpr unsigned user_name_flag = 0x80;

byte_buffer connect_with(std::uint8_t flags, const occasion& at) {
  raw_fields body;
  body.utf8_string("MQTT").byte(static_cast<std::uint8_t>(at.version)).byte(flags);
  body.two_byte_integer(0);  // Keep Alive
  if (at.is_v5()) body.byte(0);
  body.utf8_string(at.client_id);
  if ((flags & will_flag) != 0) {
    if (at.is_v5()) body.byte(0);
    body.utf8_string(at.topic + "/will").utf8_string("gone");
  }
  const target::credentials login = login_of(at);
  if ((flags & user_name_flag) != 0) body.utf8_string(login.user_name);
  if ((flags & password_flag) != 0) body.utf8_string(login.password);
  return mqtt::raw_packet{.first_byte = 0x10, .body = body}.bytes();
}

canonical_packet connect_like(unsigned flags) {
  canonical_packet like = connect_packet();
  if ((flags & will_flag) != 0 && (flags & will_retain_flag) != 0) like.needs = {need::retained};
  if ((flags & will_flag) != 0 && (flags & 0x18U) == 0x08) like.needs.push_back(need::qos1);
  if ((flags & will_flag) != 0 && (flags & 0x10U) != 0) like.needs.push_back(need::qos2);
  if ((flags & clean_start_flag) == 0) {
    like.expect_effect = [admitted = like.expect_effect](context& test, client& c,
                                                         const occasion& at) {
      if (!at.is_v5()) test.will_clear_session(at.client_id);
      admitted(test, c, at);
    };
  }
  return like;
}

std::string_view covers_if_legal(mqtt::protocol_version version, unsigned flags) {
  const bool is_v5 = version == only_v5;
  if ((flags & will_flag) != 0) return is_v5 ? "MQTT-3.1.2-12" : "MQTT-3.1.2-14";
  if ((flags & password_flag) != 0 && (flags & user_name_flag) == 0) return "PR5-3.1.2.9-a";
  return is_v5 ? "MQTT-3.1.4-5" : "MQTT-3.1.4-4";
}

}  // namespace

void add_connect_flag_vectors(suite& to) {
  for (unsigned flags = 0; flags < 256; ++flags) {
    const packet_maker packet = [flags](const occasion& at) {
      return connect_with(static_cast<std::uint8_t>(flags), at);
    };
    std::vector<vector_half> halves;
    for (const auto version : both_versions) {
      halves.push_back(refused_or_accepted(version, connect_like(flags), packet,
                                           covers_if_legal(version, flags)));
    }
    add_vector(to, "connect-flags", hex(flags), "CONNECT with Connect Flags " + hex(flags),
               std::move(halves));
  }
}

}  // namespace gauntlet::conformance
