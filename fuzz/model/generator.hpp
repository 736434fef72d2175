#pragma once

// Draws sequences. Each is drawn from its own stream, so that any can be had again by seed and
// number alone; and each leaves some kinds of operation out and weighs the rest anew, because
// sequences that do a little of everything seldom do much of anything.

#include <cstddef>
#include <cstdint>

#include "fuzz/model/operation.hpp"

namespace gauntlet::fuzz::model {

/// What the broker said in CONNACK that it does: sequences ask for nothing else.
struct broker_abilities {
  mqtt::qos maximum_qos = mqtt::qos::exactly_once;
  bool retain = true;
  bool wildcards = true;
  bool subscription_identifiers = true;
};

/// What to draw.
struct generator_options {
  std::uint64_t seed = 1;
  std::size_t operations_max = 30;
  std::size_t clients_max = 4;
  version_choice versions = version_choice::mixed;
  /// Share of sequences that wait, and have deadlines to wait for.
  double timed_share = 0.5;
  broker_abilities abilities;
};

/// The sequence of this number. Pure: equal arguments give equal sequences.
sequence_plan generate(const generator_options& options, std::uint64_t number);

}  // namespace gauntlet::fuzz::model
