// The fixed header: types that a server sends, and the flags of each. MQTT 5.0 §2.1, MQTT 3.1.1
// §2.2

#include "conformance/invariants/observed_packet.hpp"
#include "conformance/invariants/themes.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::packet_type;

// The lower four bits of the first byte, which the standard fixes for all types but PUBLISH.
auto flags_of(packet_type type, std::uint8_t flags) {
  return [type, flags](const observed_packet& came) {
    if (!came.is(type)) return finding::not_concerned();
    return finding::demand((came.bytes.front() & 0x0FU) == flags,
                           "flags " + to_hex({came.bytes.data(), 1}));
  };
}

}  // namespace

void add_fixed_header_invariants(std::vector<invariant>& to) {
  to.push_back({.id = "invariant/flags-of-connack",
                .title = "The flags of CONNACK's fixed header are 0",
                .covers = {v5("MQTT-2.1.3-1"), v3("MQTT-2.2.2-1")},
                .defects = {"send-reserved-flags-in-connack"},
                .check = flags_of(packet_type::connack, 0)});
}

}  // namespace gauntlet::conformance
