// Packets that no client may send, at any time: of reserved types, of servers, with impossible
// lengths. MQTT 5.0 §2.1, §4.13

#include "conformance/cases/disconnect/disconnect_cases.hpp"
#include "conformance/suite/breach.hpp"
#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::reason_code;

struct packet_error {
  const char* id;
  const char* title;
  std::vector<statement_name> covers;
  const char* defect;
  byte_buffer bytes;
  /// Most follow from the tables only, so that a broker may leave them undetected.
  requirement_level level = requirement_level::should;
};

void refused(context& test, const byte_buffer& bytes) {
  expect_refused(test, {.control = [](client& c) { c.ping(); },
                        .commit = [&](client& c) { c.send_bytes(bytes); },
                        .manner = {{reason_code::malformed_packet, reason_code::protocol_error,
                                    reason_code::packet_too_large}}});
}

}  // namespace

void add_packet_error_cases(suite& to) {
  const packet_error errors[] = {
      {"PE-2.1.2-a/type-0",
       "A packet of type 0 ends the connection",
       {v5("PE-2.1.2-a"), v3("MQTT-4.8.0-1")},
       "accept-packet-type-0",
       {0x00, 0x00}},
      {"MQTT-4.8.0-1/type-15",
       "A packet of type 15 ends the connection in 3.1.1",
       {v3("MQTT-4.8.0-1")},
       "accept-packet-type-15",
       {0xF0, 0x00}},
      {"PE-2.1.2-b/suback",
       "A SUBACK from a client ends the connection",
       {v5("PE-2.1.2-b"), v3("MQTT-4.8.0-1")},
       "accept-suback-from-client",
       {0x90, 0x03, 0x00, 0x01, 0x00}},
      {"PE-2.1.2-b/unsuback",
       "An UNSUBACK from a client ends the connection",
       {v5("PE-2.1.2-b"), v3("MQTT-4.8.0-1")},
       "accept-unsuback-from-client",
       {0xB0, 0x02, 0x00, 0x01}},
      {"PE-2.1.2-b/connack",
       "A CONNACK from a client ends the connection",
       {v5("PE-2.1.2-b"), v3("MQTT-4.8.0-1")},
       "accept-connack-from-client",
       {0x20, 0x02, 0x00, 0x00}},
      {"PE-2.1.2-b/pingresp",
       "A PINGRESP from a client ends the connection",
       {v5("PE-2.1.2-b"), v3("MQTT-4.8.0-1")},
       "accept-pingresp-from-client",
       {0xD0, 0x00}},
      {"PE-1.5.5-a/remaining-length",
       "A Remaining Length of five bytes ends the connection",
       {v5("PE-1.5.5-a"), v3("PR3-2.2.3-a")},
       "accept-five-byte-remaining-length",
       {0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F}},
      {"MQTT-1.5.5-1/remaining-length",
       "A Remaining Length that is longer than it has to be ends the connection in 5.0",
       {v5("MQTT-1.5.5-1")},
       "accept-long-remaining-length",
       {0xC0, 0x80, 0x00},
       requirement_level::must},
  };
  for (const packet_error& each : errors) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = each.covers,
            .defects = {each.defect},
            .level = each.level,
            .body = [bytes = each.bytes](context& test) { refused(test, bytes); }});
  }
}

}  // namespace gauntlet::conformance
