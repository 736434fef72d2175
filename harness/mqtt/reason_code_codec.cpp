#include "harness/mqtt/packet_codecs.hpp"

namespace gauntlet::mqtt {

namespace {

/// Where each packet's table of Reason Codes stands.
rule code_rule(packet_type type) noexcept {
  const rule& any = rules::code_allowed;
  switch (type) {
    case packet_type::connack:
      return any.at({"3.2.2.2", "MQTT-3.2.2-8"}, {"3.2.2.3"});
    case packet_type::puback:
      return any.at({"3.4.2.1", "MQTT-3.4.2-1"});
    case packet_type::pubrec:
      return any.at({"3.5.2.1", "MQTT-3.5.2-1"});
    case packet_type::pubrel:
      return any.at({"3.6.2.1", "MQTT-3.6.2-1"});
    case packet_type::pubcomp:
      return any.at({"3.7.2.1", "MQTT-3.7.2-1"});
    case packet_type::suback:
      return any.at({"3.9.3", "MQTT-3.9.3-2"}, {"3.9.3", "MQTT-3.9.3-2"});
    case packet_type::unsuback:
      return any.at({"3.11.3", "MQTT-3.11.3-2"});
    case packet_type::disconnect:
      return any.at({"3.14.2.1", "MQTT-3.14.2-1"});
    case packet_type::auth:
      return any.at({"3.15.2.1", "MQTT-3.15.2-1"});
    default:
      return any;
  }
}

/// A 3.1.1 SUBACK knows four codes.
bool is_suback_return_code(reason_code code) noexcept {
  return static_cast<std::uint8_t>(code) <= 2 || code == reason_code::unspecified_error;
}

}  // namespace

reason_code read_reason_code(wire_reader& reader, packet_type type, sender from) noexcept {
  const std::size_t offset = reader.offset();
  const auto code = static_cast<reason_code>(reader.byte("Reason Code"));
  const bool allowed =
      reader.is_v5() ? may_stand_in(code, type, from) : is_suback_return_code(code);
  if (reader.ok() && !allowed) reader.fail(code_rule(type), offset, "Reason Code");
  return code;
}

std::vector<reason_code> read_reason_codes(wire_reader& reader, packet_type type, sender from) {
  std::vector<reason_code> codes;
  if (reader.left() == 0) {
    const bool unsuback = type == packet_type::unsuback;
    reader.fail(unsuback ? rules::one_code.at({"3.11.3"}) : rules::one_code, reader.offset(),
                packet_type_name(type));
    return codes;
  }
  codes.reserve(reader.left());
  while (reader.more()) codes.push_back(read_reason_code(reader, type, from));
  return codes;
}

}  // namespace gauntlet::mqtt
