#include "fuzz/mutation/generate.hpp"

#include <array>
#include <optional>

#include "fuzz/mutation/packet_maker.hpp"

namespace gauntlet::fuzz {
namespace {

/// How often things go wrong on purpose.
struct temper {
  std::uint64_t steps_min;
  std::uint64_t steps_max;
  std::uint64_t connections;
  double spoils;
  double skips_connect;
};

constexpr temper temper_of(profile wanted) {
  if (wanted == profile::breadth) return {2, 8, 2, 0.3, 0.06};
  return {6, steps_max, connections_max, 0.03, 0.005};
}

step_kind draw_end(seeded_stream& draws) {
  static constexpr std::array kinds = {step_kind::close, step_kind::half_close, step_kind::reset};
  return kinds.at(draws.below(kinds.size()));
}

}  // namespace

input generate(seeded_stream& draws, profile wanted) {
  const temper how = temper_of(wanted);
  std::array<std::optional<mqtt::protocol_version>, connections_max> connected{};
  input made;
  const auto count = static_cast<std::size_t>(draws.between(
      static_cast<std::int64_t>(how.steps_min), static_cast<std::int64_t>(how.steps_max)));
  const std::uint64_t connections = 1 + draws.below(how.connections);
  while (made.steps.size() < count) {
    step each{.connection = static_cast<std::uint8_t>(draws.below(connections)),
              .barrier = !draws.chance(0.15)};
    auto& version = connected.at(each.connection);
    if (version && draws.chance(0.04)) {
      each.kind = draw_end(draws);
      version.reset();
      made.steps.push_back(std::move(each));
      continue;
    }
    const auto drawn =
        draws.chance(0.3) ? mqtt::protocol_version::v3_1_1 : mqtt::protocol_version::v5;
    if (!version && !draws.chance(how.skips_connect)) {
      each.bytes = bytes_of(make_connect(draws, drawn), drawn);
      version = drawn;
    } else {
      each.bytes = bytes_of(make_packet(draws, version.value_or(drawn)), version.value_or(drawn));
    }
    if (draws.chance(how.spoils)) spoil(each.bytes, draws);
    if (draws.chance(0.03)) each.piece_size = static_cast<std::uint8_t>(1 + draws.below(8));
    made.steps.push_back(std::move(each));
  }
  return made;
}

}  // namespace gauntlet::fuzz
