#pragma once

// The verdict on one receiver and one stream. Internal to the delivery account.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "harness/history/delivery_account.hpp"

namespace gauntlet::history {

/// One receiver's claim on one stream.
struct pair_claim {
  const published_stream& published;
  const receipt_tracker& receipts;
  std::span<const time_span> subscribed;    ///< one an epoch, the latest last
  std::span<const time_span> not_due = {};  ///< nothing is due that is scheduled in these
  std::uint32_t matching = 1;  ///< subscriptions that match: so many copies are permitted
};

/// Judges one pair, each window of the stream's numbers on its own. `first_scheduled_from` maps a
/// time to the stream's first number scheduled then.
std::vector<delivery_figures> judge_pair(
    const pair_claim& claim, const std::function<std::uint32_t(time_point)>& first_scheduled_from,
    std::span<const sequence_range> windows);

}  // namespace gauntlet::history
