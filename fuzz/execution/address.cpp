#include "fuzz/execution/address.hpp"

#include <arpa/inet.h>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <string>

namespace gauntlet::fuzz {

outcome<address> resolve(const net::endpoint& where) {
  if (where.transport != net::transport::tcp) {
    return bad_input("fuzzing goes over plain TCP; give a mqtt:// address in place of " +
                     net::to_string(where));
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error =
      getaddrinfo(where.host.c_str(), std::to_string(where.port).c_str(), &wanted, &found);
  if (error != 0) {
    return environment_failed("cannot find the host " + where.host + ": " + gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  address made;
  std::memcpy(&made.storage, found->ai_addr, found->ai_addrlen);
  made.size = found->ai_addrlen;
  return made;
}

bool is_loopback(const address& where) {
  if (where.storage.ss_family == AF_INET) {
    sockaddr_in plain{};
    std::memcpy(&plain, &where.storage, sizeof plain);
    return (ntohl(plain.sin_addr.s_addr) >> 24U) == 127;
  }
  if (where.storage.ss_family == AF_INET6) {
    sockaddr_in6 plain{};
    std::memcpy(&plain, &where.storage, sizeof plain);
    return IN6_IS_ADDR_LOOPBACK(&plain.sin6_addr);
  }
  return false;
}

}  // namespace gauntlet::fuzz
