// CBOR, RFC 8949: definite lengths, the shortest heads, floats as short as they stay exact (of 32
// or 64 bits).

#include "sim/plan/payload/big_endian.hpp"
#include "sim/plan/payload/document_writer.hpp"

namespace gauntlet::sim {
namespace {

/// Major types, in their place in the initial byte. RFC 8949 §3.1
enum major : std::uint8_t {
  unsigned_integer = 0x00,
  negative_integer = 0x20,
  byte_string = 0x40,
  text_string = 0x60,
  array = 0x80,
  map = 0xa0,
};

constexpr std::uint8_t simple_false = 0xf4;
constexpr std::uint8_t simple_true = 0xf5;
constexpr std::uint8_t simple_null = 0xf6;
constexpr std::uint8_t float_32 = 0xfa;
constexpr std::uint8_t float_64 = 0xfb;

/// The head of an item: its bytes as one number, and how many they are.
struct head {
  std::uint64_t low = 0;  ///< the argument
  std::uint8_t first = 0;
  unsigned argument_bytes = 0;
};

head make_head(major type, std::uint64_t argument) {
  if (argument < 24) return {.first = static_cast<std::uint8_t>(type | argument)};
  const unsigned power = argument <= 0xff         ? 0
                         : argument <= 0xffff     ? 1
                         : argument <= 0xffffffff ? 2
                                                  : 3;
  return {.low = argument,
          .first = static_cast<std::uint8_t>(type | (24 + power)),
          .argument_bytes = 1U << power};
}

void append_head(byte_buffer& out, major type, std::uint64_t argument) {
  const head made = make_head(type, argument);
  out.push_back(made.first);
  append_big_endian(out, made.low, made.argument_bytes);
}

class cbor final : public document_writer {
 public:
  void open_object(std::size_t members, byte_buffer& out) const override {
    append_head(out, major::map, members);
  }
  void open_list(std::size_t items, byte_buffer& out) const override {
    append_head(out, major::array, items);
  }
  void next(byte_buffer&) const override {}
  void name(std::string_view text, byte_buffer& out) const override {
    append_head(out, major::text_string, text.size());
    out.insert(out.end(), text.begin(), text.end());
  }
  void close_object(byte_buffer&) const override {}
  void close_list(byte_buffer&) const override {}

  void put(const payload_value& value, byte_buffer& out) const override {
    switch (value.is) {
      case payload_value::type::null:
        return out.push_back(simple_null);
      case payload_value::type::boolean:
        return out.push_back(value.truth ? simple_true : simple_false);
      case payload_value::type::integer:
        return value.whole >= 0 ? append_head(out, major::unsigned_integer,
                                              static_cast<std::uint64_t>(value.whole))
                                : append_head(out, major::negative_integer,
                                              ~static_cast<std::uint64_t>(value.whole));
      case payload_value::type::decimal:
        return append_real(out, rounded(value), float_32, float_64);
      case payload_value::type::text:
        return name(value.text, out);
    }
  }

  void seal_text(byte_buffer& out, std::size_t begin) const override {
    const head made = make_head(major::text_string, out.size() - begin);
    insert_big_endian(out, begin, made.low, made.argument_bytes);
    insert_big_endian(out, begin, made.first, 1);
  }

  std::uint32_t open_stamped(std::size_t members, byte_buffer& out) const override {
    open_object(members + 1, out);
    name(stamp_name, out);
    append_head(out, major::byte_string, stamp_size_bytes);
    const std::size_t at = out.size();
    out.resize(at + stamp_size_bytes);
    return static_cast<std::uint32_t>(at);
  }
  stamp_layout::encoding stamp_encoding() const override { return stamp_layout::encoding::binary; }
};

}  // namespace

const document_writer& cbor_writer() {
  static const cbor writer;
  return writer;
}

}  // namespace gauntlet::sim
