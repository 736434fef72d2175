#include "sim/plan/payload/value_source.hpp"

#include <chrono>
#include <utility>

#include "harness/base/assert.hpp"
#include "sim/scenario/payload_checks.hpp"

namespace gauntlet::sim {
namespace {

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
  return run_epoch_s * 1000 +
         std::chrono::duration_cast<std::chrono::milliseconds>(scheduled).count();
}

payload_value to_payload(const sensor_value& from, value_digits& digits) {
  switch (from.is) {
    case sensor_value::type::null:
      break;
    case sensor_value::type::boolean:
      return payload_value::of(from.truth);
    case sensor_value::type::integer:
      return payload_value::of(from.integer);
    case sensor_value::type::real:
      return payload_value::of(from.real, from.decimals);
    case sensor_value::type::text:
      return payload_value::of(from.text);
    case sensor_value::type::iso8601:
      return payload_value::of(write_iso8601(from.integer, digits));
  }
  return {};
}

void append_characters(byte_buffer& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}

/// A value as people write it.
void append_plainly(byte_buffer& out, const payload_value& value, value_digits& digits) {
  switch (value.is) {
    case payload_value::type::null:
      return append_characters(out, "null");
    case payload_value::type::boolean:
      return append_characters(out, value.truth ? "true" : "false");
    case payload_value::type::integer:
    case payload_value::type::decimal:
      return append_characters(out, write_number(value, digits));
    case payload_value::type::text:
      return append_characters(out, value.text);
  }
}

}  // namespace

text_source::text_source(const payload_text& text, const group_parts& group)
    : text_(text.with_client_id(group.client_id)) {
  for (const payload_text::piece& each : text_.pieces()) {
    sensor_use use;
    if (each.what == payload_text::insert::sensor) {
      const reference_signal named = reference_to(each.sensor);
      const auto found = find_sensor(group.sensors, named.sensor, named.member);
      GAUNTLET_ASSERT(found.has_value());  // the scenario was checked
      use = *found;
    }
    uses_.push_back(use);
  }
}

void text_source::append(const message_context& of, byte_buffer& out) const {
  value_digits digits;
  for (std::size_t i = 0; i < uses_.size(); ++i) {
    const payload_text::piece& piece = text_.pieces()[i];
    piece.before.append_to(out, of.values);
    payload_value value = payload_value::of(std::string_view());
    switch (piece.what) {
      case payload_text::insert::nothing:
        continue;
      case payload_text::insert::sensor:
        value = to_payload(of.device.sensors->value(uses_[i], of.device.index, of.carries.scheduled,
                                                    of.device.memory),
                           digits);
        break;
      case payload_text::insert::sequence:
        value = payload_value::of(std::int64_t{of.carries.sequence});
        break;
      case payload_text::insert::time:
        value = payload_value::of(write_iso8601(unix_ms_of(of.carries.scheduled), digits));
        break;
    }
    append_plainly(out, value, digits);
  }
}

value_source::value_source(const value_generator& made, std::uint32_t number,
                           const group_parts& group)
    : number_(number) {
  const auto* constant = std::get_if<constant_value>(&made);
  if (constant == nullptr) {
    make_ = signal_plan(std::get<signal_description>(made), group.sensors);
  } else if (constant->is_text) {
    make_ = text_source(constant->text, group);
  } else {
    make_ = constant->literal;
  }
}

const text_source* value_source::text() const { return std::get_if<text_source>(&make_); }

payload_value value_source::value(const message_context& of, value_digits& digits) const {
  if (const auto* literal = std::get_if<std::string>(&make_)) return parse_literal(*literal);
  const auto* signal = std::get_if<signal_plan>(&make_);
  if (signal == nullptr) return {};
  return to_payload(
      signal->value(of.key.with(number_),
                    {.step = of.carries.sequence, .time = of.carries.scheduled}, of.device),
      digits);
}

}  // namespace gauntlet::sim
