#include "conformance/invariants/arrived_message.hpp"

namespace gauntlet::conformance {

arrived_message look_up(const connection_story& on, const mqtt::publish& packet) {
  arrived_message found{.packet = packet, .topic_name = on.topic_of(packet)};
  if (!on.session || found.topic_name.empty()) return found;
  const session_story& session = *on.session;
  if (packet.qos != mqtt::qos::at_most_once) {
    const auto held = session.in_flight.find(packet.packet_identifier);
    if (held != session.in_flight.end()) {
      found.in_flight = &held->second;
      found.repeats = held->second.packet.topic_name == found.topic_name &&
                      held->second.packet.payload == packet.payload;
    }
  }
  for (const subscription_record& each : session.subscriptions) {
    if (each.covers(found.topic_name, on.version)) found.causes.push_back(&each);
  }
  found.place = on.test.published.find(found.topic_name, packet.payload);
  if (found.place) {
    found.origin = &on.test.published.at(*found.place);
    const auto count = session.deliveries.find(*found.place);
    found.earlier = count == session.deliveries.end() ? 0 : count->second;
  }
  return found;
}

}  // namespace gauntlet::conformance
