#pragma once

// Private to the tls_*.cpp files: what network.hpp and channel_layers.hpp declare as the prepared
// TLS settings of clients and listeners.

#include <string>

#include "harness/base/result.hpp"
#include "harness/net/network.hpp"
#include "harness/net/tls_openssl.hpp"

namespace gauntlet::net {

/// The settings of connections that we open; never changes, so any thread may use it.
class tls_client_context {
 public:
  openssl_owner<SSL_CTX> ssl;
  std::string server_name;  ///< empty: the endpoint's host
  bool insecure = false;
};

/// The settings of connections that a listener accepts.
class tls_server_context {
 public:
  openssl_owner<SSL_CTX> ssl;
};

}  // namespace gauntlet::net
