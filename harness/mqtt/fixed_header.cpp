#include "harness/mqtt/fixed_header.hpp"

#include <array>

namespace gauntlet::mqtt {

namespace {

constexpr std::uint8_t from_client = 1;
constexpr std::uint8_t from_server = 2;
constexpr std::uint8_t from_both = from_client | from_server;

/// What the standard fixes for each packet type.
struct type_info {
  std::uint8_t senders_v5;  // 0: the type does not exist
  std::uint8_t senders_v3_1_1;
  std::uint8_t flags;  // PUBLISH has flags of its own
  citation flags_v5 = rules::reserved_flags.v5;
  citation flags_v3_1_1 = rules::reserved_flags.v3_1_1;
};

constexpr std::array<type_info, 16> types = {{
    {0, 0, 0},                                                                        // reserved
    {from_client, from_client, 0},                                                    // CONNECT
    {from_server, from_server, 0},                                                    // CONNACK
    {from_both, from_both, 0},                                                        // PUBLISH
    {from_both, from_both, 0},                                                        // PUBACK
    {from_both, from_both, 0},                                                        // PUBREC
    {from_both, from_both, 2, {"3.6.1", "MQTT-3.6.1-1"}, {"3.6.1", "MQTT-3.6.1-1"}},  // PUBREL
    {from_both, from_both, 0},                                                        // PUBCOMP
    {from_client,
     from_client,
     2,
     {"3.8.1", "MQTT-3.8.1-1"},
     {"3.8.1", "MQTT-3.8.1-1"}},    // SUBSCRIBE
    {from_server, from_server, 0},  // SUBACK
    {from_client,
     from_client,
     2,
     {"3.10.1", "MQTT-3.10.1-1"},
     {"3.10.1", "MQTT-3.10.1-1"}},  // UNSUBSCRIBE
    {from_server, from_server, 0},  // UNSUBACK
    {from_client, from_client, 0},  // PINGREQ
    {from_server, from_server, 0},  // PINGRESP
    {from_both,
     from_client,
     0,
     {"3.14.1", "MQTT-3.14.1-1"},
     {"3.14.1", "MQTT-3.14.1-1"}},                       // DISCONNECT
    {from_both, 0, 0, {"3.15.1", "MQTT-3.15.1-1"}, {}},  // AUTH
}};

/// Type, direction and reserved flags, all of which stand in the first byte.
void check_first_byte(wire_reader& reader, const fixed_header& header, sender from) noexcept {
  const type_info& info = types[static_cast<std::size_t>(header.type)];
  const std::string_view name = packet_type_name(header.type);
  const std::uint8_t senders = reader.is_v5() ? info.senders_v5 : info.senders_v3_1_1;
  if (senders == 0) return reader.fail(rules::known_type, 0, name);
  if ((senders & (from == sender::client ? from_client : from_server)) == 0) {
    return reader.fail(rules::direction, 0, name);
  }
  if (header.type != packet_type::publish && header.flags != info.flags) {
    reader.fail(rules::reserved_flags.at(info.flags_v5, info.flags_v3_1_1), 0, name);
  }
}

}  // namespace

fixed_header read_fixed_header(wire_reader& reader, sender from) noexcept {
  using state = remaining_length_field::state;
  if (reader.left() == 0) {
    reader.fail(rules::complete_header, 0, "packet");
    return {};
  }
  const std::uint8_t first_byte = reader.byte("packet type");
  fixed_header header{packet_type_of(first_byte), static_cast<std::uint8_t>(first_byte & 0x0FU)};
  check_first_byte(reader, header, from);
  if (!reader.ok()) return header;

  const auto length = read_remaining_length(reader.peek(reader.left()));
  header.shortest_length = length.shortest;
  if (length.found == state::unfinished) {
    reader.fail(rules::complete_header, reader.offset(), "Remaining Length");
  } else if (length.found == state::too_long) {
    reader.fail(rules::four_length_bytes, reader.offset(), "Remaining Length");
  } else if (!length.shortest && reader.is_v5() && header.type != packet_type::connect) {
    reader.fail(rules::shortest_length, reader.offset(), "Remaining Length");
  } else {
    reader.skip(length.size);
    if (length.value > reader.left()) {
      reader.fail(rules::size_matches, reader.offset() + reader.left(),
                  packet_type_name(header.type));
    } else if (length.value < reader.left()) {
      reader.fail(rules::size_matches, reader.offset() + length.value,
                  packet_type_name(header.type));
    }
  }
  return header;
}

}  // namespace gauntlet::mqtt
