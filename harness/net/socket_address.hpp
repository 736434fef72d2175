#pragma once

// Inside harness/net only: an IPv4 or IPv6 address with a port, as sockets take it.

#include <cstdint>
#include <netinet/in.h>
#include <optional>
#include <string>

namespace gauntlet::net {

/// A value type; small, because each connection keeps its peer's.
class socket_address {
 public:
  socket_address() : v6_{} {}

  /// Reads "127.0.0.1" or "::1", without brackets; nothing for a name.
  static std::optional<socket_address> parse(const std::string& literal, std::uint16_t port);
  /// Takes over what the system filled in; IPv4 and IPv6 only.
  static socket_address from(const sockaddr* address);

  int family() const { return v4_.sin_family; }
  std::uint16_t port() const { return ntohs(v4_.sin_port); }
  void set_port(std::uint16_t port) { v4_.sin_port = htons(port); }

  sockaddr* data() { return reinterpret_cast<sockaddr*>(&v6_); }
  const sockaddr* data() const { return reinterpret_cast<const sockaddr*>(&v6_); }
  socklen_t size() const { return family() == AF_INET ? sizeof v4_ : sizeof v6_; }
  /// For calls that fill in an address.
  static constexpr socklen_t size_max = sizeof(sockaddr_in6);

  /// "127.0.0.1:1883", "[::1]:1883".
  std::string to_string() const;

 private:
  union {  // both begin with the family and the port
    sockaddr_in v4_;
    sockaddr_in6 v6_;
  };
};

}  // namespace gauntlet::net
