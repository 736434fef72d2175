#include "fuzz/campaign/replay.hpp"

#include <algorithm>

#include "fuzz/campaign/finding_folder.hpp"
#include "fuzz/campaign/triage.hpp"
#include "fuzz/input/packet_script.hpp"
#include "fuzz/oracles/protocol_oracle.hpp"

namespace gauntlet::fuzz {
namespace {

/// All complaints about one round.
std::vector<suspicion> play_round(subject& on, const std::vector<input>& inputs) {
  std::vector<suspicion> found;
  for (const input& each : inputs) {
    const observation& seen = on.play_patiently(each, accusation_patience);
    for (suspicion& breach : breaches_of_protocol(each, seen)) found.push_back(std::move(breach));
    auto complaint = on.check_quickly();
    if (complaint && complaint->kind != record::finding_kind::leak) {
      found.push_back(std::move(*complaint));
      return found;
    }
  }
  if (auto complaint = on.check_thoroughly()) {
    found.push_back(std::move(*complaint));
    return found;
  }
  if (auto leak = on.check_leak(inputs.back())) found.push_back(std::move(*leak));
  return found;
}

}  // namespace

outcome<replay_result> replay(const std::filesystem::path& place, const subject_options& on,
                              std::uint32_t times) {
  const auto inputs = read_inputs(place);
  if (!inputs) return inputs.error();
  auto opened = subject::open(on);
  if (!opened) return opened.error();
  replay_result result;
  for (const input& each : *inputs) result.script += to_script(each);
  for (; result.times < times; ++result.times) {
    if (result.times > 0) {
      if (const auto fresh = (*opened)->restart(); !fresh) return fresh.error();
    }
    const auto found = play_round(**opened, *inputs);
    result.complained += found.empty() ? 0U : 1U;
    for (const suspicion& each : found) {
      const bool is_known =
          std::any_of(result.found.begin(), result.found.end(),
                      [&](const suspicion& other) { return other.signature == each.signature; });
      if (!is_known) result.found.push_back(each);
    }
  }
  return result;
}

}  // namespace gauntlet::fuzz
