#include "fuzz/execution/abstract_state.hpp"

#include <variant>

#include "fuzz/execution/connack_code.hpp"
#include "fuzz/input/packet_script.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::fuzz {
namespace {

mqtt::packet_type type_of(byte_view packet) {
  return static_cast<mqtt::packet_type>(packet[0] >> 4U);
}

unsigned qos_of(byte_view publish) { return (publish[0] >> 1U) & 3U; }

}  // namespace

std::string_view name_of(state_row row) {
  switch (row) {
    case state_row::before_connect:
      return "before CONNECT";
    case state_row::connecting:
      return "CONNECT not answered";
    case state_row::connected:
      return "connected";
    case state_row::subscribed:
      return "subscribed";
    case state_row::publishing_qos1:
      return "a QoS 1 delivery open";
    case state_row::publishing_qos2:
      return "a QoS 2 PUBLISH half done";
    case state_row::delivering_qos2:
      return "a QoS 2 delivery half done";
    case state_row::disconnected:
      return "ended";
  }
  return {};
}

void abstract_state::sent(byte_view packet) {
  if (packet.empty()) return;
  if (phase_ == phase::gone) return;
  switch (type_of(packet)) {
    case mqtt::packet_type::connect: {
      if (phase_ != phase::fresh) return;
      *this = {};
      phase_ = phase::asked;
      version_ = version_of_connect(packet, mqtt::protocol_version::v5);
      const auto decoded = mqtt::decode(packet, version_, mqtt::sender::client);
      if (!decoded) return;
      const auto& hello = std::get<mqtt::connect>(*decoded);
      has_will_ = hello.will.has_value();
      is_persistent_ = !hello.clean_start;
      return;
    }
    case mqtt::packet_type::publish:
      if (qos_of(packet) == 2) inbound_qos2_ = true;
      if (version_ == mqtt::protocol_version::v5 && packet.size() > 4 && packet[2] == 0 &&
          packet[3] == 0) {
        aliased_ = true;  // without a Topic Name, it leans on an alias
      }
      return;
    case mqtt::packet_type::pubrel:
      inbound_qos2_ = false;
      return;
    case mqtt::packet_type::puback:
      outbound_qos1_ = false;
      return;
    case mqtt::packet_type::pubcomp:
      outbound_qos2_ = false;
      return;
    case mqtt::packet_type::disconnect:
      ended();
      return;
    default:
      return;
  }
}

void abstract_state::received(byte_view packet) {
  if (packet.empty()) return;
  switch (type_of(packet)) {
    case mqtt::packet_type::connack:
      if (connack_code(packet) == 0) phase_ = phase::connected;
      return;
    case mqtt::packet_type::suback:
      subscribed_ = true;
      return;
    case mqtt::packet_type::publish:
      if (qos_of(packet) == 1) outbound_qos1_ = true;
      if (qos_of(packet) == 2) outbound_qos2_ = true;
      return;
    default:
      return;
  }
}

std::uint16_t abstract_state::bits() const {
  std::uint16_t value = static_cast<std::uint16_t>(phase_);
  for (const bool each : {version_ == mqtt::protocol_version::v5, has_will_, is_persistent_,
                          subscribed_, aliased_, inbound_qos2_, outbound_qos1_, outbound_qos2_}) {
    value = static_cast<std::uint16_t>((unsigned{value} << 1U) | (each ? 1U : 0U));
  }
  return value;
}

state_row abstract_state::row() const {
  if (phase_ == phase::fresh) return state_row::before_connect;
  if (phase_ == phase::gone) return state_row::disconnected;
  if (phase_ == phase::asked) return state_row::connecting;
  if (inbound_qos2_) return state_row::publishing_qos2;
  if (outbound_qos2_) return state_row::delivering_qos2;
  if (outbound_qos1_) return state_row::publishing_qos1;
  return subscribed_ ? state_row::subscribed : state_row::connected;
}

}  // namespace gauntlet::fuzz
