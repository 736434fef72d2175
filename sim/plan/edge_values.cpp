#include "sim/plan/edge_values.hpp"

#include <bit>

#include "harness/base/seeded_stream.hpp"

namespace gauntlet::sim {
namespace {

std::uint64_t hash_of(const sparkplug::value_view& value) {
  const stream_key kind = stream_key(value.index());
  if (const auto* truth = std::get_if<bool>(&value)) return kind.with(*truth ? 1U : 0U).bits();
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return kind.with(static_cast<std::uint64_t>(*integer)).bits();
  }
  if (const auto* real = std::get_if<double>(&value)) {
    return kind.with(std::bit_cast<std::uint64_t>(*real)).bits();
  }
  if (const auto* text = std::get_if<std::string_view>(&value)) return kind.with(*text).bits();
  return kind.bits();
}

}  // namespace

std::uint64_t edge_timestamp_ms(duration at) {
  return static_cast<std::uint64_t>(
      run_epoch_s * 1000 + std::chrono::duration_cast<std::chrono::milliseconds>(at).count());
}

sparkplug::value_view edge_values::value_of(std::size_t metric) {
  const bool remembers = plan_.wants_memory(unit_) || !memory_.sensors.overrides.empty();
  const sparkplug::value_view value =
      plan_.value(index_, unit_, metric, at_, remembers ? &memory_.sensors : nullptr, scratch_);
  if (!memory_.reported.empty()) {
    const std::uint64_t hash = hash_of(value);
    is_news_ = memory_.reported[metric] != hash;
    memory_.reported[metric] = hash;
  }
  return value;
}

}  // namespace gauntlet::sim
