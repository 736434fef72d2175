#include "harness/fault/packet_plan.hpp"

#include <variant>

namespace gauntlet::fault {
namespace {

template <class Action>
concept packet_fault = requires(const Action& what, const packet_facts& packet,
                                seeded_stream& draws, packet_plan& plan) {
  apply(what, packet, draws, plan);
};

}  // namespace

bool acts_on_packets(const action& what) {
  return std::visit([]<class Action>(const Action&) { return packet_fault<Action>; }, what);
}

void apply_to_packet(const action& what, const packet_facts& packet, seeded_stream& draws,
                     packet_plan& plan) {
  std::visit(
      [&]<class Action>(const Action& chosen) {
        if constexpr (packet_fault<Action>) apply(chosen, packet, draws, plan);
      },
      what);
}

}  // namespace gauntlet::fault
