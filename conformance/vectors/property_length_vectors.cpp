// The Property Length: missing, lying, in longer forms; and property values that are cut short.
// MQTT 5.0 §2.2.2.1, §1.5.5

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/packet_frames.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_place;
using mqtt::raw_fields;

raw_fields user_property() { return raw_fields().property(mqtt::user_property("name", "value")); }

raw_fields with_length(std::uint32_t length, std::size_t width = 1) {
  return raw_fields().variable_byte_integer(length, width).append(user_property());
}

struct bad_block {
  std::string name;
  std::string title;
  raw_fields block;
};

std::vector<bad_block> bad_blocks() {
  const auto size = static_cast<std::uint32_t>(user_property().size());
  std::vector<bad_block> blocks = {
      {"missing", "without Property Length", raw_fields()},
      {"zero", "with Property Length 0 before a property", with_length(0)},
      {"one-less", "with a Property Length that is one too small", with_length(size - 1)},
      {"half", "with a Property Length that ends within a property", with_length(size / 2)},
      {"one-more", "with a Property Length that is one too large", with_length(size + 1)},
      {"200-more", "with a Property Length that is 200 too large", with_length(size + 200)},
      {"largest", "with the largest Property Length", with_length(0x0FFF'FFFF)},
      {"unfinished", "that ends within its Property Length", raw_fields().byte(0x80)},
  };
  for (const std::size_t width : {2U, 3U, 4U, 5U}) {
    blocks.push_back({fmt::format("{}-bytes", width),
                      fmt::format("with a Property Length of {} bytes", width),
                      with_length(size, width)});
    blocks.push_back({fmt::format("empty-{}-bytes", width),
                      fmt::format("with a Property Length 0 of {} bytes", width),
                      raw_fields().variable_byte_integer(0, width)});
  }
  return blocks;
}

void add_bad_block(suite& to, property_place place, const bad_block& bad) {
  const packet_maker packet = [place, block = bad.block](const occasion& at) {
    return frame_with(place, block, at);
  };
  // Acknowledgements and DISCONNECT may leave it out.
  if (is_legal(packet(sample_occasion(only_v5)), only_v5)) return;
  add_vector(to, "property-length", fmt::format("{}/{}", dashed(mqtt::place_name(place)), bad.name),
             fmt::format("{} {}", mqtt::place_name(place), bad.title),
             {refused(only_v5, packet_at(place), packet)});
}

// The property ends with the Property Length, but its value does not.
void add_cut_values(suite& to, property_place place, const mqtt::property_info& info) {
  const occasion sample = sample_occasion(only_v5);
  const std::size_t whole = raw_fields().property(sample_property(info.id, sample)).size();
  // Texts are as long as the names in them: the cuts at their ends tell enough.
  const bool is_long = whole > 16;
  for (std::size_t missing = 1; missing < whole; ++missing) {
    const bool is_edge = missing <= 2 || missing + 4 >= whole;
    if (is_long && !is_edge) continue;
    const std::size_t kept = whole - missing;
    const packet_maker packet = [place, id = info.id, kept, missing,
                                 from_start = missing + 4 >= whole](const occasion& at) {
      raw_fields value = raw_fields().property(sample_property(id, at));
      value.truncate(from_start ? kept : value.size() - missing);
      return frame_with(place, raw_fields().properties(value), at);
    };
    const std::string_view name = mqtt::place_name(place);
    add_vector(to, "property-cut",
               fmt::format("{}/{}/{}", dashed(name), dashed(info.name), missing),
               fmt::format("{} in {} without its last {} bytes", info.name, name, missing),
               {refused(only_v5, packet_at(place), packet)});
  }
}

}  // namespace

void add_property_length_vectors(suite& to) {
  const std::vector<bad_block> blocks = bad_blocks();
  for (const property_place place : client_places) {
    for (const bad_block& bad : blocks) add_bad_block(to, place, bad);
    for (const mqtt::property_info& info : mqtt::property_table) {
      const bool stands = info.may_stand_in(place);
      const bool by_client = info.id != mqtt::property_id::server_reference &&
                             !(place == property_place::publish &&
                               info.id == mqtt::property_id::subscription_identifier);
      if (stands && by_client) add_cut_values(to, place, info);
    }
  }
}

}  // namespace gauntlet::conformance
