// Each property in each packet of a client: once and twice where it may stand, refused where it may
// not, and identifiers that no property has. MQTT 5.0 §2.2.2

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/packet_frames.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_id;
using mqtt::property_place;
using mqtt::raw_fields;

// How properties are put into a packet.
using block_maker = std::function<raw_fields(const occasion&)>;

packet_maker packet_with(property_place place, block_maker block) {
  return [place, block = std::move(block)](const occasion& at) {
    return frame_with(place, raw_fields().properties(block(at)), at);
  };
}

// Whether a client without an Authentication Method may be expected to get through with it. Server
// Reference stands in DISCONNECT for servers; no word says what becomes of one from a client.
bool has_control(property_id id) {
  return id != property_id::authentication_method && id != property_id::authentication_data &&
         id != property_id::server_reference;
}

canonical_packet like_with_needs(property_place place, property_id id) {
  canonical_packet like = packet_at(place);
  if (id == property_id::topic_alias) like.needs.push_back(need::topic_aliases);
  if (id == property_id::subscription_identifier && place == property_place::subscribe) {
    like.needs.push_back(need::subscription_identifiers);
  }
  return like;
}

struct variation {
  std::string_view name;
  std::string_view title;
  block_maker block;
};

std::vector<variation> variations_of(property_id id) {
  const auto once = [id](const occasion& at) {
    return raw_fields().property(sample_property(id, at));
  };
  const auto user = raw_fields().property(mqtt::user_property("between", "them"));
  return {{"once", "", once},
          {"after-another", " after a User Property",
           [=](const occasion& at) { return raw_fields(user).append(once(at)); }},
          {"twice", " twice", [=](const occasion& at) { return once(at).append(once(at)); }},
          {"twice-apart", " twice, a User Property between them",
           [=](const occasion& at) { return once(at).append(user).append(once(at)); }}};
}

vector_half half_of(property_place place, const mqtt::property_info& info, const variation& how) {
  const canonical_packet like = like_with_needs(place, info.id);
  const packet_maker packet = packet_with(place, how.block);
  if (is_legal(packet(sample_occasion(only_v5)), only_v5)) {
    return accepted(only_v5, like, packet, statement_shown(like.type, only_v5));
  }
  vector_half half = refused(only_v5, like, packet);
  const bool strange = !info.may_stand_in(place);
  if (strange && place == property_place::will) half.covers = statements(only_v5, "PE-2.2.2.2-b");
  return half;
}

void add_known_property(suite& to, property_place place, const mqtt::property_info& info) {
  const bool may_stand = info.may_stand_in(place);
  if (may_stand && !has_control(info.id)) return;
  for (const variation& how : variations_of(info.id)) {
    // Twice is no worse than once where it may not stand at all.
    if (!may_stand && how.name.starts_with("twice")) continue;
    add_vector(
        to, "property",
        fmt::format("{}/{}/{}", dashed(mqtt::place_name(place)), dashed(info.name), how.name),
        fmt::format("{} in {}{}", info.name, mqtt::place_name(place), how.title),
        {half_of(place, info, how)});
  }
}

void add_unknown_property(suite& to, property_place place, std::uint32_t id) {
  const packet_maker packet = packet_with(
      place, [id](const occasion&) { return raw_fields().property_identifier(id).byte(0); });
  add_vector(to, "property",
             fmt::format("{}/undefined-{:#04x}", dashed(mqtt::place_name(place)), id),
             fmt::format("A property with the undefined identifier {:#04x} in {}", id,
                         mqtt::place_name(place)),
             {refused(only_v5, packet_at(place), packet)});
}

// All of one byte where most brokers have their own reader, and some of each kind elsewhere.
void add_unknown_properties(suite& to, property_place place) {
  const bool all = place == property_place::connect || place == property_place::publish ||
                   place == property_place::subscribe;
  for (std::uint32_t id = 0; id < 0x80; ++id) {
    const bool is_edge = id <= 0x07 || id == 0x2B || id == 0x40 || id == 0x7F;
    if (mqtt::find_property_info(id) == nullptr && (all || is_edge)) {
      add_unknown_property(to, place, id);
    }
  }
  // Of two to four bytes; the low bits of some are those of a property that may stand here.
  for (const std::uint32_t id : {0x80U, 0x81U, 0xA6U, 0x1'26U, 0x3F'FFU, 0x4000U, 0xFFF'FFFFU}) {
    add_unknown_property(to, place, id);
  }
}

}  // namespace

void add_property_vectors(suite& to) {
  for (const property_place place : client_places) {
    for (const mqtt::property_info& info : mqtt::property_table) {
      add_known_property(to, place, info);
    }
    add_unknown_properties(to, place);
  }
}

}  // namespace gauntlet::conformance
