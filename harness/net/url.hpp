#pragma once

// What a user writes to name a broker: mqtt://user:password@host:port, wss://[::1]/mqtt and the
// like.

#include <optional>
#include <string>
#include <string_view>

#include "harness/base/result.hpp"
#include "harness/net/network.hpp"

namespace gauntlet::net {

/// A broker's place and the credentials that stood with it, percent-decoded.
struct target_url {
  endpoint where;
  std::optional<std::string> user_name;
  std::optional<std::string> password;
};

/// Reads scheme://[user[:password]@]host[:port][/path[?query]]. Schemes are mqtt (or tcp), mqtts
/// (or ssl), ws and wss, with the default ports 1883, 8883, 80 and 443. IPv6 addresses stand in
/// brackets. Only ws and wss have a path, by default "/mqtt". The failure (bad_input) says which
/// part is wrong and what would be right; it never shows the password.
outcome<target_url> parse_url(std::string_view text);

/// Reads what to listen on: such a URL, or host:port alone, which is mqtt. Here port 0 stands for
/// any free one. User name and password mean nothing.
outcome<endpoint> parse_listen_url(std::string_view text);

/// The text as it may be shown, URL or not: without what stands between a user name and the host.
std::string without_password(std::string_view text);

/// "mqtt://user@host:1883": everything but the password.
std::string to_string(const target_url& url);

}  // namespace gauntlet::net
