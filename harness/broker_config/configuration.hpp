#pragma once

// The configuration file of the reference broker: where it listens and every option of
// broker::options, in strict YAML. One table of keys makes the reader, the JSON Schema and the
// example with all defaults; docs/broker.md explains it to users.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/broker/options.hpp"
#include "harness/broker/server.hpp"
#include "harness/config/diagnostic.hpp"
#include "harness/net/network.hpp"

namespace gauntlet::broker_config {

/// A place to listen on, as the file names it.
struct listener {
  net::endpoint where;
  net::tls_server_options tls;  ///< what is empty is taken from configuration::tls
};

/// What the file holds.
struct configuration {
  std::vector<listener> listen;
  net::tls_server_options tls;  ///< of the listeners that have no files of their own
  broker::options broker;

  /// mqtt://127.0.0.1:1883, and options as they come.
  configuration();
};

/// Reads a file over the defaults. Paths in it are relative to its folder.
config::loaded<configuration> load_configuration(const std::filesystem::path& file);

/// Reads text over the defaults; `file` is for messages only.
config::loaded<configuration> parse_configuration(std::string_view text, std::string file);

/// What starts a server; the failure says which listener lacks a certificate or which value the
/// broker does not take.
outcome<broker::server_options> to_server_options(const configuration& chosen);

/// The file with every key at its default and a comment each; what has no default is commented out.
std::string example_configuration();

/// The JSON Schema of the file, for editors.
std::string configuration_json_schema();

}  // namespace gauntlet::broker_config
