#pragma once

// The durable store as an SQLite file in a directory: one transaction for each commit, in a
// write-ahead log, so that what was committed survives a kill at any moment.

#include <memory>

#include "harness/broker/durable_store.hpp"
#include "harness/broker/options.hpp"

namespace gauntlet::broker {

/// Opens or creates the store in `settings.directory`, which is created if it is missing. Only one
/// broker can use it at a time. The failure says what stands in the way (exit code 3).
outcome<std::unique_ptr<durable_store>> open_sqlite_store(const persistence_settings& settings);

}  // namespace gauntlet::broker
