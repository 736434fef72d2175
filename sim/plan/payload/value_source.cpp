#include "sim/plan/payload/value_source.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <utility>

namespace gauntlet::sim {
namespace {

/// Folds a free walk back into [min, max], as if it were reflected at the bounds.
double reflect(double value, double min, double max) {
  if (value >= min && value <= max) return value;
  const double width = max - min;
  double off = std::fmod(value - min, 2 * width);
  if (off < 0) off += 2 * width;
  return min + (off <= width ? off : 2 * width - off);
}

/// A draw of mean 0 and deviation 1 that is close to normal: the sum of four 16-bit uniforms.
/// `part` picks one of the draws of splitmix64 seeded by `seed`, which can be had in any order.
inline double step_draw(std::uint64_t seed, std::uint64_t part) {
  const std::uint64_t bits = stream_key::mix(seed + part * 0x9e3779b97f4a7c15U);
  const std::uint64_t pairs = (bits & 0x0000ffff0000ffffU) + (bits >> 16U & 0x0000ffff0000ffffU);
  const std::uint64_t sum = (pairs & 0xffffffffU) + (pairs >> 32U);
  // Each uniform has the variance (65536^2 - 1) / 12; the sum of four the deviation 37837.2.
  return (static_cast<double>(static_cast<std::int64_t>(sum)) - 131'070.0) * (1.0 / 37837.226869);
}

/// The square roots of the powers of two, by exponent, and their inverses.
struct root_table {
  std::array<double, 32> root{};
  std::array<double, 32> inverse{};
};
constexpr root_table roots = [] {
  root_table made;
  for (std::size_t i = 0; i < made.root.size(); ++i) {
    const auto whole = static_cast<double>(std::uint64_t{1} << (i / 2));
    made.root[i] = i % 2 == 0 ? whole : whole * 1.4142135623730951;
    made.inverse[i] = (i % 2 == 0 ? 1.0 : 0.7071067811865476) / whole;
  }
  return made;
}();

/// "2026-01-01T00:00:00.000Z".
std::string_view write_iso8601(std::int64_t unix_ms, value_digits& text) {
  using namespace std::chrono;
  const sys_time<milliseconds> when{milliseconds(unix_ms)};
  const auto day = floor<days>(when);
  const year_month_day date(day);
  const hh_mm_ss<milliseconds> time(when - day);
  const auto put = [&text](std::size_t at, std::size_t digits, std::int64_t value) {
    for (std::size_t i = digits; i-- > 0; value /= 10) {
      text[at + i] = static_cast<char>('0' + value % 10);
    }
  };
  put(0, 4, static_cast<int>(date.year()));
  put(5, 2, static_cast<unsigned>(date.month()));
  put(8, 2, static_cast<unsigned>(date.day()));
  put(11, 2, time.hours().count());
  put(14, 2, time.minutes().count());
  put(17, 2, time.seconds().count());
  put(20, 3, time.subseconds().count());
  text[4] = text[7] = '-';
  text[10] = 'T';
  text[13] = text[16] = ':';
  text[19] = '.';
  text[23] = 'Z';
  return {text.data(), 24};
}

std::int64_t unix_ms_of(duration scheduled) {
  return timestamp_epoch_s * 1000 +
         std::chrono::duration_cast<std::chrono::milliseconds>(scheduled).count();
}

/// Makes one value. `key` is that of the value; draws of a message are keyed by its sequence.
struct value_maker {
  const stream_key key;
  const stamp& carries;
  value_digits& digits;

  seeded_stream draws() const { return seeded_stream(key.with(carries.sequence)); }

  static payload_value decimal(double value, std::uint8_t decimals) {
    return payload_value::of(value, decimals);
  }

  payload_value operator()(const constant_value& what) const {
    if (what.is_text) return payload_value::of(std::string_view(what.literal));
    return parse_literal(what.literal);
  }
  payload_value operator()(const uniform_value& what) const {
    return decimal(draws().uniform_real(what.min, what.max), what.decimals);
  }
  payload_value operator()(const integer_value& what) const {
    return payload_value::of(draws().between(what.min, what.max));
  }
  payload_value operator()(const normal_value& what) const {
    return decimal(what.mean + what.stddev * draws().normal(), what.decimals);
  }
  payload_value operator()(const walk_value& what) const {
    const double free = what.start + what.step * unit_walk(key, carries.sequence);
    return decimal(reflect(free, what.min, what.max), what.decimals);
  }
  payload_value operator()(const counter_value& what) const {
    return payload_value::of(what.start + what.step * std::int64_t{carries.sequence});
  }
  payload_value operator()(const choice_value& what) const {
    return (*this)(what.values[draws().below(what.values.size())]);
  }
  payload_value operator()(const bool_value& what) const {
    return payload_value::of(draws().chance(what.probability));
  }
  payload_value operator()(const timestamp_value& what) const {
    const std::int64_t unix_ms = unix_ms_of(carries.scheduled);
    switch (what.as) {
      case timestamp_value::format::unix_s:
        return payload_value::of(unix_ms / 1000);
      case timestamp_value::format::unix_ms:
        return payload_value::of(unix_ms);
      case timestamp_value::format::iso8601:
        break;
    }
    return payload_value::of(write_iso8601(unix_ms, digits));
  }
};

void append(byte_buffer& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}

}  // namespace

double unit_walk(const stream_key& key, std::uint32_t at) {
  if (at == 0) return 0;
  const std::uint64_t seed = key.bits();
  // At the powers of two up to the largest one not above `at`: W(1) is a step, and W(2^(j+1)) is
  // W(2^j) plus a normal increment of variance 2^j.
  const auto top = static_cast<unsigned>(std::bit_width(at)) - 1;
  double value = step_draw(seed, 0);
  for (unsigned j = 0; j < top; ++j)
    value += roots.root[j] * step_draw(seed, std::uint64_t{2} << j);
  // From there on a straight line to the next power of two, bent level by level: the middle of an
  // interval of length d is off the line between its ends by a normal of variance d / 4, and what
  // lies beside the middle by as much less as it is nearer to an end (the construction of Levy and
  // Ciesielski).
  const std::uint64_t above = at - (std::uint64_t{1} << top);
  value += static_cast<double>(static_cast<std::int64_t>(above)) * roots.inverse[top] *
           step_draw(seed, std::uint64_t{2} << top);
  for (unsigned exponent = top; exponent > 0; --exponent) {
    const std::uint64_t length = std::uint64_t{1} << exponent;
    const std::uint64_t off = at & (length - 1);
    if (off == 0) break;
    const std::uint64_t nearer = std::min(off, length - off);
    value += static_cast<double>(static_cast<std::int64_t>(nearer)) * roots.inverse[exponent] *
             step_draw(seed, at - off + length / 2);
  }
  return value;
}

void append_text(const payload_text& text, const message_context& of, byte_buffer& out) {
  value_digits digits;
  for (const payload_text::piece& each : text.pieces()) {
    each.before.append_to(out, of.values);
    switch (each.what) {
      case payload_text::insert::nothing:
      case payload_text::insert::sensor:
        break;
      case payload_text::insert::sequence:
        append(out, write_number(payload_value::of(std::int64_t{of.carries.sequence}), digits));
        break;
      case payload_text::insert::time:
        append(out, write_iso8601(unix_ms_of(of.carries.scheduled), digits));
        break;
    }
  }
}

value_source::value_source(value_generator made, std::uint32_t number,
                           const text_template& client_id)
    : make_(std::move(made)), number_(number) {
  if (auto* constant = std::get_if<constant_value>(&make_)) {
    constant->text = constant->text.with_client_id(client_id);
  }
}

const payload_text* value_source::text() const {
  const auto* constant = std::get_if<constant_value>(&make_);
  return constant != nullptr && constant->is_text ? &constant->text : nullptr;
}

payload_value value_source::value(const message_context& of, value_digits& digits) const {
  return std::visit(value_maker{of.key.with(number_), of.carries, digits}, make_);
}

}  // namespace gauntlet::sim
