#include "fuzz/oracles/protocol_oracle.hpp"

#include "fuzz/oracles/answer_rules.hpp"
#include "fuzz/oracles/reference_judge.hpp"

namespace gauntlet::fuzz {

std::vector<suspicion> breaches_of_protocol(const input& played, const observation& seen) {
  std::vector<suspicion> found = breaches_of(played, seen);
  if (auto tolerated = tolerated_breach(played, seen)) found.push_back(std::move(*tolerated));
  return found;
}

}  // namespace gauntlet::fuzz
