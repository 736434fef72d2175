// MessagePack: the shortest form of everything, floats as short as they stay exact.

#include "sim/plan/payload/big_endian.hpp"
#include "sim/plan/payload/document_writer.hpp"

namespace gauntlet::sim {
namespace {

constexpr std::uint8_t nil = 0xc0;
constexpr std::uint8_t boolean_false = 0xc2;
constexpr std::uint8_t boolean_true = 0xc3;
constexpr std::uint8_t bin_8 = 0xc4;
constexpr std::uint8_t float_32 = 0xca;
constexpr std::uint8_t float_64 = 0xcb;
constexpr std::uint8_t uint_8 = 0xcc;
constexpr std::uint8_t int_8 = 0xd0;
constexpr std::uint8_t str_8 = 0xd9;
constexpr std::uint8_t str_16 = 0xda;
constexpr std::uint8_t str_32 = 0xdb;

/// A container's head: a fix form of up to 15, else a count of 16 or 32 bits. `wide` is the first
/// byte of the form with 16 bits; that with 32 is the next.
void append_container(byte_buffer& out, std::uint8_t fix, std::uint8_t wide, std::size_t count) {
  if (count < 16) return out.push_back(static_cast<std::uint8_t>(fix | count));
  const bool wider = count > 0xffff;
  out.push_back(static_cast<std::uint8_t>(wide + (wider ? 1 : 0)));
  append_big_endian(out, count, wider ? 4 : 2);
}

/// The head of a text: up to five bytes, in front of what stands at `at`.
void insert_text_head(byte_buffer& out, std::size_t at, std::size_t size) {
  if (size < 32) return insert_big_endian(out, at, 0xa0 | size, 1);
  if (size <= 0xff) return insert_big_endian(out, at, std::uint64_t{str_8} << 8U | size, 2);
  if (size <= 0xffff) return insert_big_endian(out, at, std::uint64_t{str_16} << 16U | size, 3);
  insert_big_endian(out, at, std::uint64_t{str_32} << 32U | size, 5);
}

class messagepack final : public document_writer {
 public:
  void open_object(std::size_t members, byte_buffer& out) const override {
    append_container(out, 0x80, 0xde, members);
  }
  void open_list(std::size_t items, byte_buffer& out) const override {
    append_container(out, 0x90, 0xdc, items);
  }
  void next(byte_buffer&) const override {}
  void name(std::string_view text, byte_buffer& out) const override {
    insert_text_head(out, out.size(), text.size());
    out.insert(out.end(), text.begin(), text.end());
  }
  void close_object(byte_buffer&) const override {}
  void close_list(byte_buffer&) const override {}

  void put(const payload_value& value, byte_buffer& out) const override {
    switch (value.is) {
      case payload_value::type::null:
        return out.push_back(nil);
      case payload_value::type::boolean:
        return out.push_back(value.truth ? boolean_true : boolean_false);
      case payload_value::type::integer:
        return value.whole >= 0 ? put_positive(static_cast<std::uint64_t>(value.whole), out)
                                : put_negative(value.whole, out);
      case payload_value::type::decimal:
        return append_real(out, rounded(value), float_32, float_64);
      case payload_value::type::text:
        return name(value.text, out);
    }
  }

  void seal_text(byte_buffer& out, std::size_t begin) const override {
    insert_text_head(out, begin, out.size() - begin);
  }

  std::uint32_t open_stamped(std::size_t members, byte_buffer& out) const override {
    open_object(members + 1, out);
    name(stamp_name, out);
    out.push_back(bin_8);
    out.push_back(stamp_size_bytes);
    const std::size_t at = out.size();
    out.resize(at + stamp_size_bytes);
    return static_cast<std::uint32_t>(at);
  }
  stamp_layout::encoding stamp_encoding() const override { return stamp_layout::encoding::binary; }

 private:
  static void put_sized(byte_buffer& out, std::uint8_t first, std::uint64_t value, unsigned power) {
    out.push_back(static_cast<std::uint8_t>(first + power));
    append_big_endian(out, value, 1U << power);
  }

  static void put_positive(std::uint64_t value, byte_buffer& out) {
    if (value < 128) return out.push_back(static_cast<std::uint8_t>(value));
    const unsigned power = value <= 0xff ? 0 : value <= 0xffff ? 1 : value <= 0xffffffff ? 2 : 3;
    put_sized(out, uint_8, value, power);
  }

  static void put_negative(std::int64_t value, byte_buffer& out) {
    if (value >= -32) return out.push_back(static_cast<std::uint8_t>(value));
    const unsigned power = value >= INT8_MIN    ? 0
                           : value >= INT16_MIN ? 1
                           : value >= INT32_MIN ? 2
                                                : 3;
    put_sized(out, int_8, static_cast<std::uint64_t>(value), power);
  }
};

}  // namespace

const document_writer& messagepack_writer() {
  static const messagepack writer;
  return writer;
}

}  // namespace gauntlet::sim
