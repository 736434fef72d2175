// All 256 Reason Codes in each packet of a client that has one. MQTT 5.0 §2.4

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/vector.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::packet_type;

// With an empty list of properties, or without any.
packet_maker with_code(const canonical_packet& like, std::uint8_t code, bool short_form) {
  return [like, code, short_form](const occasion& at) {
    mqtt::raw_packet packet = raw(like, at);
    packet.body.byte(code);
    if (!short_form) packet.body.byte(0);
    return packet.bytes();
  };
}

canonical_packet like_with(const canonical_packet& usual, std::uint8_t code) {
  canonical_packet like = usual;
  const bool refuses = code >= 0x80;
  if (!refuses) return like;
  if (like.type == packet_type::puback) {
    like.defects_if_legal = {"close-at-refusing-acknowledgement"};
  } else if (like.type == packet_type::pubrec) {
    like.defects_if_legal = {"close-at-refusing-acknowledgement",
                             "keep-quota-after-refusing-pubrec"};
    // It ends the exchange: no PUBREL comes, and the next message may.
    like.expect_effect = [](context&, client& c, const occasion& at) {
      expect_next_message(c, at, mqtt::qos::exactly_once);
    };
  }
  return like;
}

void add_code(suite& to, const canonical_packet& usual, unsigned code) {
  const auto byte = static_cast<std::uint8_t>(code);
  const canonical_packet like = like_with(usual, byte);
  const std::string_view shown = statement_shown(like.type, only_v5);
  const packet_maker packet = with_code(like, byte, false);
  const std::string name = fmt::format("{}/{}", like.name, hex(code));
  const std::string title = fmt::format("{} with Reason Code {}", like.title, hex(code));
  add_vector(to, "reason-code", name, title, {refused_or_accepted(only_v5, like, packet, shown)});
  if (!is_legal(packet(sample_occasion(only_v5)), only_v5)) return;
  add_vector(to, "reason-code", name + "/short", title + " and no Property Length",
             {accepted(only_v5, like, with_code(like, byte, true), "PR5-3.4.2.1-b")});
}

}  // namespace

void add_reason_code_vectors(suite& to) {
  for (const canonical_packet* const like : {&puback_packet(), &pubrec_packet(), &pubrel_packet(),
                                             &pubcomp_packet(), &disconnect_packet()}) {
    for (unsigned code = 0; code < 256; ++code) add_code(to, *like, code);
  }
}

}  // namespace gauntlet::conformance
