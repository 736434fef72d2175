#include "harness/mqtt/wire_writer.hpp"

#include <array>

namespace gauntlet::mqtt {

void wire_writer::two_byte_integer(std::uint16_t value) {
  const std::array<std::uint8_t, 2> bytes = {static_cast<std::uint8_t>(value >> 8),
                                             static_cast<std::uint8_t>(value)};
  append(bytes);
}

void wire_writer::four_byte_integer(std::uint32_t value) {
  const std::array<std::uint8_t, 4> bytes = {
      static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
      static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
  append(bytes);
}

void wire_writer::variable_byte_integer(std::uint32_t value, std::string_view field) {
  if (value > remaining_length_max) return refuse(limits::variable_byte_integer, field);
  std::array<std::uint8_t, 4> bytes;
  const std::uint8_t* end = put_variable_byte_integer(bytes.data(), value);
  append({bytes.data(), end});
}

void wire_writer::binary_data(byte_view data, std::string_view field) {
  if (data.size() > field_size_max) return refuse(limits::field_size, field);
  two_byte_integer(static_cast<std::uint16_t>(data.size()));
  append(data);
}

std::size_t wire_writer::open_length() {
  byte(0);
  return out_.size();
}

void wire_writer::close_length(std::size_t mark, std::string_view field) {
  const std::size_t size = out_.size() - mark;
  if (size > remaining_length_max) return refuse(limits::packet_size, field);
  std::array<std::uint8_t, 4> bytes;
  const std::uint8_t* end = put_variable_byte_integer(bytes.data(), size);
  // One byte was set aside, which is enough for most packets; longer ones are moved.
  out_[mark - 1] = bytes[0];
  out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(mark),
              static_cast<const std::uint8_t*>(bytes.data() + 1), end);
}

void wire_writer::refuse(const limit& broken, std::string_view field) noexcept {
  if (error_) return;
  error_ = encode_error{.rule = broken.says,
                        .section = is_v5() ? broken.v5 : broken.v3_1_1,
                        .subject = field,
                        .version = version_};
}

encode_result wire_writer::finish() {
  if (!error_) return {};
  out_.resize(start_);
  return *error_;
}

}  // namespace gauntlet::mqtt
