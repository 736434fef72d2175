// cut: the connection ends before, in the middle of or after a packet.

#include <algorithm>

#include "harness/fault/packet_plan.hpp"

namespace gauntlet::fault {

void apply(const cut& what, const packet_facts& packet, seeded_stream& /*draws*/,
           packet_plan& plan) {
  plan.then_end =
      planned_end{.at_client = what.how, .at_broker = what.at_broker.value_or(what.how)};
  if (what.when == cut::moment::before) plan.swallowed = true;
  if (what.when != cut::moment::mid || packet.bytes.size() < 2) return;
  const std::size_t whole = packet.bytes.size();
  const auto part = what.bytes != 0
                        ? std::size_t{what.bytes}
                        : static_cast<std::size_t>(static_cast<double>(whole) * what.fraction);
  plan.only_first = std::clamp<std::size_t>(part, 1, whole - 1);
}

}  // namespace gauntlet::fault
