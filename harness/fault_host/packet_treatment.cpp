#include "harness/fault_host/packet_treatment.hpp"

#include <algorithm>

namespace gauntlet::fault_host {

std::vector<packet_line::departure> packet_line::pass(const packet_treatment& treatment,
                                                      time_point now, std::size_t spoilable_bytes) {
  const double place = draws_.uniform_real(-1, 1);
  const bool is_twice = draws_.chance(treatment.duplicated);
  const bool is_held = draws_.chance(treatment.reordered);
  const bool is_wrong = draws_.chance(treatment.corrupted) && spoilable_bytes > 0;
  const std::uint64_t bits = draws_.next_u64();

  const auto swing =
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double, std::nano>(
          place * static_cast<double>(treatment.jitter.count())));
  departure first{.at = std::max(now, now + treatment.delay + swing), .wrong_bit = {}};
  if (is_held) {
    first.at += reorder_hold;
  } else {
    first.at = last_ = std::max(last_, first.at);
  }
  if (is_wrong) first.wrong_bit = bits % (spoilable_bytes * 8);
  std::vector<departure> all{first};
  if (is_twice) all.push_back(first);
  return all;
}

}  // namespace gauntlet::fault_host
