#include "fuzz/mutation/crossover.hpp"

namespace gauntlet::fuzz {
namespace {

input splice(const input& one, const input& other, seeded_stream& draws) {
  input made;
  const auto head = static_cast<std::ptrdiff_t>(draws.below(one.steps.size() + 1));
  const auto tail = static_cast<std::ptrdiff_t>(draws.below(other.steps.size() + 1));
  made.steps.assign(one.steps.begin(), one.steps.begin() + head);
  made.steps.insert(made.steps.end(), other.steps.begin() + tail, other.steps.end());
  return made;
}

input interleave(const input& one, const input& other, seeded_stream& draws) {
  input made;
  std::size_t a = 0;
  std::size_t b = 0;
  while (a < one.steps.size() || b < other.steps.size()) {
    const bool takes_one = b == other.steps.size() || (a < one.steps.size() && draws.chance(0.5));
    if (takes_one) {
      made.steps.push_back(one.steps[a++]);
    } else {
      made.steps.push_back(other.steps[b++]);
      std::uint8_t& connection = made.steps.back().connection;
      connection = static_cast<std::uint8_t>((connection + connections_max / 2) % connections_max);
    }
  }
  return made;
}

}  // namespace

input cross(const input& one, const input& other, seeded_stream& draws) {
  input made = draws.chance(0.5) ? splice(one, other, draws) : interleave(one, other, draws);
  if (made.steps.size() > steps_max) made.steps.resize(steps_max);
  return made;
}

}  // namespace gauntlet::fuzz
