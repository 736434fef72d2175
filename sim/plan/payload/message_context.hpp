#pragma once

// What a payload is made from: which message of which device it is.

#include "harness/base/seeded_stream.hpp"
#include "sim/plan/sensor_plan.hpp"
#include "sim/plan/stamp.hpp"
#include "sim/scenario/text_template.hpp"

namespace gauntlet::sim {

/// One message. All that a payload holds follows from it.
struct message_context {
  const stream_key& key;          ///< of the stream's payloads
  const template_values& values;  ///< of the device; without client id, which is not asked for
  const stamp& carries;           ///< its sequence and scheduled time count, for values too
  sensor_view device{};           ///< whose sensors are asked
};

}  // namespace gauntlet::sim
