// The fixed header: types that a server sends, and the flags of each. MQTT 5.0 §2.1, 3.1.1 §2.2

#include <algorithm>

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
                           "the first byte is 0x" + to_hex(came.bytes.first(1)));
  };
}

auto never_of_type(std::vector<packet_type> forbidden) {
  return [forbidden](const observed_packet& came) {
    return finding::demand(std::ranges::count(forbidden, came.type()) == 0,
                           "the packet is " + std::string(mqtt::packet_type_name(came.type())));
  };
}

void add_flags(std::vector<invariant>& to) {
  const std::vector<statement_name> both = {v5("MQTT-2.1.3-1"), v3("MQTT-2.2.2-1")};
  to.push_back({.id = "invariant/flags-of-connack",
                .title = "The flags of CONNACK's fixed header are 0",
                .covers = both,
                .defects = {"send-reserved-flags-in-connack"},
                .check = flags_of(packet_type::connack, 0)});
  to.push_back({.id = "invariant/flags-of-puback",
                .title = "The flags of PUBACK's fixed header are 0",
                .covers = both,
                .defects = {"send-reserved-flags-in-puback"},
                .check = flags_of(packet_type::puback, 0)});
  to.push_back({.id = "invariant/flags-of-pubrec",
                .title = "The flags of PUBREC's fixed header are 0",
                .covers = both,
                .defects = {"send-reserved-flags-in-pubrec"},
                .check = flags_of(packet_type::pubrec, 0)});
  to.push_back(
      {.id = "invariant/flags-of-pubrel",
       .title = "The flags of PUBREL's fixed header are 0010",
       .covers = {v5("MQTT-2.1.3-1"), v5("MQTT-3.6.1-1"), v3("MQTT-2.2.2-1"), v3("MQTT-3.6.1-1")},
       .defects = {"send-reserved-flags-in-pubrel"},
       .check = flags_of(packet_type::pubrel, 2)});
  to.push_back({.id = "invariant/flags-of-pubcomp",
                .title = "The flags of PUBCOMP's fixed header are 0",
                .covers = both,
                .defects = {"send-reserved-flags-in-pubcomp"},
                .check = flags_of(packet_type::pubcomp, 0)});
  to.push_back({.id = "invariant/flags-of-suback",
                .title = "The flags of SUBACK's fixed header are 0",
                .covers = both,
                .defects = {"send-reserved-flags-in-suback"},
                .check = flags_of(packet_type::suback, 0)});
  to.push_back({.id = "invariant/flags-of-unsuback",
                .title = "The flags of UNSUBACK's fixed header are 0",
                .covers = both,
                .defects = {"send-reserved-flags-in-unsuback"},
                .check = flags_of(packet_type::unsuback, 0)});
  to.push_back({.id = "invariant/flags-of-pingresp",
                .title = "The flags of PINGRESP's fixed header are 0",
                .covers = both,
                .defects = {"send-reserved-flags-in-pingresp"},
                .check = flags_of(packet_type::pingresp, 0)});
  to.push_back({.id = "invariant/flags-of-disconnect",
                .title = "The flags of DISCONNECT's fixed header are 0",
                .covers = {v5("MQTT-2.1.3-1"), v5("MQTT-3.14.1-1")},
                .defects = {"send-reserved-flags-in-disconnect"},
                .check = flags_of(packet_type::disconnect, 0)});
  to.push_back({.id = "invariant/flags-of-auth",
                .title = "The flags of AUTH's fixed header are 0",
                .covers = {v5("MQTT-2.1.3-1"), v5("MQTT-3.15.1-1")},
                .check = flags_of(packet_type::auth, 0)});
}

}  // namespace

void add_fixed_header_invariants(std::vector<invariant>& to) {
  add_flags(to);
  to.push_back({.id = "invariant/no-type-0",
                .title = "A server sends no packet of type 0",
                .covers = {v5("PE-2.1.2-c"), v3("PR3-2.2.1-a")},
                .defects = {"send-packet-of-type-0"},
                .check = never_of_type({packet_type{0}})});
  to.push_back({.id = "invariant/no-requests-from-server",
                .title = "A server sends no CONNECT, SUBSCRIBE, UNSUBSCRIBE or PINGREQ",
                .covers = {v5("PE-2.1.2-c"), v3("PR3-2.2.1-a")},
                .defects = {"answer-pingreq-with-pingreq"},
                .check = never_of_type({packet_type::connect, packet_type::subscribe,
                                        packet_type::unsubscribe, packet_type::pingreq})});
  to.push_back({.id = "invariant/no-disconnect-in-3.1.1",
                .title = "A server sends a client of 3.1.1 no DISCONNECT",
                .covers = {v3("PR3-2.2.1-a")},
                .defects = {"send-disconnect-to-3-1-1"},
                .check = never_of_type({packet_type::disconnect})});
  to.push_back({.id = "invariant/no-type-15-in-3.1.1",
                .title = "A server sends a client of 3.1.1 no packet of type 15",
                .covers = {v3("PR3-2.2.1-a")},
                .defects = {"send-auth-to-3-1-1"},
                .check = never_of_type({packet_type::auth})});
}

}  // namespace gauntlet::conformance
