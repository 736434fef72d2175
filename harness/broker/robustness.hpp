#pragma once

// The defects of the list robustness: what ends, stops or burdens the process, or harms clients
// that take no part.

#include <span>

#include "harness/base/bytes.hpp"
#include "harness/broker/defects.hpp"

namespace gauntlet::broker {

struct broker_state;
struct connection;

/// Whether any of these defects is among `switches`; as long as none is, no packet is looked at.
bool asks_for_harm(std::span<const defect_switch> switches);

/// Does the harm that the defects demand, before the packet is handled as ever.
void harm_at_packet(broker_state& broker, connection& from, byte_view packet);

}  // namespace gauntlet::broker
