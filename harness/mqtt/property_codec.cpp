#include "harness/mqtt/property_codec.hpp"

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/publish_view.hpp"

namespace gauntlet::mqtt {

namespace {

property_value_view read_value(wire_reader& reader, const property_info& info) noexcept {
  switch (info.type) {
    case property_type::byte:
      return reader.byte(info.name);
    case property_type::two_byte_integer:
      return reader.two_byte_integer(info.name);
    case property_type::four_byte_integer:
      return reader.four_byte_integer(info.name);
    case property_type::variable_byte_integer:
      return reader.variable_byte_integer(info.name);
    case property_type::utf8_string:
      return reader.utf8_string(info.name);
    case property_type::binary_data:
      return reader.binary_data(info.name);
    case property_type::utf8_string_pair: {
      const std::string_view name = reader.utf8_string(info.name);
      return string_pair_view{name, reader.utf8_string(info.name)};
    }
  }
  return std::uint8_t{0};
}

std::uint32_t integer_of(const property_value_view& value) noexcept {
  if (const auto* byte = std::get_if<std::uint8_t>(&value)) return *byte;
  if (const auto* two = std::get_if<std::uint16_t>(&value)) return *two;
  if (const auto* four = std::get_if<std::uint32_t>(&value)) return *four;
  return 0;
}

/// What the standard asks of the value beyond its data type; `offset` is that of the value.
void check_value(wire_reader& reader, const property_info& info, property_place place,
                 const property_value_view& value, std::size_t offset) noexcept {
  const citation home = {info.section_in(place)};
  switch (info.values) {
    case property_values::any:
      return;
    case property_values::zero_or_one:
      if (integer_of(value) <= 1) return;
      return reader.fail(rules::property_zero_or_one.at(home), offset, info.name);
    case property_values::not_zero:
      if (integer_of(value) != 0) return;
      if (info.id == property_id::topic_alias) {
        return reader.fail(rules::alias_not_zero, offset, info.name);
      }
      return reader.fail(rules::property_not_zero.at(home), offset, info.name);
    case property_values::topic_name: {
      const auto* text = std::get_if<std::string_view>(&value);
      const std::size_t wildcard = text ? find_wildcard(*text) : std::string_view::npos;
      if (wildcard == std::string_view::npos) return;
      const rule& broken = rules::response_topic_wildcard;
      return reader.fail(place == property_place::will ? broken.at(home) : broken,
                         offset + 2 + wildcard, info.name);
    }
  }
}

/// Properties that only one end of the connection may send in a packet that both may send.
void check_sender(wire_reader& reader, const property_info& info, property_place place, sender from,
                  std::size_t offset) noexcept {
  if (from == sender::client && place == property_place::publish &&
      info.id == property_id::subscription_identifier) {
    reader.fail(rules::identifier_from_client, offset, info.name);
  }
  if (from == sender::server && place == property_place::disconnect &&
      info.id == property_id::session_expiry_interval) {
    reader.fail(rules::expiry_from_server, offset, info.name);
  }
}

/// Reads one property. `seen` has a bit for each identifier met so far.
std::optional<property_view> read_property(wire_reader& reader, property_place place, sender from,
                                           std::uint64_t& seen) noexcept {
  const std::size_t start = reader.offset();
  const std::uint32_t id = reader.variable_byte_integer("property identifier");
  if (!reader.ok()) return std::nullopt;
  const property_info* info = find_property_info(id);
  if (info == nullptr) {
    reader.fail(rules::property_known, start, "property identifier");
    return std::nullopt;
  }
  if (!info->may_stand_in(place)) {
    reader.fail(rules::property_at_home, start, info->name);
    return std::nullopt;
  }
  const std::uint64_t bit = std::uint64_t{1} << id;
  if ((seen & bit) != 0 && !info->may_repeat_in(place)) {
    reader.fail(rules::property_once.at({info->section_in(place)}), start, info->name);
    return std::nullopt;
  }
  seen |= bit;
  check_sender(reader, *info, place, from, start);
  const std::size_t value_offset = reader.offset();
  const property_value_view value = read_value(reader, *info);
  if (!reader.ok()) return std::nullopt;
  check_value(reader, *info, place, value, value_offset);
  return property_view{info->id, value};
}

template <class Take>
byte_view read_each(wire_reader& reader, property_place place, sender from, Take take) {
  const std::size_t length_offset = reader.offset();
  const std::size_t length = reader.variable_byte_integer("Property Length");
  if (length > reader.left()) {
    reader.fail(rules::properties_fit, length_offset, "Property Length");
    return {};
  }
  const byte_view bytes = reader.peek(length);
  const std::size_t outer = reader.enter(reader.offset() + length, rules::property_fits);
  std::uint64_t seen = 0;
  while (reader.more()) {
    const auto item = read_property(reader, place, from, seen);
    if (item) take(*item);
  }
  reader.leave(outer);
  return bytes;
}

struct value_writer {
  wire_writer& writer;
  const property_info& info;

  void operator()(std::uint8_t value) const { writer.byte(value); }
  void operator()(std::uint16_t value) const { writer.two_byte_integer(value); }
  void operator()(std::uint32_t value) const {
    if (info.type == property_type::variable_byte_integer) {
      writer.variable_byte_integer(value, info.name);
    } else {
      writer.four_byte_integer(value);
    }
  }
  void operator()(std::string_view value) const { writer.utf8_string(value, info.name); }
  void operator()(byte_view value) const { writer.binary_data(value, info.name); }
  void operator()(const string_pair_view& value) const {
    writer.utf8_string(value.name, info.name);
    writer.utf8_string(value.value, info.name);
  }
};

bool is_of_type(const property_value_view& value, property_type type) noexcept {
  switch (type) {
    case property_type::byte:
      return std::holds_alternative<std::uint8_t>(value);
    case property_type::two_byte_integer:
      return std::holds_alternative<std::uint16_t>(value);
    case property_type::four_byte_integer:
    case property_type::variable_byte_integer:
      return std::holds_alternative<std::uint32_t>(value);
    case property_type::utf8_string:
      return std::holds_alternative<std::string_view>(value);
    case property_type::binary_data:
      return std::holds_alternative<byte_view>(value);
    case property_type::utf8_string_pair:
      return std::holds_alternative<string_pair_view>(value);
  }
  return false;
}

struct view_maker {
  template <class Integer>
  property_value_view operator()(Integer value) const {
    return value;
  }
  property_value_view operator()(const std::string& value) const { return std::string_view(value); }
  property_value_view operator()(const byte_buffer& value) const { return byte_view(value); }
  property_value_view operator()(const string_pair& value) const {
    return string_pair_view{value.name, value.value};
  }
};

void write_property(wire_writer& writer, const property_view& item) {
  const property_info* info = find_property_info(static_cast<std::uint32_t>(item.id));
  if (info == nullptr) return writer.refuse(limits::property_type, "property identifier");
  if (!is_of_type(item.value, info->type)) return writer.refuse(limits::property_type, info->name);
  writer.byte(static_cast<std::uint8_t>(item.id));
  std::visit(value_writer{writer, *info}, item.value);
}

void write_property(wire_writer& writer, const property& item) {
  write_property(writer, property_view{item.id, std::visit(view_maker{}, item.value)});
}

}  // namespace

byte_view read_property_bytes(wire_reader& reader, property_place place, sender from) noexcept {
  return read_each(reader, place, from, [](const property_view&) {});
}

property_list read_properties(wire_reader& reader, property_place place, sender from) {
  property_list properties;
  if (!reader.is_v5()) return properties;
  read_each(reader, place, from,
            [&](const property_view& item) { properties.add(to_property(item)); });
  return properties;
}

property_list to_property_list(byte_view bytes) {
  property_list properties;
  property_reader reader(bytes);
  while (const auto item = reader.next()) properties.add(to_property(*item));
  return properties;
}

void write_properties(wire_writer& writer, const property_list& properties) {
  writer.need_v5(properties.empty(), "properties");
  if (!writer.is_v5()) return;
  const std::size_t mark = writer.open_length();
  for (const property& item : properties) write_property(writer, item);
  writer.close_length(mark, "Property Length");
}

encode_result encode_properties(const property_list& properties, byte_buffer& out) {
  wire_writer writer(out, protocol_version::v5);
  for (const property& item : properties) write_property(writer, item);
  return writer.finish();
}

encode_result encode_property(const property_view& item, byte_buffer& out) {
  wire_writer writer(out, protocol_version::v5);
  write_property(writer, item);
  return writer.finish();
}

std::optional<property_view> property_reader::next() noexcept {
  if (rest_.empty()) return std::nullopt;
  wire_reader reader(rest_, 0, protocol_version::v5);
  const property_info* info = find_property_info(reader.variable_byte_integer(""));
  if (info == nullptr) {
    rest_ = {};
    return std::nullopt;
  }
  const property_value_view value = read_value(reader, *info);
  if (!reader.ok()) {
    rest_ = {};
    return std::nullopt;
  }
  rest_ = rest_.subspan(reader.offset());
  return property_view{info->id, value};
}

}  // namespace gauntlet::mqtt
