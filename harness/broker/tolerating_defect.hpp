#pragma once

// Which defect lets an error of a client pass: for tests that want to see it caught.

#include <optional>

#include "harness/base/bytes.hpp"
#include "harness/broker/defects.hpp"
#include "harness/mqtt/codec_error.hpp"

namespace gauntlet::broker {

/// The defect of the lists tolerated_input and tolerated_properties with which the broker lets a
/// packet pass that breaks this rule; nothing if there is none, or if it breaks others too.
std::optional<defect> tolerating_defect(byte_view packet, const mqtt::decode_error& error);

}  // namespace gauntlet::broker
