#pragma once

// What a broker says that it does, asked before the first sequence.

#include "fuzz/model/generator.hpp"
#include "fuzz/model/lane.hpp"
#include "harness/base/result.hpp"

namespace gauntlet::fuzz::model {

/// Sets `abilities` from a CONNACK of MQTT 5.0, and `versions` to what the broker offers of those
/// asked for. The failure: it offers none of them, or does not let us in.
outcome<void> ask_abilities(lane& on, generator_options& draws, const std::string& client_id,
                            duration patience);

}  // namespace gauntlet::fuzz::model
