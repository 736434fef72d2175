#pragma once

// mosquitto_pub and mosquitto_sub behind the commands of the other foreign programs: one process a
// subscriber, one a message.

#include "tests/integration/broker/foreign_program.hpp"

namespace gauntlet::broker {

/// Of the commands of clients/README.md it knows connect (which takes place with the first
/// subscribe, so that its "connack" means nothing but for a session that is resumed), subscribe,
/// publish and disconnect.
outcome<std::unique_ptr<foreign_program>> start_mosquitto();

}  // namespace gauntlet::broker
