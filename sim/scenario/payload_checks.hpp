#pragma once

// Checks on payloads and their stamps: what a single field cannot tell.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/config/diagnostic.hpp"
#include "harness/config/node.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

/// Stamps that do not fit into the payload.
void check_stamp(const publication& made, const config::node& from, config::diagnostics& wrong);

/// "position.lat" as the signal that it stands for.
reference_signal reference_to(std::string_view path);

/// Names of sensors that the group does not have.
void check_payload_sensors(const publication& made, std::span<const sensor> sensors,
                           const config::node& from, config::diagnostics& wrong);

/// Expectations about deliveries that only messages without a stamp could answer.
void check_unstamped(const scenario& made, const config::node& from, config::diagnostics& wrong);

/// What is lost by `stamp: none`, a sentence for each publication that has it.
std::vector<std::string> describe_unstamped(const scenario& made);

}  // namespace gauntlet::sim
