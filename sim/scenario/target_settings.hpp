#pragma once

// Where a fleet connects: what the command line does not say otherwise.

#include <cstdint>
#include <optional>
#include <string>

#include "harness/base/event_loop.hpp"

namespace gauntlet::sim {

/// TLS as a client sees it; empty or unset means the default. Paths are PEM files.
struct tls_settings {
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;
  std::string server_name;
  std::string alpn;
  enum class version : std::uint8_t { v1_2, v1_3 };
  version version_min = version::v1_2;
  version version_max = version::v1_3;
  bool insecure = false;  ///< accept any certificate
};

/// Where the fleet connects unless the command line says otherwise.
struct target_settings {
  std::string to = "embedded";  ///< as --target takes it: URL, profile or "embedded"
  std::optional<tls_settings> tls;
  duration connect_timeout = std::chrono::seconds(10);
};

}  // namespace gauntlet::sim
