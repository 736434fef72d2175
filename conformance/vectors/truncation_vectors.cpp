// Each kind of packet cut at each byte, with the Remaining Length of what is left: the fields do
// not fill the packet. Where a cut leaves a legal packet there is no vector. MQTT 5.0 §2.1.4

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/vector.hpp"

namespace gauntlet::conformance {
namespace {

// In 5.0 with properties, so that cuts go through them too.
mqtt::packet with_properties(mqtt::packet of, mqtt::protocol_version version) {
  if (version != only_v5) return of;
  const mqtt::property user = mqtt::user_property("name", "value");
  std::visit(
      [&](auto& packet) {
        if constexpr (requires { packet.properties; }) packet.properties.add(user);
        if constexpr (requires { packet.will; }) {
          if (packet.will) packet.will->properties.add(user);
        }
      },
      of);
  return of;
}

packet_maker cut_at(const canonical_packet& like, std::size_t size) {
  return [like, size](const occasion& at) {
    const mqtt::packet whole = with_properties(like.make(at), at.version);
    mqtt::raw_packet packet = mqtt::raw_packet::of(whole, at.version);
    // The tail counts, so that the vector means the same whatever the names are.
    packet.body.truncate(packet.body.size() - size);
    return packet.bytes();
  };
}

std::size_t body_size(const canonical_packet& like, mqtt::protocol_version version) {
  const occasion at = sample_occasion(version);
  return mqtt::raw_packet::of(with_properties(like.make(at), version), version).body.size();
}

}  // namespace

void add_truncation_vectors(suite& to) {
  for (const canonical_packet* const like : canonical_packets()) {
    const std::size_t longest = body_size(*like, only_v5);
    for (std::size_t missing = 1; missing <= longest; ++missing) {
      std::vector<vector_half> halves;
      for (const auto version : both_versions) {
        if (missing > body_size(*like, version)) continue;
        const packet_maker packet = cut_at(*like, missing);
        if (is_legal(packet(sample_occasion(version)), version)) continue;
        halves.push_back(refused(version, *like, packet));
      }
      if (halves.empty()) continue;
      add_vector(to, "truncation", fmt::format("{}/{}", like->name, missing),
                 fmt::format("{} without its last {} bytes", like->title, missing),
                 std::move(halves));
    }
  }
}

}  // namespace gauntlet::conformance
