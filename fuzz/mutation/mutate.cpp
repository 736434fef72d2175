#include "fuzz/mutation/mutate.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "fuzz/input/packet_script.hpp"
#include "fuzz/mutation/generate.hpp"
#include "fuzz/mutation/packet_maker.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::fuzz {
namespace {

/// The version spoken on the connection of step `at`.
mqtt::protocol_version version_at(const input& of, std::size_t at) {
  auto version = mqtt::protocol_version::v5;
  for (std::size_t i = 0; i <= at && i < of.steps.size(); ++i) {
    if (of.steps[i].connection != of.steps[at].connection) continue;
    version = version_of_connect(of.steps[i].bytes, version);
  }
  return version;
}

/// Another value for one thing that the packet says.
struct field_change {
  seeded_stream& draws;
  mqtt::protocol_version version;

  template <class Packet>
  void operator()(Packet& changed) const {
    if constexpr (requires { changed.packet_identifier; }) {
      if (draws.chance(0.3)) {
        changed.packet_identifier = static_cast<std::uint16_t>(draws.below(4));
        return;
      }
    }
    if constexpr (std::is_same_v<Packet, mqtt::publish>) {
      if (change_publish(changed)) return;
    }
    if constexpr (requires { changed.properties; }) {
      change_properties(changed.properties, mqtt::place_of(mqtt::type_of(mqtt::packet(changed))));
    }
  }

  bool change_publish(mqtt::publish& changed) const {
    switch (draws.below(5)) {
      case 0:
        changed.qos = static_cast<mqtt::qos>(draws.below(3));
        return true;
      case 1:
        changed.retain = !changed.retain;
        return true;
      case 2:
        changed.dup = !changed.dup;
        return true;
      case 3:
        changed.topic_name.clear();
        return true;
      default:
        return false;
    }
  }

  void change_properties(mqtt::property_list& changed, mqtt::property_place place) const {
    if (version != mqtt::protocol_version::v5) return;
    if (!changed.empty() && draws.chance(0.3)) {
      changed.remove(changed.begin()->id);
      return;
    }
    changed.add(make_property(draws, place));
  }
};

void change_field(step& changed, mqtt::protocol_version version, seeded_stream& draws) {
  auto decoded = mqtt::decode(changed.bytes, version, mqtt::sender::client);
  if (!decoded) {
    spoil(changed.bytes, draws);
    return;
  }
  std::visit(field_change{draws, version}, *decoded);
  byte_buffer bytes = bytes_of(*decoded, version);
  if (!bytes.empty()) changed.bytes = std::move(bytes);
}

void change_raw(step& changed, seeded_stream& draws, const byte_mutator& change_bytes) {
  const std::size_t size = changed.bytes.size();
  const std::size_t room = std::min(step_bytes_max, size + 64);
  changed.bytes.resize(room);
  changed.bytes.resize(change_bytes(changed.bytes.data(), size, room));
  if (draws.chance(0.7)) repair_length(changed.bytes);
}

std::size_t any_step(const input& of, seeded_stream& draws) { return draws.below(of.steps.size()); }

auto place(input& of, std::size_t at) { return of.steps.begin() + static_cast<std::ptrdiff_t>(at); }

void insert_packet(input& changed, seeded_stream& draws) {
  if (changed.steps.size() >= steps_max) return;
  const std::size_t at = any_step(changed, draws);
  step made{.connection = changed.steps[at].connection, .barrier = !draws.chance(0.15)};
  const auto version = version_at(changed, at);
  made.bytes = bytes_of(make_packet(draws, version), version);
  changed.steps.insert(place(changed, at + 1), std::move(made));
}

void copy_step(input& changed, seeded_stream& draws) {
  if (changed.steps.size() >= steps_max) return;
  step copy = changed.steps[any_step(changed, draws)];
  if (draws.chance(0.3)) copy.connection = static_cast<std::uint8_t>(draws.below(connections_max));
  changed.steps.insert(place(changed, any_step(changed, draws)), std::move(copy));
}

void move_step(input& changed, seeded_stream& draws) {
  const std::size_t from = any_step(changed, draws);
  const std::size_t to = any_step(changed, draws);
  std::swap(changed.steps[from], changed.steps[to]);
}

void change_delivery(step& changed, seeded_stream& draws) {
  switch (draws.below(4)) {
    case 0:
      changed.barrier = !changed.barrier;
      return;
    case 1:
      changed.piece_size = static_cast<std::uint8_t>(draws.below(9));
      return;
    case 2:
      changed.connection = static_cast<std::uint8_t>(draws.below(connections_max));
      return;
    default:
      changed.kind = static_cast<step_kind>(draws.below(4));
      if (changed.kind != step_kind::send) changed.bytes.clear();
      return;
  }
}

void change_once(input& changed, seeded_stream& draws, const byte_mutator& change_bytes) {
  const std::size_t at = any_step(changed, draws);
  step& chosen = changed.steps[at];
  switch (draws.below(10)) {
    case 0:
      if (changed.steps.size() > 1) changed.steps.erase(place(changed, at));
      return;
    case 1:
      copy_step(changed, draws);
      return;
    case 2:
      move_step(changed, draws);
      return;
    case 3:
    case 4:
      insert_packet(changed, draws);
      return;
    case 5:
      change_delivery(chosen, draws);
      return;
    case 6:
      change_raw(chosen, draws, change_bytes);
      return;
    case 7:
      spoil(chosen.bytes, draws);
      return;
    default:
      change_field(chosen, version_at(changed, at), draws);
      return;
  }
}

}  // namespace

void mutate(input& changed, seeded_stream& draws, const byte_mutator& change_bytes) {
  std::uint64_t changes = 1 + draws.below(3);
  while (changes-- > 0) {
    if (changed.steps.empty()) {
      changed = generate(draws, profile::breadth);
      return;
    }
    change_once(changed, draws, change_bytes);
  }
}

}  // namespace gauntlet::fuzz
