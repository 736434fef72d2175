#pragma once

// The flags of gauntlet broker that stand for keys of its configuration file. They win over the
// file, and are read by the same table, so that both understand and refuse the same.

#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/base/result.hpp"
#include "harness/broker_config/configuration.hpp"

namespace gauntlet::cli {

/// What the command line says about the configuration.
struct broker_flags {
  std::string config_file;
  /// Values by the flag's name; a flag that was not given has none.
  std::map<std::string, std::vector<std::string>> values;
  std::vector<std::string> settings;  ///< KEY=VALUE of --set
};

/// Adds the flags, in groups. `into` must outlive the parsing.
void add_broker_flags(CLI::App& command, broker_flags& into);

/// Defaults, then the file, then the flags. The failure names file and place, or the flag.
outcome<broker_config::configuration> load_broker_configuration(const broker_flags& flags);

}  // namespace gauntlet::cli
