#include "sim/plan/payload_plan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "harness/config/json_text.hpp"

namespace gauntlet::sim {
namespace {

constexpr std::array<std::int64_t, 10> powers_of_ten{
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

void append(byte_buffer& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}

void append_integer(byte_buffer& out, std::int64_t value) {
  std::array<char, 20> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.insert(out.end(), text.data(), end);
}

/// A number with a fixed count of decimals.
void append_decimal(byte_buffer& out, double value, std::uint8_t decimals) {
  value = std::clamp(value, -9e9, 9e9);  // what 64 bits hold with nine decimals
  const std::int64_t scale = powers_of_ten[decimals];
  const double magnitude = std::abs(value) * static_cast<double>(scale);
  const auto scaled = static_cast<std::int64_t>(magnitude + 0.5);
  std::array<char, 32> text;
  char* end = text.data();
  if (value < 0 && scaled != 0) *end++ = '-';
  end = std::to_chars(end, text.data() + text.size(), scaled / scale).ptr;
  if (decimals > 0) {
    *end++ = '.';
    std::int64_t rest = scaled % scale;
    for (std::size_t i = decimals; i-- > 0; rest /= 10) {
      end[i] = static_cast<char>('0' + rest % 10);
    }
    end += decimals;
  }
  out.insert(out.end(), text.data(), end);
}

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

void append_iso8601(byte_buffer& out, std::int64_t unix_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> when{milliseconds(unix_ms)};
  const auto day = floor<days>(when);
  const year_month_day date(day);
  const hh_mm_ss<milliseconds> time(when - day);
  std::array<char, 24> text{};
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
  out.insert(out.end(), text.begin(), text.end());
}

/// Appends one value. `key` is that of the member; draws of a message are keyed by its sequence.
struct value_writer {
  const stream_key& key;
  const template_values& values;
  const stamp& carries;
  byte_buffer& out;

  seeded_stream draws() const { return seeded_stream(key.with(carries.sequence)); }

  void operator()(const constant_value& what) const {
    append(out, what.is_text ? config::json_quote(what.text.expand(values)) : what.literal);
  }
  void operator()(const uniform_value& what) const {
    append_decimal(out, draws().uniform_real(what.min, what.max), what.decimals);
  }
  void operator()(const integer_value& what) const {
    append_integer(out, draws().between(what.min, what.max));
  }
  void operator()(const normal_value& what) const {
    append_decimal(out, what.mean + what.stddev * draws().normal(), what.decimals);
  }
  void operator()(const walk_value& what) const {
    const double free = what.start + what.step * unit_walk(key, carries.sequence);
    append_decimal(out, reflect(free, what.min, what.max), what.decimals);
  }
  void operator()(const counter_value& what) const {
    append_integer(out, what.start + what.step * std::int64_t{carries.sequence});
  }
  void operator()(const choice_value& what) const {
    append(out, what.literals[draws().below(what.literals.size())]);
  }
  void operator()(const bool_value& what) const {
    append(out, draws().chance(what.probability) ? "true" : "false");
  }
  void operator()(const timestamp_value& what) const {
    const std::int64_t unix_ms =
        timestamp_epoch_s * 1000 +
        std::chrono::duration_cast<std::chrono::milliseconds>(carries.scheduled).count();
    switch (what.as) {
      case timestamp_value::format::unix_s:
        return append_integer(out, unix_ms / 1000);
      case timestamp_value::format::unix_ms:
        return append_integer(out, unix_ms);
      case timestamp_value::format::iso8601:
        out.push_back('"');
        append_iso8601(out, unix_ms);
        out.push_back('"');
        return;
    }
  }
};

/// A constant text without placeholders is quoted once and for all.
value_generator prepared(const value_generator& made) {
  const auto* constant = std::get_if<constant_value>(&made);
  if (constant == nullptr || !constant->is_text || !constant->text.is_constant()) return made;
  return constant_value{.literal = config::json_quote(constant->text.expand({}))};
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

payload_plan::payload_plan(const payload_description& what) : what_(what) {
  using encoding = stamp_layout::encoding;
  if (std::holds_alternative<random_payload>(what)) {
    layout_ = {.offset = 0, .as = encoding::binary};
  } else if (const auto* text = std::get_if<text_payload>(&what)) {
    uses_client_id_ = text->text.uses(placeholder::client_id);
    layout_ = {.offset = 0, .as = encoding::hexadecimal};
  } else {
    layout_ = {.offset = static_cast<std::uint32_t>(json_stamp_prefix.size()),
               .as = encoding::hexadecimal};
    for (const auto& [name, made] : std::get<json_payload>(what).members) {
      const auto* constant = std::get_if<constant_value>(&made);
      if (constant != nullptr && constant->text.uses(placeholder::client_id)) {
        uses_client_id_ = true;
      }
      members_.push_back({"," + config::json_quote(name) + ":", prepared(made)});
    }
  }
}

void payload_plan::append(const stream_key& key, const template_values& values,
                          const stamp& carries, byte_buffer& out) const {
  const std::size_t begin = out.size();
  if (const auto* random = std::get_if<random_payload>(&what_)) {
    out.resize(begin + random->size_bytes);
    seeded_stream(key.with(carries.sequence)).bytes(std::span(out).subspan(begin));
  } else if (const auto* text = std::get_if<text_payload>(&what_)) {
    out.resize(begin + stamp_size_digits);
    const std::string words = text->text.expand(values);
    if (!words.empty()) out.push_back(' ');
    out.insert(out.end(), words.begin(), words.end());
  } else {
    append_json(key, values, carries, out);
  }
  write_stamp(std::span(out).subspan(begin), layout_, carries);
}

void payload_plan::append_json(const stream_key& key, const template_values& values,
                               const stamp& carries, byte_buffer& out) const {
  out.insert(out.end(), json_stamp_prefix.begin(), json_stamp_prefix.end());
  out.resize(out.size() + stamp_size_digits);
  out.push_back('"');
  std::uint64_t number = 0;
  for (const member& each : members_) {
    out.insert(out.end(), each.lead.begin(), each.lead.end());
    const stream_key member_key = key.with(number++);
    std::visit(value_writer{member_key, values, carries, out}, each.make);
  }
  out.push_back('}');
}

}  // namespace gauntlet::sim
