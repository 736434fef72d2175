#include "conformance/cases/packet_size/sized_publish.hpp"

#include <utility>

#include "harness/mqtt/raw_packet.hpp"

namespace gauntlet::conformance {

std::size_t size_in_v5(const mqtt::packet& packet) {
  return mqtt::raw_packet::of(packet, mqtt::protocol_version::v5).bytes().size();
}

mqtt::publish publish_of_size(std::string topic, std::uint32_t size_bytes, mqtt::qos qos) {
  mqtt::publish packet{.qos = qos, .topic_name = std::move(topic)};
  packet.packet_identifier = qos == mqtt::qos::at_most_once ? 0 : 1;
  // The Remaining Length grows with the payload, so the last bytes are found by measuring.
  packet.payload.resize(size_bytes - size_in_v5(packet), 'x');
  packet.payload.resize(packet.payload.size() - (size_in_v5(packet) - size_bytes), 'x');
  packet.packet_identifier = 0;
  return packet;
}

}  // namespace gauntlet::conformance
