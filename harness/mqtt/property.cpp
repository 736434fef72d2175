#include "harness/mqtt/property.hpp"

#include <algorithm>

namespace gauntlet::mqtt {

namespace {

struct owned_value {
  property_value operator()(std::uint8_t value) const { return value; }
  property_value operator()(std::uint16_t value) const { return value; }
  property_value operator()(std::uint32_t value) const { return value; }
  property_value operator()(std::string_view value) const { return std::string(value); }
  property_value operator()(byte_view value) const {
    return byte_buffer(value.begin(), value.end());
  }
  property_value operator()(const string_pair_view& value) const {
    return string_pair{std::string(value.name), std::string(value.value)};
  }
};

}  // namespace

std::string_view place_name(property_place place) noexcept {
  return place == property_place::will ? "will properties"
                                       : packet_type_name(static_cast<packet_type>(place));
}

property to_property(const property_view& view) {
  return {view.id, std::visit(owned_value{}, view.value)};
}

std::size_t property_list::remove(property_id id) {
  return std::erase_if(items_, [id](const property& item) { return item.id == id; });
}

std::size_t property_list::count(property_id id) const noexcept {
  return static_cast<std::size_t>(std::count_if(
      items_.begin(), items_.end(), [id](const property& item) { return item.id == id; }));
}

property payload_format_indicator(std::uint8_t value) {
  return {property_id::payload_format_indicator, value};
}
property message_expiry_interval(std::uint32_t seconds) {
  return {property_id::message_expiry_interval, seconds};
}
property content_type(std::string value) { return {property_id::content_type, std::move(value)}; }
property response_topic(std::string topic_name) {
  return {property_id::response_topic, std::move(topic_name)};
}
property correlation_data(byte_buffer value) {
  return {property_id::correlation_data, std::move(value)};
}
property subscription_identifier(std::uint32_t value) {
  return {property_id::subscription_identifier, value};
}
property session_expiry_interval(std::uint32_t seconds) {
  return {property_id::session_expiry_interval, seconds};
}
property assigned_client_identifier(std::string value) {
  return {property_id::assigned_client_identifier, std::move(value)};
}
property server_keep_alive(std::uint16_t seconds) {
  return {property_id::server_keep_alive, seconds};
}
property authentication_method(std::string value) {
  return {property_id::authentication_method, std::move(value)};
}
property authentication_data(byte_buffer value) {
  return {property_id::authentication_data, std::move(value)};
}
property request_problem_information(std::uint8_t value) {
  return {property_id::request_problem_information, value};
}
property will_delay_interval(std::uint32_t seconds) {
  return {property_id::will_delay_interval, seconds};
}
property request_response_information(std::uint8_t value) {
  return {property_id::request_response_information, value};
}
property response_information(std::string value) {
  return {property_id::response_information, std::move(value)};
}
property server_reference(std::string value) {
  return {property_id::server_reference, std::move(value)};
}
property reason_string(std::string value) { return {property_id::reason_string, std::move(value)}; }
property receive_maximum(std::uint16_t value) { return {property_id::receive_maximum, value}; }
property topic_alias_maximum(std::uint16_t value) {
  return {property_id::topic_alias_maximum, value};
}
property topic_alias(std::uint16_t value) { return {property_id::topic_alias, value}; }
property maximum_qos(std::uint8_t value) { return {property_id::maximum_qos, value}; }
property retain_available(std::uint8_t value) { return {property_id::retain_available, value}; }
property user_property(std::string name, std::string value) {
  return {property_id::user_property, string_pair{std::move(name), std::move(value)}};
}
property maximum_packet_size(std::uint32_t bytes) {
  return {property_id::maximum_packet_size, bytes};
}
property wildcard_subscription_available(std::uint8_t value) {
  return {property_id::wildcard_subscription_available, value};
}
property subscription_identifier_available(std::uint8_t value) {
  return {property_id::subscription_identifier_available, value};
}
property shared_subscription_available(std::uint8_t value) {
  return {property_id::shared_subscription_available, value};
}

}  // namespace gauntlet::mqtt
