#pragma once

// The flags that say which broker, and as whom; the same for every command that needs one.

#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "harness/base/result.hpp"
#include "harness/target/target.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::cli {

/// Values of the flags as given.
struct target_flags {
  std::string target;  ///< empty: the scenario's
  std::string profiles;
  std::string user_name;
  std::string password;
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;
  std::string server_name;
  bool insecure_tls = false;
  std::vector<std::string> defects;
};

/// `otherwise` says which broker is meant when --target is not given.
void add_target_flags(CLI::App& command, target_flags& into, const std::string& otherwise);

/// Reads the names of defects into the options of a target, which must be able to have them.
outcome<void> add_defects(const std::vector<std::string>& names, target::target_options& to);

/// The flags over the scenario's own settings.
outcome<target::target_options> make_target_options(const target_flags& flags,
                                                    const sim::scenario& described);

}  // namespace gauntlet::cli
