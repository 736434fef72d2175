#pragma once

// The opening handshake of RFC 6455 §4, both ends of it, with the subprotocol that MQTT over
// WebSocket demands (MQTT 5.0 §6). Pure functions on heads collected by http_head.hpp.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "harness/base/bytes.hpp"

namespace gauntlet::ws {

/// Computes SHA-1. Handed in, because cryptography lives behind harness/net.
using sha1_function = std::array<std::uint8_t, 20> (*)(byte_view);

/// The name that clients offer and servers answer ([MQTT-6.0.0-3], [MQTT-6.0.0-4]).
inline constexpr std::string_view mqtt_subprotocol = "mqtt";

/// A Sec-WebSocket-Key made of 16 drawn bytes (RFC 6455 §4.1).
std::string make_key(const std::array<std::uint8_t, 16>& drawn);

/// The Sec-WebSocket-Accept that answers `key` (RFC 6455 §4.2.2).
std::string accept_for(std::string_view key, sha1_function sha1);

/// What a client asks for.
struct upgrade_request {
  std::string_view host;  ///< of the Host field: name, and port where it is not the default
  std::string_view path = "/mqtt";
  std::string_view key;  ///< of make_key()
  std::string_view subprotocol = mqtt_subprotocol;
};

/// The request as sent.
std::string to_http(const upgrade_request& request);

/// Why there is no WebSocket connection, as one clause for a person.
struct upgrade_error {
  std::string message;
};

/// Whether bytes can be the beginning of an HTTP answer; says early that a peer talks something
/// else, instead of waiting for a blank line that never comes.
bool may_begin_response(std::string_view bytes);

/// Judges the server's head against the key that was sent. The error quotes the status line when
/// the server refused, and else names the field that is missing or wrong.
boost::system::result<void, upgrade_error> check_response(std::string_view head,
                                                          std::string_view key, sha1_function sha1);

/// A request that a server grants.
struct granted_upgrade {
  std::string path;         ///< as asked for, with query
  std::string subprotocol;  ///< "mqtt", or "mqttv3.1" of clients older than MQTT 3.1.1
  std::string response;     ///< to be sent
};

/// A request that a server refuses.
struct refused_upgrade {
  std::string message;   ///< one clause for a person
  std::string response;  ///< to be sent before closing: 400, 404, 405 or 426 with the reason
};

/// Judges a client's head. `path` is the only one served; empty serves all.
boost::system::result<granted_upgrade, refused_upgrade> check_request(std::string_view head,
                                                                      std::string_view path,
                                                                      sha1_function sha1);

/// The refusal of a head that is not even complete, such as one that is too long.
refused_upgrade refuse(std::string_view status, std::string message);

}  // namespace gauntlet::ws
