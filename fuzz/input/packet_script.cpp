#include "fuzz/input/packet_script.hpp"

#include <array>
#include <string_view>

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/packet_text.hpp"

namespace gauntlet::fuzz {
namespace {

constexpr std::size_t shown_bytes_max = 96;

std::string hex(byte_view bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes.first(std::min(bytes.size(), shown_bytes_max))) {
    text += {' ', digits[byte >> 4U], digits[byte & 0xFU]};
  }
  if (bytes.size() > shown_bytes_max) {
    text += " ... (" + std::to_string(bytes.size()) + " bytes)";
  }
  return text;
}

std::string meaning(byte_view bytes, mqtt::protocol_version version) {
  if (bytes.empty()) return "nothing";
  const auto decoded = mqtt::decode(bytes, version, mqtt::sender::client);
  if (decoded) return mqtt::to_text(*decoded, version);
  const mqtt::decode_error& why = decoded.error();
  const unsigned type = bytes[0] >> 4U;
  const std::string name =
      type == 0 ? "packet type 0"
                : std::string(mqtt::packet_type_name(static_cast<mqtt::packet_type>(type)));
  return name + ", malformed (" + std::string(why.subject) + ", MQTT " +
         std::string(mqtt::version_name(version)) + " section " + std::string(why.section) + ")";
}

std::string text_of(const step& each, mqtt::protocol_version version) {
  switch (each.kind) {
    case step_kind::close:
      return "close";
    case step_kind::half_close:
      return "close our half";
    case step_kind::reset:
      return "reset";
    case step_kind::send:
      break;
  }
  std::string text = meaning(each.bytes, version);
  if (each.piece_size > 0) text += ", in pieces of " + std::to_string(each.piece_size);
  return text + "\n       " + hex(each.bytes);
}

}  // namespace

mqtt::protocol_version version_of_connect(byte_view packet, mqtt::protocol_version otherwise) {
  constexpr std::uint8_t connect_byte = 0x10;
  constexpr std::size_t name_size = 6;  // two bytes of length, "MQTT"
  if (packet.size() < 2 || packet[0] != connect_byte) return otherwise;
  std::size_t at = 1;
  while (at < packet.size() && at < 4 && (packet[at] & 0x80U) != 0) ++at;
  at += 1 + name_size;
  if (at >= packet.size()) return otherwise;
  return packet[at] == 4 ? mqtt::protocol_version::v3_1_1 : mqtt::protocol_version::v5;
}

std::string to_script(const input& of) {
  std::array<mqtt::protocol_version, connections_max> versions{};
  versions.fill(mqtt::protocol_version::v5);
  std::string text;
  for (std::size_t i = 0; i < of.steps.size(); ++i) {
    const step& each = of.steps[i];
    mqtt::protocol_version& version = versions.at(each.connection);
    version = version_of_connect(each.bytes, version);
    text += std::to_string(i + 1) + "  C" + std::to_string(each.connection) + "  " +
            text_of(each, version) + (each.barrier ? "\n" : "  (the next step follows at once)\n");
  }
  return text;
}

}  // namespace gauntlet::fuzz
