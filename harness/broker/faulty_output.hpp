#pragma once

// The defects of the list faulty_output: packets that the broker itself sends wrong.

#include <cstddef>
#include <span>

#include "harness/base/bytes.hpp"
#include "harness/broker/defects.hpp"

namespace gauntlet::broker {

struct broker_state;
struct connection;

/// Whether any of these defects is among `switches`; as long as none is, no packet is looked at.
bool asks_for_faulty_output(std::span<const defect_switch> switches);

/// Spoils the packet that `out` holds from `start` on as the defects demand.
void spoil_output(broker_state& broker, const connection& to, byte_buffer& out, std::size_t start);

}  // namespace gauntlet::broker
