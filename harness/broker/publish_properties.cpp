#include "harness/broker/publish_properties.hpp"

#include <variant>

#include "harness/mqtt/publish_view.hpp"

namespace gauntlet::broker {
namespace {

std::size_t variable_byte_integer_size(std::uint32_t value) {
  return value < 128 ? 1 : value < 16'384 ? 2 : value < 2'097'152 ? 3 : 4;
}

// Bytes of the value on the wire (§1.5).
struct wire_size {
  mqtt::property_id id;
  std::size_t operator()(std::uint8_t) const { return 1; }
  std::size_t operator()(std::uint16_t) const { return 2; }
  std::size_t operator()(std::uint32_t value) const {
    return id == mqtt::property_id::subscription_identifier ? variable_byte_integer_size(value) : 4;
  }
  std::size_t operator()(std::string_view text) const { return 2 + text.size(); }
  std::size_t operator()(byte_view bytes) const { return 2 + bytes.size(); }
  std::size_t operator()(mqtt::string_pair_view pair) const {
    return 4 + pair.name.size() + pair.value.size();
  }
};

}  // namespace

publish_properties sort_properties(byte_view received, byte_buffer& scratch) {
  publish_properties sorted;
  if (received.empty()) return sorted;
  scratch.clear();
  std::size_t at = 0;
  mqtt::property_reader reader(received);
  while (const auto property = reader.next()) {
    const std::size_t size = 1 + std::visit(wire_size{property->id}, property->value);
    if (property->id == mqtt::property_id::topic_alias) {
      sorted.topic_alias = std::get<std::uint16_t>(property->value);
    } else if (property->id == mqtt::property_id::message_expiry_interval) {
      sorted.message_expiry_interval = std::get<std::uint32_t>(property->value);
    } else {
      if (property->id == mqtt::property_id::payload_format_indicator) {
        sorted.payload_is_text = std::get<std::uint8_t>(property->value) == 1;
      }
      const byte_view bytes = received.subspan(at, size);
      scratch.insert(scratch.end(), bytes.begin(), bytes.end());
    }
    at += size;
  }
  sorted.passed_on = scratch;
  return sorted;
}

}  // namespace gauntlet::broker
