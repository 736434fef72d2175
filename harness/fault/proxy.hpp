#pragma once

// A link around any client and any broker: it listens, dials the broker for each client that comes,
// and puts the faults of an injector between the two. What it listens to and what it dials may
// differ: TLS and WebSocket end here.

#include <cstdint>
#include <memory>
#include <optional>

#include "harness/base/result.hpp"
#include "harness/fault/injector.hpp"
#include "harness/net/network.hpp"

namespace gauntlet::fault {

/// Between whom a proxy stands.
struct proxy_options {
  net::endpoint listen;
  std::optional<net::tls_server_options> tls;  ///< needed to listen for mqtts and wss
  net::endpoint upstream;                      ///< the broker
  net::dial_options dial;                      ///< how to reach it
};

/// What a proxy has counted.
struct proxy_counts {
  std::uint64_t accepted = 0;     ///< clients that came
  std::uint64_t unreachable = 0;  ///< of these, such whose broker could not be reached
  std::size_t open = 0;           ///< now, those whose ends are not both over included
};

/// Belongs to its loop's thread. Destroying it resets every connection.
class proxy {
 public:
  /// Network and injector must outlive the proxy. The failure says why it cannot listen.
  static outcome<std::unique_ptr<proxy>> start(net::network& network, injector& faults,
                                               proxy_options options);
  ~proxy();
  proxy(const proxy&) = delete;
  proxy& operator=(const proxy&) = delete;

  /// The port in use, also when 0 was asked for.
  std::uint16_t port() const;
  proxy_counts counts() const;

 private:
  class connection;
  proxy(net::network& network, injector& faults, proxy_options options);
  void accept(std::unique_ptr<net::channel> client);

  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace gauntlet::fault
