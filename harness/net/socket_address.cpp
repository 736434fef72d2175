#include "harness/net/socket_address.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstring>

namespace gauntlet::net {

std::optional<socket_address> socket_address::parse(const std::string& literal,
                                                    std::uint16_t port) {
  socket_address address;
  if (::inet_pton(AF_INET, literal.c_str(), &address.v4_.sin_addr) == 1) {
    address.v4_.sin_family = AF_INET;
  } else if (::inet_pton(AF_INET6, literal.c_str(), &address.v6_.sin6_addr) == 1) {
    address.v6_.sin6_family = AF_INET6;
  } else {
    return std::nullopt;
  }
  address.set_port(port);
  return address;
}

socket_address socket_address::from(const sockaddr* address) {
  socket_address result;
  if (address->sa_family == AF_INET) std::memcpy(&result.v4_, address, sizeof result.v4_);
  if (address->sa_family == AF_INET6) std::memcpy(&result.v6_, address, sizeof result.v6_);
  return result;
}

std::string socket_address::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (family() == AF_INET) {
    ::inet_ntop(AF_INET, &v4_.sin_addr, text.data(), text.size());
    return std::string(text.data()) + ':' + std::to_string(port());
  }
  ::inet_ntop(AF_INET6, &v6_.sin6_addr, text.data(), text.size());
  return '[' + std::string(text.data()) + "]:" + std::to_string(port());
}

}  // namespace gauntlet::net
