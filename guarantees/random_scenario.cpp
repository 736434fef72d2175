// Ten seconds of devices that publish and listen at all QoS while faults drawn from a list come and
// go. The seed decides which.

#include <algorithm>
#include <vector>

#include "guarantees/steps.hpp"
#include "harness/base/seeded_stream.hpp"

namespace gauntlet::guarantees {
namespace {

using namespace std::chrono_literals;
using history::direction;
using mqtt::packet_type;
using mqtt::qos;

constexpr int devices = 6;
constexpr int turns = 50;

std::vector<fault::action> to_draw_from() {
  using fault::ending;
  return {fault::cut{.when = fault::cut::moment::before, .at_broker = ending::fin},
          fault::cut{.when = fault::cut::moment::after, .at_broker = ending::fin},
          fault::cut{.when = fault::cut::moment::mid, .at_broker = ending::fin},
          fault::delay{.by = 80ms, .jitter = 60ms},
          fault::split{.bytes = 1, .gap = 200us},
          fault::coalesce{.packets = 5, .at_most = 50ms}};
}

// On packets of a type that carries messages, seldom.
fault::rule drawn(seeded_stream& draws, int number) {
  const std::vector<fault::action> all = to_draw_from();
  constexpr packet_type types[] = {packet_type::publish, packet_type::puback, packet_type::pubrec,
                                   packet_type::pubrel, packet_type::pubcomp};
  return {.name = "random-" + std::to_string(number),
          .who = {.packets = {types[draws.below(std::size(types))]},
                  .towards = draws.chance(0.5) ? direction::to_broker : direction::to_client,
                  .every = static_cast<std::uint32_t>(draws.between(3, 11)),
                  .times = static_cast<std::uint32_t>(draws.between(3, 10))},
          .when = {},
          .what = all[draws.below(all.size())]};
}

void play(stage& on) {
  seeded_stream draws(stream_key(on.seed()).with("random"));
  std::vector<client*> all;
  for (int i = 0; i < devices; ++i) {
    client& each = on.join("d" + std::to_string(i), {.returns_clean = i == devices - 1});
    each.subscribe(on.topic("#"), static_cast<qos>(i % 3));
    all.push_back(&each);
  }
  on.settle();
  for (int i = 0; i < 8; ++i) on.inject(drawn(draws, i));
  for (int turn = 0; turn < turns; ++turn) {
    client& from = *all[draws.below(all.size())];
    const auto number = std::to_string(draws.below(3));
    for (std::uint64_t i = draws.below(4); i < 4; ++i) {
      const qos of = static_cast<qos>(draws.below(3));
      from.publish(
          {.topic = on.topic(from.id() + "/" + number + "/" + std::to_string(static_cast<int>(of))),
           .qos = of});
    }
    if (draws.chance(0.1)) {
      client& leaving = *all[draws.below(all.size())];
      leaving.leave(draws.chance(0.5) ? departure::reset : departure::disconnect);
      on.rest(std::chrono::milliseconds(draws.between(0, 200)));
      leaving.come();
    }
    on.rest(std::chrono::milliseconds(draws.between(20, 200)));
  }
  on.heal();
  on.settle();
}

}  // namespace

void add_random(scenarios& to) {
  add_both_versions(to, {.name = "random/faults",
                         .title = "Six devices under faults that the seed draws",
                         .needs_qos2 = true,
                         .faults_may_rest = true,
                         .play = play});
}

}  // namespace gauntlet::guarantees
