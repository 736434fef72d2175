#include "sim/plan/edge_plan.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "harness/base/assert.hpp"

namespace gauntlet::sim {
namespace {

using sparkplug::data_type;

data_type type_of(const literal_value& value) {
  if (std::holds_alternative<bool>(value)) return data_type::boolean;
  if (std::holds_alternative<std::int64_t>(value)) return data_type::int64;
  return std::holds_alternative<std::string>(value) ? data_type::string : data_type::real64;
}

/// The type of several values: that of all, a number if all are numbers, else text.
data_type common_type(data_type one, data_type other) {
  if (one == other) return one;
  const auto is_number = [](data_type type) {
    return type == data_type::int64 || type == data_type::real64;
  };
  return is_number(one) && is_number(other) ? data_type::real64 : data_type::string;
}

template <class Range, class Literal>
data_type type_of_all(const Range& range, Literal literal_of) {
  std::optional<data_type> type;
  for (const auto& each : range) {
    const literal_value& value = literal_of(each);
    if (std::holds_alternative<std::monostate>(value)) continue;
    type = type ? common_type(*type, type_of(value)) : type_of(value);
  }
  return type.value_or(data_type::real64);
}

/// What a birth says about a signal; `sample` is one value of it.
struct type_finder {
  const sensor_value& sample;

  data_type operator()(const integer_signal&) const { return data_type::int64; }
  data_type operator()(const counter_signal&) const { return data_type::int64; }
  data_type operator()(const bool_signal&) const { return data_type::boolean; }
  data_type operator()(const switch_signal&) const { return data_type::boolean; }
  data_type operator()(const machine_signal&) const { return data_type::string; }
  data_type operator()(const constant_signal& of) const { return type_of(of.value); }
  data_type operator()(const timestamp_signal& of) const {
    return of.as == timestamp_signal::format::iso8601 ? data_type::date_time : data_type::int64;
  }
  data_type operator()(const choice_signal& of) const {
    return type_of_all(
        of.values, [](const literal_value& value) -> auto& { return value; });
  }
  data_type operator()(const steps_signal& of) const {
    return type_of_all(
        of.levels, [](const steps_signal::level& level) -> auto& { return level.value; });
  }
  data_type operator()(const replay_signal& of) const {
    if (of.interpolate) return data_type::real64;
    return type_of_all(
        *of.rows, [](const literal_value& value) -> auto& { return value; });
  }
  data_type operator()(const expression_signal&) const { return of_sample(); }
  data_type operator()(const reference_signal&) const { return of_sample(); }
  template <class Signal>
  data_type operator()(const Signal&) const {
    return data_type::real64;
  }

  // Numbers of expressions may have decimals later.
  data_type of_sample() const {
    switch (sample.is) {
      case sensor_value::type::boolean:
        return data_type::boolean;
      case sensor_value::type::text:
        return data_type::string;
      case sensor_value::type::iso8601:
        return data_type::date_time;
      default:
        return data_type::real64;
    }
  }
};

std::string_view text_of(const sensor_value& value, std::string& scratch) {
  switch (value.is) {
    case sensor_value::type::text:
      return value.text;
    case sensor_value::type::boolean:
      return value.truth ? "true" : "false";
    case sensor_value::type::integer:
    case sensor_value::type::iso8601:
      scratch = std::to_string(value.integer);
      return scratch;
    default:
      scratch = fmt::format("{:.{}f}", value.real, value.decimals);
      return scratch;
  }
}

sparkplug::value_view as_type(data_type type, const sensor_value& value, std::string& scratch) {
  if (value.is == sensor_value::type::null) return std::monostate{};
  switch (type) {
    case data_type::boolean:
      return value.number() != 0;
    case data_type::string:
      return text_of(value, scratch);
    case data_type::int64:
    case data_type::date_time:
      if (value.is == sensor_value::type::real) return std::int64_t{std::llround(value.number())};
      if (value.is == sensor_value::type::boolean) return std::int64_t{value.truth ? 1 : 0};
      return value.integer;
    default:
      return value.number();
  }
}

}  // namespace

edge_plan::edge_plan(const sparkplug_settings& what, const stream_key& key) {
  const auto add = [this, &key](const std::vector<sensor>& metrics, std::string_view name,
                                std::uint32_t count,
                                const std::optional<sparkplug_outages>& outages) {
    const stream_key own = key.with(name);
    add_kind(metrics, {.sensors = {metrics, own},
                       .uses = {},
                       .count = count,
                       .outages = outages,
                       .key = own.with("outages")});
  };
  add(what.metrics, "node", 1, std::nullopt);
  for (const sparkplug_devices& each : what.devices) {
    add(each.metrics, each.id, each.count, each.outages);
  }
}

void edge_plan::add_kind(const std::vector<sensor>& metrics, kind_plan kind) {
  sparkplug::unit_facts facts;
  for (const sensor& each : metrics) {
    std::vector<std::string> members = members_of(each.signal);
    const bool is_single = members.empty();
    if (is_single) members.emplace_back();
    for (const std::string& member : members) {
      const auto use = kind.sensors.find(each.name, member);
      GAUNTLET_ASSERT(use.has_value());
      const sensor_value sample = kind.sensors.value(*use, 0, duration::zero());
      kind.uses.push_back(*use);
      facts.push_back({.name = is_single ? each.name : each.name + "/" + member,
                       .type = std::visit(type_finder{sample}, each.signal)});
    }
  }
  for (std::uint32_t number = 0; number < kind.count; ++number) {
    for (sparkplug::metric_facts& each : facts) each.alias = next_alias_++;
    units_.push_back(
        {.kind = static_cast<std::uint32_t>(kinds_.size()), .number = number, .facts = facts});
  }
  kinds_.push_back(std::move(kind));
}

edge_plan::outage edge_plan::outage_of(std::uint32_t index, std::size_t unit,
                                       std::uint32_t number) const {
  const kind_plan& kind = kind_of(unit);
  if (!kind.outages) return {};
  seeded_stream draws(kind.key.with(index * kind.count + units_[unit].number).with(number));
  const auto draw = [&draws](duration mean) {
    const double ns = draws.exponential() * static_cast<double>(mean.count());
    return std::max(duration(std::chrono::milliseconds(1)), duration(std::llround(ns)));
  };
  const duration after = draw(kind.outages->every);
  return {.after = after, .lasts = draw(kind.outages->lasts)};
}

// Values that a command sets are doubles; of their decimals so many are told.
constexpr std::uint8_t written_decimals = 9;

bool edge_plan::set(sensor_memory& memory, std::size_t unit, std::size_t metric, duration at,
                    const sparkplug::value& value) const {
  const sensor_use use = kind_of(unit).uses[metric];
  const auto& uses = kind_of(unit).uses;
  const auto of_sensor = std::count_if(
      uses.begin(), uses.end(), [&](const sensor_use& each) { return each.sensor == use.sensor; });
  if (of_sensor != 1) return false;
  literal_value literal;
  switch (facts(unit)[metric].type) {
    case data_type::boolean:
      if (const auto* truth = std::get_if<bool>(&value)) literal = *truth;
      break;
    case data_type::string:
      if (const auto* text = std::get_if<std::string>(&value)) literal = *text;
      break;
    case data_type::int64:
    case data_type::date_time:
      if (const auto* whole = std::get_if<std::int64_t>(&value)) literal = *whole;
      break;
    default:
      if (const auto* real = std::get_if<double>(&value))
        literal = decimal_number{*real, written_decimals};
      if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        literal = decimal_number{static_cast<double>(*whole), 0};
      }
  }
  if (std::holds_alternative<std::monostate>(literal)) return false;
  sensor_plan::set(memory, use.sensor, at, std::move(literal));
  return true;
}

sparkplug::value_view edge_plan::value(std::uint32_t index, std::size_t unit, std::size_t metric,
                                       duration at, sensor_memory* memory,
                                       std::string& scratch) const {
  const unit_plan& of = units_[unit];
  const kind_plan& kind = kinds_[of.kind];
  return as_type(of.facts[metric].type,
                 kind.sensors.value(kind.uses[metric], index * kind.count + of.number, at, memory),
                 scratch);
}

}  // namespace gauntlet::sim
