// rewrite: a field of a packet gets another value.

#include <charconv>
#include <type_traits>
#include <variant>

#include "harness/fault/packet_plan.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::fault {
namespace {

unsigned number_of(const std::string& value) {
  const bool is_hex = value.starts_with("0x");
  unsigned number = value == "true" ? 1 : 0;
  std::from_chars(value.data() + (is_hex ? 2 : 0), value.data() + value.size(), number,
                  is_hex ? 16 : 10);
  return number;
}

/// Changes the field if this kind of packet has it; answers whether it has.
struct field_writer {
  rewrite::field which;
  const std::string& value;

  template <class Packet>
  bool operator()(Packet& packet) const {
    using enum rewrite::field;
    const unsigned number = number_of(value);
    switch (which) {
      case packet_identifier:
        if constexpr (requires { packet.packet_identifier; }) {
          packet.packet_identifier = static_cast<std::uint16_t>(number);
          return true;
        }
        return false;
      case reason_code:
        if constexpr (requires { packet.reason_code; }) {
          packet.reason_code = static_cast<mqtt::reason_code>(number);
          return true;
        } else if constexpr (requires { packet.reason_codes; }) {
          for (auto& code : packet.reason_codes) code = static_cast<mqtt::reason_code>(number);
          return true;
        }
        return false;
      case session_present:
        if constexpr (std::is_same_v<Packet, mqtt::connack>) {
          packet.session_present = number != 0;
          return true;
        }
        return false;
      default:
        return in_other(packet, number);
    }
  }

  template <class Packet>
  bool in_other(Packet& packet, unsigned number) const {
    using enum rewrite::field;
    if constexpr (std::is_same_v<Packet, mqtt::publish>) {
      if (which == dup) return packet.dup = number != 0, true;
      if (which == retain) return packet.retain = number != 0, true;
      if (which == topic_name) return packet.topic_name = value, true;
      if (which == payload) return packet.payload.assign(value.begin(), value.end()), true;
      if (which == qos) {
        packet.qos = static_cast<mqtt::qos>(number & 3U);
        if (number != 0 && packet.packet_identifier == 0) packet.packet_identifier = 1;
        return true;
      }
    }
    if constexpr (std::is_same_v<Packet, mqtt::connect>) {
      if (which == keep_alive) {
        return packet.keep_alive_s = static_cast<std::uint16_t>(number), true;
      }
      if (which == clean_start) return packet.clean_start = number != 0, true;
      if (which == client_id) return packet.client_id = value, true;
    }
    return false;
  }
};

/// Fields that stand outside of what the codec knows.
bool rewrite_bytes(const rewrite& what, const packet_facts& packet, byte_buffer& bytes) {
  const auto number = static_cast<std::uint8_t>(number_of(what.value));
  using enum rewrite::field;
  switch (what.which) {
    case first_byte:
      bytes[0] = number;
      return true;
    case remaining_length:
      bytes[1] = number;
      return bytes.size() > 1;
    case protocol_level: {
      const std::size_t at = packet.header_bytes + 6;  // behind the length and "MQTT"
      if (packet.type != mqtt::packet_type::connect || bytes.size() <= at) return false;
      bytes[at] = number;
      return true;
    }
    default:
      return false;
  }
}

}  // namespace

void apply(const rewrite& what, const packet_facts& packet, seeded_stream& /*draws*/,
           packet_plan& plan) {
  byte_buffer bytes(packet.bytes.begin(), packet.bytes.end());
  if (bytes.size() < 2) return;
  if (rewrite_bytes(what, packet, bytes)) {
    plan.instead = std::move(bytes);
    return;
  }
  auto whole = packet.decoded();
  if (!whole) return;
  const bool changed = std::visit(field_writer{.which = what.which, .value = what.value}, *whole);
  byte_buffer made;
  if (changed && mqtt::encode(*whole, packet.version, made)) plan.instead = std::move(made);
}

}  // namespace gauntlet::fault
