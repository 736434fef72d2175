#include "sim/sparkplug/payload.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "harness/base/assert.hpp"
#include "sim/sparkplug/sparkplug_b.pb.h"

namespace gauntlet::sim::sparkplug {
namespace {

/// The integer of a metric, whose field depends on its type: 32 bits or less in one, 64 in another,
/// both in two's complement.
void set_integer(sparkplug_b::Metric& to, data_type type, std::int64_t number) {
  if (type == data_type::int64 || type == data_type::uint64 || type == data_type::date_time) {
    to.set_long_value(static_cast<std::uint64_t>(number));
  } else {
    to.set_int_value(static_cast<std::uint32_t>(number));
  }
}

void set_number(sparkplug_b::Metric& to, data_type type, double number) {
  if (type == data_type::real32) {
    to.set_float_value(static_cast<float>(number));
  } else {
    to.set_double_value(number);
  }
}

std::int64_t integer_of(const sparkplug_b::Metric& from) {
  if (from.has_long_value()) return static_cast<std::int64_t>(from.long_value());
  const std::uint32_t bits = from.int_value();
  switch (static_cast<data_type>(from.datatype())) {
    case data_type::int8:
      return static_cast<std::int8_t>(bits);
    case data_type::int16:
      return static_cast<std::int16_t>(bits);
    case data_type::int32:
      return static_cast<std::int32_t>(bits);
    default:
      return bits;
  }
}

value value_of(const sparkplug_b::Metric& from) {
  using kind = sparkplug_b::Metric;
  switch (from.value_case()) {
    case kind::kIntValue:
    case kind::kLongValue:
      return integer_of(from);
    case kind::kFloatValue:
      return static_cast<double>(from.float_value());
    case kind::kDoubleValue:
      return from.double_value();
    case kind::kBooleanValue:
      return from.boolean_value();
    case kind::kStringValue:
      return from.string_value();
    case kind::kBytesValue:
      return from.bytes_value();
    default:
      return std::monostate{};
  }
}

void append_varint(std::uint64_t number, byte_buffer& out) {
  for (; number >= 0x80; number >>= 7U) {
    out.push_back(static_cast<std::uint8_t>(number | 0x80U));
  }
  out.push_back(static_cast<std::uint8_t>(number));
}

}  // namespace

const metric* payload::find(std::string_view name) const {
  const auto found = std::find_if(metrics.begin(), metrics.end(),
                                  [name](const metric& each) { return each.name == name; });
  return found == metrics.end() ? nullptr : &*found;
}

std::optional<payload> read_payload(byte_view bytes) {
  sparkplug_b::Payload from;
  if (bytes.size() > std::size_t{std::numeric_limits<int>::max()} ||
      !from.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return std::nullopt;
  }
  payload made;
  if (from.has_timestamp()) made.timestamp_ms = from.timestamp();
  if (from.has_seq()) made.seq = from.seq();
  made.metrics.reserve(static_cast<std::size_t>(from.metrics_size()));
  for (const sparkplug_b::Metric& each : from.metrics()) {
    metric& to = made.metrics.emplace_back();
    if (each.has_name()) to.name = each.name();
    if (each.has_alias()) to.alias = each.alias();
    if (each.has_timestamp()) to.timestamp_ms = each.timestamp();
    if (each.datatype() <= UINT8_MAX) to.type = static_cast<data_type>(each.datatype());
    to.is_historical = each.is_historical();
    to.is_null = each.is_null();
    to.value = value_of(each);
  }
  return made;
}

struct payload_writer::state {
  sparkplug_b::Payload message;
};

payload_writer::payload_writer() : state_(std::make_unique<state>()) {}
payload_writer::~payload_writer() = default;
payload_writer::payload_writer(payload_writer&&) noexcept = default;
payload_writer& payload_writer::operator=(payload_writer&&) noexcept = default;

void payload_writer::begin(std::uint64_t timestamp_ms, std::optional<std::uint8_t> seq) {
  state_->message.Clear();  // keeps what its metrics have allocated
  state_->message.set_timestamp(timestamp_ms);
  if (seq) state_->message.set_seq(*seq);
}

void payload_writer::add(const metric_view& what) {
  sparkplug_b::Metric& to = *state_->message.add_metrics();
  if (!what.name.empty()) to.set_name(what.name.data(), what.name.size());
  if (what.alias) to.set_alias(*what.alias);
  to.set_timestamp(what.timestamp_ms);
  if (what.names_type) to.set_datatype(static_cast<std::uint32_t>(what.type));
  if (what.is_historical) to.set_is_historical(true);
  if (const auto* truth = std::get_if<bool>(&what.value)) {
    to.set_boolean_value(*truth);
  } else if (const auto* integer = std::get_if<std::int64_t>(&what.value)) {
    set_integer(to, what.type, *integer);
  } else if (const auto* real = std::get_if<double>(&what.value)) {
    set_number(to, what.type, *real);
  } else if (const auto* text = std::get_if<std::string_view>(&what.value)) {
    to.set_string_value(text->data(), text->size());
  } else {
    to.set_is_null(true);
  }
}

void payload_writer::finish(byte_buffer& out) {
  const std::size_t size = state_->message.ByteSizeLong();
  const std::size_t before = out.size();
  out.resize(before + size);
  const bool written =
      state_->message.SerializeToArray(out.data() + before, static_cast<int>(size));
  GAUNTLET_ASSERT(written);
}

void payload_writer::finish_stamped(bool names_type, byte_buffer& out) {
  // Protocol buffers let the fields of a message stand in any order, and a message may be written
  // in pieces: the pieces of a repeated field add up.
  const std::size_t before = out.size();
  const std::uint8_t head[stamp_offset] = {
      0x12, 0,                     // field 2 of Payload, metrics; its size
      0x0a, 2,    '_',       'g',  // field 1 of Metric, name
      0x82, 0x01, stamp_size       // field 16, bytes_value
  };
  out.insert(out.end(), std::begin(head), std::end(head));
  out.resize(out.size() + stamp_size);
  if (names_type) {
    out.push_back(0x20);  // field 4, datatype
    out.push_back(static_cast<std::uint8_t>(data_type::bytes));
  }
  out.push_back(0x18);  // field 3, timestamp
  append_varint(state_->message.timestamp(), out);
  const std::size_t size = out.size() - before - 2;
  GAUNTLET_ASSERT(size < 0x80);
  out[before + 1] = static_cast<std::uint8_t>(size);
  finish(out);
}

}  // namespace gauntlet::sim::sparkplug
