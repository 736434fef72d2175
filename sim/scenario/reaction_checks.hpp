#pragma once

// What the reactions of a group mean for its publications and subscriptions, and what they cannot
// mean.

#include "harness/config/diagnostic.hpp"
#include "harness/config/node.hpp"
#include "sim/scenario/device_group.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

/// Filters that no subscription of the group covers, unknown sensors and publications, answers that
/// could not be given.
void check_reactions(const device_group& made, const config::node& from,
                     config::diagnostics& wrong);

/// Adds to a group that has been checked what reactions and requests need: the messages of
/// reactions to its publications, and the response topics to its subscriptions.
void complete_reactions(device_group& made);

/// Reactions that would set each other off for ever. Of groups that are complete.
void check_reaction_loops(const scenario& made, const config::node& from,
                          config::diagnostics& wrong);

/// Whether a topic made from `name` can match a filter made from `filter`, whatever the devices'
/// placeholders stand for.
bool may_match(const text_template& filter, const text_template& name);

}  // namespace gauntlet::sim
