#include "harness/mqtt/protocol.hpp"

#include <array>

namespace gauntlet::mqtt {

namespace {

constexpr std::array<std::string_view, 16> packet_type_names = {
    "reserved (0)", "CONNECT",  "CONNACK",    "PUBLISH", "PUBACK",      "PUBREC",
    "PUBREL",       "PUBCOMP",  "SUBSCRIBE",  "SUBACK",  "UNSUBSCRIBE", "UNSUBACK",
    "PINGREQ",      "PINGRESP", "DISCONNECT", "AUTH"};

}  // namespace

std::string_view version_name(protocol_version version) noexcept {
  return version == protocol_version::v5 ? "5.0" : "3.1.1";
}

std::string_view packet_type_name(packet_type type) noexcept {
  return packet_type_names[static_cast<std::size_t>(type) & 0x0F];
}

std::string_view sender_name(sender from) noexcept {
  return from == sender::client ? "client" : "server";
}

}  // namespace gauntlet::mqtt
