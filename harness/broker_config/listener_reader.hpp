#pragma once

// The keys about listening: addresses and TLS.

#include "harness/broker_config/configuration.hpp"
#include "harness/config/reader.hpp"

namespace gauntlet::broker_config {

/// URLs, or mappings with a URL and the TLS files of this listener alone.
config::reader<std::vector<listener>> listeners();

/// Certificate, key, client CA, versions.
config::reader<net::tls_server_options> tls();

}  // namespace gauntlet::broker_config
