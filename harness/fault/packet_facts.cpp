#include "harness/fault/packet_facts.hpp"

#include <algorithm>
#include <type_traits>
#include <variant>

#include <fmt/format.h>

#include "harness/mqtt/codec.hpp"

namespace gauntlet::fault {
namespace {

constexpr std::size_t identifier_bytes = 2;

std::uint16_t two_bytes(byte_view from, std::size_t at) {
  if (from.size() < at + identifier_bytes) return 0;
  return static_cast<std::uint16_t>(from[at] << 8U | from[at + 1]);
}

/// The fixed header: the first byte, and as many of the Remaining Length as have their top bit set,
/// and one more.
std::size_t header_of(byte_view packet) {
  std::size_t size = 1;
  while (size < packet.size() && size < mqtt::fixed_header_size_max &&
         (packet[size] & 0x80U) != 0) {
    ++size;
  }
  return std::min(size + 1, packet.size());
}

bool begins_with_identifier(mqtt::packet_type type) {
  using enum mqtt::packet_type;
  return type >= puback && type <= unsuback;
}

template <class Packet>
constexpr bool has_code = requires(const Packet& packet) {
  packet.reason_code;
};
template <class Packet>
constexpr bool has_codes = requires(const Packet& packet) {
  packet.reason_codes;
};
template <class Packet>
constexpr bool has_properties = requires(const Packet& packet) {
  packet.properties;
};

mqtt::sender coder_of(history::direction towards) {
  return towards == history::direction::to_broker ? mqtt::sender::client : mqtt::sender::server;
}

}  // namespace

packet_facts facts_of(byte_view packet, history::direction towards,
                      mqtt::protocol_version version) {
  packet_facts facts{.bytes = packet, .towards = towards, .version = version};
  if (packet.empty()) return facts;
  facts.type = mqtt::packet_type_of(packet[0]);
  facts.header_bytes = header_of(packet);
  if (begins_with_identifier(facts.type)) {
    facts.packet_identifier = two_bytes(packet, facts.header_bytes);
  }
  if (facts.type != mqtt::packet_type::publish) return facts;
  facts.dup = (packet[0] & 0x08U) != 0;
  facts.qos = static_cast<mqtt::qos>((packet[0] >> 1U) & 0x03U);
  const std::size_t length = two_bytes(packet, facts.header_bytes);
  const std::size_t begin = facts.header_bytes + identifier_bytes;
  if (begin + length > packet.size()) return facts;
  facts.topic_name = as_text(packet.subspan(begin, length));
  if (facts.qos != mqtt::qos::at_most_once) {
    facts.packet_identifier = two_bytes(packet, begin + length);
  }
  return facts;
}

std::optional<mqtt::packet> packet_facts::decoded() const {
  auto read = mqtt::decode(bytes, version, coder_of(towards));
  if (!read) return std::nullopt;
  return std::move(*read);
}

std::optional<std::uint8_t> packet_facts::reason_code() const {
  const auto whole = decoded();
  if (!whole) return std::nullopt;
  return std::visit(
      [](const auto& packet) -> std::optional<std::uint8_t> {
        using this_packet = std::decay_t<decltype(packet)>;
        if constexpr (has_code<this_packet>) return static_cast<std::uint8_t>(packet.reason_code);
        if constexpr (has_codes<this_packet>) {
          if (!packet.reason_codes.empty()) {
            return static_cast<std::uint8_t>(packet.reason_codes.front());
          }
        }
        return std::nullopt;
      },
      *whole);
}

bool packet_facts::has(mqtt::property_id property) const {
  const auto whole = decoded();
  if (!whole) return false;
  return std::visit(
      [property](const auto& packet) {
        if constexpr (has_properties<std::decay_t<decltype(packet)>>) {
          for (const mqtt::property& each : packet.properties) {
            if (each.id == property) return true;
          }
        }
        return false;
      },
      *whole);
}

std::string short_text(const packet_facts& packet) {
  std::string text(mqtt::packet_type_name(packet.type));
  if (packet.packet_identifier != 0) text += fmt::format(" {}", packet.packet_identifier);
  if (packet.type == mqtt::packet_type::publish) {
    text += fmt::format(" qos {}{} \"{}\"", static_cast<unsigned>(packet.qos),
                        packet.dup ? " dup" : "", packet.topic_name);
  }
  return text;
}

}  // namespace gauntlet::fault
