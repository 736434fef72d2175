#pragma once

// Where channels come from: dialing out and listening, on the real network or in memory. Code that
// takes a `network&` runs unchanged on either.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "harness/base/event_loop.hpp"
#include "harness/base/result.hpp"
#include "harness/net/channel.hpp"

namespace gauntlet::net {

/// What carries the bytes.
enum class transport : std::uint8_t { tcp, tls, ws, wss };

/// Oldest and newest TLS version to offer.
enum class tls_version : std::uint8_t { tls1_2, tls1_3 };

/// TLS settings of a client. Paths are PEM files; empty means unused.
struct tls_client_options {
  std::string ca_file;  ///< empty: the system's store
  std::string certificate_file;
  std::string key_file;
  std::string server_name;  ///< for SNI and verification; empty: the endpoint's host
  std::string alpn;         ///< protocol to offer, such as "mqtt"; empty: none
  tls_version version_min = tls_version::tls1_2;
  tls_version version_max = tls_version::tls1_3;
  bool insecure = false;  ///< accept any certificate; only ever set because the user asked by name
};

/// TLS settings of a listener. Paths are PEM files.
struct tls_server_options {
  std::string certificate_file;
  std::string key_file;
  std::string client_ca_file;  ///< non-empty: a client certificate signed by it is required
  tls_version version_min = tls_version::tls1_2;
  tls_version version_max = tls_version::tls1_3;
};

/// A place to connect to or to listen on, as a URL names it.
struct endpoint {
  net::transport transport = transport::tcp;
  std::string host;
  std::uint16_t port = 0;
  std::string path = "/mqtt";  ///< of the WebSocket upgrade; unused otherwise
};

/// "mqtt://host:port", "wss://[::1]:8084/mqtt" and the like.
std::string to_string(const endpoint& where);

/// The prepared TLS settings that many channels share; made by network::prepare_tls.
class tls_client_context;

/// A certificate and its private key, as PEM files.
struct identity_files {
  std::string certificate_file;
  std::string key_file;
};

/// How to dial. One value may serve a whole fleet.
struct dial_options {
  duration timeout = std::chrono::seconds(10);  ///< until on_open, all handshakes included
  std::string source_address;               ///< local address to bind; empty: the system's choice
  std::shared_ptr<tls_client_context> tls;  ///< required for tls and wss
  /// The certificate to show on this connection, in place of that of `tls`. Files that cannot be
  /// used end the channel with tls_failed.
  std::optional<identity_files> identity;
};

/// Accepts connections until destroyed.
class listener {
 public:
  virtual ~listener() = default;
  /// The port in use, also when 0 was asked for.
  virtual std::uint16_t port() const = 0;
};

/// Takes a new open channel. The taker sets a handler before it returns.
using accept_function = std::function<void(std::unique_ptr<channel>)>;

/// Makes channels and listeners on one event loop; must outlive them. Belongs to the loop's thread.
class network {
 public:
  virtual ~network() = default;

  virtual event_loop& loop() = 0;

  /// Loads and checks the files once. The failure names file and reason.
  virtual outcome<std::shared_ptr<tls_client_context>> prepare_tls(
      const tls_client_options& options) = 0;

  /// Starts to connect; `handler` hears on_open or on_end. Destroying the channel gives up. Names
  /// are resolved once and kept for later dials.
  virtual std::unique_ptr<channel> dial(const endpoint& where, const dial_options& options,
                                        channel_handler& handler) = 0;

  /// Starts to accept. `tls` is required for tls and wss. The failure says which address and why
  /// (in use, not ours, certificate unreadable).
  virtual outcome<std::unique_ptr<listener>> listen(const endpoint& where,
                                                    const std::optional<tls_server_options>& tls,
                                                    accept_function on_accept) = 0;
};

}  // namespace gauntlet::net
