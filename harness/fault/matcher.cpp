#include "harness/fault/matcher.hpp"

#include <algorithm>

#include "harness/mqtt/topic.hpp"

namespace gauntlet::fault {

bool is_about_all(const selection& who) {
  return who.clients.empty() && who.client_ids == nullptr && who.connect == 0;
}

bool selects_connection(const selection& who, const std::string& client_id, std::uint32_t connect) {
  if (who.connect != 0 && who.connect != connect) return false;
  if (who.client_ids != nullptr && !who.client_ids->contains(client_id)) return false;
  return matches_glob(who.clients, client_id);
}

bool selects_packet(const selection& who, const packet_facts& packet) {
  if (who.towards && *who.towards != packet.towards) return false;
  if (!who.packets.empty() &&
      std::find(who.packets.begin(), who.packets.end(), packet.type) == who.packets.end()) {
    return false;
  }
  const bool is_publish = packet.type == mqtt::packet_type::publish;
  if (who.qos && (!is_publish || *who.qos != packet.qos)) return false;
  if (!who.topic_filter.empty() &&
      (!is_publish || !mqtt::matches(who.topic_filter, packet.topic_name))) {
    return false;
  }
  if (who.packet_identifier && *who.packet_identifier != packet.packet_identifier) return false;
  if (who.reason_code && packet.reason_code() != *who.reason_code) return false;
  return !who.property || packet.has(*who.property);
}

bool picks(const selection& who, tally& counted, seeded_stream& draws) {
  ++counted.met;
  const std::uint64_t first = std::max<std::uint64_t>(who.nth, 1);
  if (who.every > 1) {
    // Without nth it is the every-th, the second time that, and so on.
    const std::uint64_t begin = who.nth != 0 ? first : who.every;
    if (counted.met < begin || (counted.met - begin) % who.every != 0) return false;
  } else if (who.nth != 0 && counted.met != who.nth) {
    return false;
  }
  if (who.probability < 1 && !draws.chance(who.probability)) return false;
  if (who.times != 0 && counted.picked >= who.times) return false;
  ++counted.picked;
  return true;
}

}  // namespace gauntlet::fault
