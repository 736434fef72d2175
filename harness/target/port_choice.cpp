#include "harness/target/port_choice.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/base/assert.hpp"

namespace gauntlet::target {

bool is_port_free(const std::string& address, std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  // As servers do: connections of an earlier listener that linger in TIME_WAIT are no obstacle.
  const int yes = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  const bool is_free = ::inet_pton(AF_INET, address.c_str(), &where.sin_addr) == 1 &&
                       ::bind(descriptor, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0 &&
                       // Two sockets may be bound to one port with SO_REUSEADDR; only one listens.
                       ::listen(descriptor, 1) == 0;
  ::close(descriptor);
  return is_free;
}

outcome<std::vector<std::uint16_t>> choose_ports(std::size_t count, port_range range) {
  GAUNTLET_ASSERT(range.first < range.end);
  const std::size_t size = range.end - range.first;
  const std::size_t start = static_cast<std::size_t>(::getpid()) * 61 % size;
  std::vector<std::uint16_t> ports;
  for (std::size_t step = 0; step < size && ports.size() < count; ++step) {
    const auto port = static_cast<std::uint16_t>(range.first + (start + step) % size);
    if (is_port_free("127.0.0.1", port)) ports.push_back(port);
  }
  if (ports.size() < count) {
    return environment_failed("no free port on 127.0.0.1 between " + std::to_string(range.first) +
                              " and " + std::to_string(range.end - 1));
  }
  return ports;
}

}  // namespace gauntlet::target
