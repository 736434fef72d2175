// Remaining Length: longer forms than needed, five bytes, lengths that do not match the packet, and
// all sizes of one to three bytes. MQTT 5.0 §1.5.5, §2.1.4; MQTT 3.1.1 §2.2.3

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/vector.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::raw_fields;

packet_maker with_length_bytes(const canonical_packet& like, std::size_t width) {
  return [like, width](const occasion& at) {
    mqtt::raw_packet packet = raw(like, at);
    const auto size = static_cast<std::uint32_t>(packet.body.size());
    packet.remaining_length_bytes = raw_fields().variable_byte_integer(size, width).bytes();
    return packet.bytes();
  };
}

void add_long_forms(suite& to) {
  for (const canonical_packet* const like : canonical_packets()) {
    for (std::size_t width = 2; width <= 5; ++width) {
      if (raw(*like, sample_occasion(only_v5)).body.size() >= 0x80 && width == 2) continue;
      const packet_maker packet = with_length_bytes(*like, width);
      std::vector<vector_half> halves;
      halves.push_back(refused(only_v5, *like, packet));
      if (width == 5) halves.insert(halves.begin(), refused(only_v3, *like, packet));
      add_vector(to, "remaining-length", fmt::format("{}/{}-bytes", like->name, width),
                 fmt::format("{} with a Remaining Length of {} bytes", like->title, width),
                 std::move(halves));
    }
  }
}

// One byte too many: the packet swallows what follows. Here it is a byte of its own, so that the
// length is that of the bytes sent.
void add_surplus(suite& to) {
  for (const canonical_packet* const like : canonical_packets()) {
    for (const std::size_t more : {1U, 2U, 3U, 100U}) {
      const packet_maker packet = [like, more](const occasion& at) {
        mqtt::raw_packet longer = raw(*like, at);
        longer.body.append(byte_buffer(more, 0));
        return longer.bytes();
      };
      std::vector<vector_half> halves;
      for (const auto version : both_versions) {
        if (is_legal(packet(sample_occasion(version)), version)) continue;
        halves.push_back(refused(version, *like, packet));
      }
      if (halves.empty()) continue;
      add_vector(to, "surplus", fmt::format("{}/{}", like->name, more),
                 fmt::format("{} with {} bytes behind its last field", like->title, more),
                 std::move(halves));
    }
  }
}

// A PUBLISH of exactly this Remaining Length, delivered whole.
void deliver(context& test, std::size_t remaining, mqtt::qos level) {
  const auto limit = test.able().maximum_packet_size;
  if (limit && *limit < remaining + 5) return test.skip("its Maximum Packet Size is smaller");
  client& c = test.connected("client");
  const std::string topic = test.topic("t");
  c.subscribe(topic, mqtt::qos::at_most_once);
  const std::size_t header =
      2 + topic.size() + (level == mqtt::qos::at_most_once ? 0 : 2) + (test.is_v5() ? 1 : 0);
  if (test.over()) return;
  const mqtt::publish packet{.qos = level,
                             .topic_name = topic,
                             .packet_identifier = 1'000,
                             .payload = byte_buffer(remaining - header, 'x')};
  c.send(packet);
  c.expect<mqtt::publish>("the message as it was published", {}, [&](const mqtt::publish& came) {
    return came.payload == packet.payload && came.topic_name == topic;
  });
}

void add_legal_sizes(suite& to) {
  struct size {
    std::size_t remaining;
    const char* defect;
  };
  constexpr size sizes[] = {{126, "forget-subscription"},
                            {127, "forget-subscription"},
                            {128, "forget-subscription"},
                            {129, "forget-subscription"},
                            {255, "forget-subscription"},
                            {256, "forget-subscription"},
                            {16'382, "forget-subscription"},
                            {16'383, "forget-subscription"},
                            {16'384, "refuse-remaining-length-of-three-bytes"},
                            {16'385, "refuse-remaining-length-of-three-bytes"},
                            {65'535, "refuse-remaining-length-of-three-bytes"},
                            {65'536, "refuse-remaining-length-of-three-bytes"},
                            {131'072, "refuse-remaining-length-of-three-bytes"}};
  for (const size& each : sizes) {
    for (const auto level : {mqtt::qos::at_most_once, mqtt::qos::at_least_once}) {
      std::vector<vector_half> halves;
      for (const auto version : both_versions) {
        halves.push_back(
            {.version = version,
             .outcome = "is delivered",
             .covers = statements(version, version == only_v5 ? "MQTT-4.5.0-1" : "PR3-2.2.3-b"),
             .needs = publish_packet(level).needs,
             .defects = {caught_in(version, each.defect)},
             .body = [remaining = each.remaining, level](context& test) {
               deliver(test, remaining, level);
             }});
      }
      const auto number = static_cast<unsigned>(level);
      add_vector(to, "remaining-length", fmt::format("size-{}-qos{}", each.remaining, number),
                 fmt::format("A PUBLISH at QoS {} of Remaining Length {}", number, each.remaining),
                 std::move(halves));
    }
  }
}

}  // namespace

void add_remaining_length_vectors(suite& to) {
  add_long_forms(to);
  add_surplus(to);
  add_legal_sizes(to);
}

}  // namespace gauntlet::conformance
