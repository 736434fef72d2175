#pragma once

// The keys about who may connect and what each may do.

#include "harness/broker/options.hpp"
#include "harness/config/reader.hpp"

namespace gauntlet::broker_config {

/// "NAME:PASSWORD", or a mapping with name, password and access list. Passwords are plain or
/// "SCRAM-SHA-256$..."; no message repeats one.
config::reader<broker::user> user();

/// Rules like "allow publish sensors/%c/#" and what holds where none matches.
config::reader<broker::access_list> access_list();

}  // namespace gauntlet::broker_config
