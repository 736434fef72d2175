#include "harness/mqtt/codec.hpp"

#include "harness/mqtt/packet_codecs.hpp"
#include "harness/mqtt/wire_writer.hpp"

namespace gauntlet::mqtt {

namespace {

/// PINGREQ and PINGRESP are a fixed header and nothing else.
template <class Packet>
Packet read_empty(wire_reader& reader, packet_type type) noexcept {
  reader.finish(packet_type_name(type));
  return {};
}

packet read_body(wire_reader& reader, const fixed_header& header, sender from) {
  switch (header.type) {
    case packet_type::connect:
      return read_connect(reader, header, from);
    case packet_type::connack:
      return read_connack(reader, from);
    case packet_type::publish: {
      const publish_view view = read_publish(reader, header, from);
      return reader.ok() ? to_publish(view) : publish{};
    }
    case packet_type::puback:
      return read_puback(reader, from);
    case packet_type::pubrec:
      return read_pubrec(reader, from);
    case packet_type::pubrel:
      return read_pubrel(reader, from);
    case packet_type::pubcomp:
      return read_pubcomp(reader, from);
    case packet_type::subscribe:
      return read_subscribe(reader, from);
    case packet_type::suback:
      return read_suback(reader, from);
    case packet_type::unsubscribe:
      return read_unsubscribe(reader, from);
    case packet_type::unsuback:
      return read_unsuback(reader, from);
    case packet_type::pingreq:
      return read_empty<pingreq>(reader, header.type);
    case packet_type::pingresp:
      return read_empty<pingresp>(reader, header.type);
    case packet_type::disconnect:
      return read_disconnect(reader, from);
    case packet_type::auth:
      return read_auth(reader, from);
  }
  return pingreq{};  // the fixed header has refused type 0
}

}  // namespace

decode_result decode(byte_view whole_packet, protocol_version version, sender from) {
  wire_reader reader(whole_packet, 0, version);
  const fixed_header header = read_fixed_header(reader, from);
  if (!reader.ok()) return reader.error();
  packet decoded = read_body(reader, header, from);
  if (!reader.ok()) return reader.error();
  return decoded;
}

encode_result encode(const packet& any, protocol_version version, byte_buffer& out) {
  return std::visit([&](const auto& source) { return encode(source, version, out); }, any);
}

encode_result encode(const pingreq&, protocol_version, byte_buffer& out) {
  out.insert(out.end(), {0xC0, 0x00});
  return {};
}

encode_result encode(const pingresp&, protocol_version, byte_buffer& out) {
  out.insert(out.end(), {0xD0, 0x00});
  return {};
}

}  // namespace gauntlet::mqtt
