#pragma once

// Properties as values: one property, the ordered list that a packet carries, and a function for
// each property, so that a call site reads `{receive_maximum(2), session_expiry_interval(30)}`.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/mqtt/property_table.hpp"

namespace gauntlet::mqtt {

/// Name and value of a User Property.
struct string_pair {
  std::string name;
  std::string value;
  friend bool operator==(const string_pair&, const string_pair&) = default;
};

/// A borrowed string_pair.
struct string_pair_view {
  std::string_view name;
  std::string_view value;
  friend bool operator==(const string_pair_view&, const string_pair_view&) = default;
};

/// The value of a property; std::uint32_t serves the Four Byte and the Variable Byte Integer.
using property_value =
    std::variant<std::uint8_t, std::uint16_t, std::uint32_t, std::string, byte_buffer, string_pair>;

/// A borrowed property_value.
using property_value_view = std::variant<std::uint8_t, std::uint16_t, std::uint32_t,
                                         std::string_view, byte_view, string_pair_view>;

/// One property. Made by the functions below; encoding refuses a value that is not of the data type
/// that the table gives for `id`.
struct property {
  property_id id;
  property_value value;
  friend bool operator==(const property&, const property&) = default;
};

/// A borrowed property, as read out of a packet's bytes.
struct property_view {
  property_id id;
  property_value_view value;
};

/// An owned copy.
property to_property(const property_view& view);

namespace detail {

template <property_type Type>
constexpr auto property_read_type() {
  if constexpr (Type == property_type::byte) return std::uint8_t{};
  if constexpr (Type == property_type::two_byte_integer) return std::uint16_t{};
  if constexpr (Type == property_type::four_byte_integer) return std::uint32_t{};
  if constexpr (Type == property_type::variable_byte_integer) return std::uint32_t{};
  if constexpr (Type == property_type::utf8_string) return std::string_view{};
  if constexpr (Type == property_type::binary_data) return byte_view{};
  if constexpr (Type == property_type::utf8_string_pair) return string_pair_view{};
}

}  // namespace detail

/// What reading the property `Id` yields: an integer, std::string_view, byte_view or
/// string_pair_view.
template <property_id Id>
using property_read_t = decltype(detail::property_read_type<info_of(Id).type>());

/// The properties of one packet or will, in wire order.
class property_list {
 public:
  property_list() = default;
  property_list(std::initializer_list<property> items) : items_(items) {}

  void add(property item) { items_.push_back(std::move(item)); }
  /// Takes out all properties with this identifier; answers how many there were.
  std::size_t remove(property_id id);

  /// The value of the first property with this identifier. What it borrows lives as long as the
  /// list is not changed.
  template <property_id Id>
  std::optional<property_read_t<Id>> find() const {
    for (const property& item : items_) {
      if (item.id == Id) return read<Id>(item);
    }
    return std::nullopt;
  }

  /// The values of all properties with this identifier, for the two that may repeat.
  template <property_id Id>
  std::vector<property_read_t<Id>> find_all() const {
    std::vector<property_read_t<Id>> found;
    for (const property& item : items_) {
      if (item.id != Id) continue;
      if (auto value = read<Id>(item)) found.push_back(*value);
    }
    return found;
  }

  bool contains(property_id id) const noexcept { return count(id) != 0; }
  std::size_t count(property_id id) const noexcept;
  bool empty() const noexcept { return items_.empty(); }
  std::size_t size() const noexcept { return items_.size(); }
  auto begin() const noexcept { return items_.begin(); }
  auto end() const noexcept { return items_.end(); }

  friend bool operator==(const property_list&, const property_list&) = default;

 private:
  template <property_id Id>
  static std::optional<property_read_t<Id>> read(const property& item) {
    using read_type = property_read_t<Id>;
    if constexpr (std::is_integral_v<read_type>) {
      const auto* value = std::get_if<read_type>(&item.value);
      return value ? std::optional<read_type>(*value) : std::nullopt;
    } else if constexpr (std::is_same_v<read_type, std::string_view>) {
      const auto* value = std::get_if<std::string>(&item.value);
      return value ? std::optional<read_type>(*value) : std::nullopt;
    } else if constexpr (std::is_same_v<read_type, byte_view>) {
      const auto* value = std::get_if<byte_buffer>(&item.value);
      return value ? std::optional<read_type>(*value) : std::nullopt;
    } else {
      const auto* value = std::get_if<string_pair>(&item.value);
      if (!value) return std::nullopt;
      return string_pair_view{value->name, value->value};
    }
  }

  std::vector<property> items_;
};

/// One function a property; sections in property_table.hpp. Values are not checked here, so that
/// illegal ones can be sent on purpose.
property payload_format_indicator(std::uint8_t value);
property message_expiry_interval(std::uint32_t seconds);
property content_type(std::string value);
property response_topic(std::string topic_name);
property correlation_data(byte_buffer value);
property subscription_identifier(std::uint32_t value);
property session_expiry_interval(std::uint32_t seconds);
property assigned_client_identifier(std::string value);
property server_keep_alive(std::uint16_t seconds);
property authentication_method(std::string value);
property authentication_data(byte_buffer value);
property request_problem_information(std::uint8_t value);
property will_delay_interval(std::uint32_t seconds);
property request_response_information(std::uint8_t value);
property response_information(std::string value);
property server_reference(std::string value);
property reason_string(std::string value);
property receive_maximum(std::uint16_t value);
property topic_alias_maximum(std::uint16_t value);
property topic_alias(std::uint16_t value);
property maximum_qos(std::uint8_t value);
property retain_available(std::uint8_t value);
property user_property(std::string name, std::string value);
property maximum_packet_size(std::uint32_t bytes);
property wildcard_subscription_available(std::uint8_t value);
property subscription_identifier_available(std::uint8_t value);
property shared_subscription_available(std::uint8_t value);

}  // namespace gauntlet::mqtt
