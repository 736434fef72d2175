// Binary layouts: fields bit after bit, then the stamp.

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "sim/plan/payload/payload_format.hpp"
#include "sim/plan/payload/value_source.hpp"

namespace gauntlet::sim {
namespace {

/// The lowest `bits` bits of the whole number next to `value`; what does not fit is cut to the
/// smallest or largest number that does.
std::uint64_t to_unsigned(double value, std::uint32_t bits) {
  if (!(value > 0)) return 0;
  const double limit = std::ldexp(1.0, static_cast<int>(bits));
  const double whole = std::floor(value + 0.5);
  if (whole >= limit) return bits == 64 ? UINT64_MAX : (std::uint64_t{1} << bits) - 1;
  return static_cast<std::uint64_t>(whole);
}

std::uint64_t to_signed(double value, std::uint32_t bits) {
  if (std::isnan(value)) return 0;
  const double limit = std::ldexp(1.0, static_cast<int>(bits) - 1);
  const std::int64_t largest = static_cast<std::int64_t>((std::uint64_t{1} << (bits - 1)) - 1);
  const double whole = std::round(value);
  if (whole >= limit) return static_cast<std::uint64_t>(largest);
  return static_cast<std::uint64_t>(whole <= -limit ? -largest - 1
                                                    : static_cast<std::int64_t>(whole));
}

std::uint64_t swap_bytes(std::uint64_t value, std::uint32_t bytes) {
  std::uint64_t swapped = 0;
  for (; bytes > 0; --bytes, value >>= 8U) swapped = swapped << 8U | (value & 0xffU);
  return swapped;
}

/// Appends bits, the highest first.
class bit_appender {
 public:
  explicit bit_appender(byte_buffer& out) : out_(out) {}

  void append(std::uint64_t value, std::uint32_t bits) {
    while (bits > 0) {
      if (free_ == 0) {
        out_.push_back(0);
        free_ = 8;
      }
      const std::uint32_t now = std::min(bits, free_);
      const std::uint64_t part = value >> (bits - now) & ((1U << now) - 1);
      out_.back() = static_cast<std::uint8_t>(out_.back() | part << (free_ - now));
      free_ -= now;
      bits -= now;
    }
  }

 private:
  byte_buffer& out_;
  std::uint32_t free_ = 0;  // bits of the last byte
};

class layout_format final : public payload_format {
 public:
  layout_format(const layout_payload& what, const format_setting& how)
      : layout_(layout_at_end(how)) {
    for (const layout_field& each : what.fields) {
      const auto number = static_cast<std::uint32_t>(fields_.size());
      fields_.push_back(
          {each, value_source(each.value, number, how.group), text_source(each.text, how.group)});
    }
  }

  void append(const message_context& of, byte_buffer& out) const override {
    bit_appender bits(out);
    for (const field& each : fields_) {
      switch (each.what.as) {
        case layout_field::type::text:
          append_fixed_text(each, of, out);
          break;
        case layout_field::type::padding:
          for (std::uint32_t left = each.what.width_bits; left > 0; left -= std::min(left, 64U)) {
            bits.append(0, std::min(left, 64U));
          }
          break;
        case layout_field::type::unsigned_integer:
        case layout_field::type::signed_integer:
        case layout_field::type::real:
          append_number(each, of, bits);
      }
    }
    out.resize(out.size() + layout_.size());
  }
  stamp_layout layout() const override { return layout_; }

 private:
  struct field {
    layout_field what;
    value_source source;
    text_source text;
  };

  static void append_fixed_text(const field& each, const message_context& of, byte_buffer& out) {
    const std::size_t begin = out.size();
    each.text.append(of, out);
    if (each.what.width_bits > 0) out.resize(begin + each.what.width_bits / 8);
  }

  static void append_number(const field& each, const message_context& of, bit_appender& bits) {
    value_digits digits;
    const std::uint32_t width = each.what.width_bits;
    const std::uint64_t coded = code(each.what, each.source.value(of, digits));
    bits.append(each.what.little_endian ? swap_bytes(coded, width / 8) : coded, width);
  }

  static std::uint64_t code(const layout_field& what, const payload_value& value) {
    const bool exact = value.is == payload_value::type::integer && what.factor == 1;
    if (what.as == layout_field::type::real) {
      const double number = as_number(value) * what.factor;
      return what.width_bits == 32 ? std::bit_cast<std::uint32_t>(static_cast<float>(number))
                                   : std::bit_cast<std::uint64_t>(number);
    }
    // Whole numbers of 64 bits do not go through a double, which has 53.
    const bool is_signed = what.as == layout_field::type::signed_integer;
    if (exact && what.width_bits == 64) {
      return is_signed ? static_cast<std::uint64_t>(value.whole)
                       : static_cast<std::uint64_t>(std::max<std::int64_t>(0, value.whole));
    }
    const double number = as_number(value) * what.factor;
    return is_signed ? to_signed(number, what.width_bits) : to_unsigned(number, what.width_bits);
  }

  std::vector<field> fields_;
  stamp_layout layout_;
};

}  // namespace

stamp_layout layout_at_end(const format_setting& how) {
  using encoding = stamp_layout::encoding;
  return {.as = how.stamp == stamp_place::compact ? encoding::compact
                : how.in_payload()                ? encoding::binary
                                                  : encoding::none,
          .at_end = true};
}

format_handle make_format(const layout_payload& what, const format_setting& how) {
  return std::make_shared<layout_format>(what, how);
}

}  // namespace gauntlet::sim
