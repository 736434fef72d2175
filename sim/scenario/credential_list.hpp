#pragma once

// User names, passwords and client identifiers of a group's devices out of a CSV file, as broker
// administrators export them.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/config/reader.hpp"

namespace gauntlet::sim {

/// Of one device.
struct listed_credentials {
  std::optional<std::string> user_name;
  std::optional<std::string> password;
};

/// Of a group: the device with index i has row i of the file. Shared, for scenarios are copied.
struct credential_list {
  std::shared_ptr<const std::vector<listed_credentials>> rows;
  /// Client identifiers by row; nullptr if the file has none.
  std::shared_ptr<const std::vector<std::string>> client_ids;
};

config::reader<credential_list> credential_list_reader();

}  // namespace gauntlet::sim
