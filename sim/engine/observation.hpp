#pragma once

// What a run showed of one expectation's figure, in the unit of its limit.

#include <optional>
#include <string>

#include "harness/record/measurements.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

/// The figure seen, and how it reads.
struct observation {
  double value = 0;
  double uncertain = 0;  ///< may come on top of it
  std::string text;
};

/// What a run left behind to judge by.
struct run_evidence {
  const scenario& described;
  const record::measurements& measured;
  duration publishing{};  ///< how long messages were published
};

/// What was seen of the figure; nothing if nothing happened that could show it.
std::optional<observation> observe(const expectation& what, const run_evidence& run);

/// Why observe() has nothing to say, as a clause.
std::string nothing_seen(const expectation& what);

/// The parts of observe(), by what the figures count.
std::optional<observation> observe_messages(const expectation& what, const run_evidence& run);
std::optional<observation> observe_connections(const expectation& what, const run_evidence& run);
std::optional<observation> observe_requests(const expectation& what, const run_evidence& run);
std::optional<observation> observe_run(const expectation& what, const run_evidence& run);

/// A percentile of times, or the largest.
std::optional<observation> observe_percentile(const expectation& what,
                                              const record::histogram& times);

/// "3 of 20,000".
std::string part_of(std::uint64_t part, std::uint64_t whole);

}  // namespace gauntlet::sim
