#include "tests/integration/fault_host/datagrams.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/base/assert.hpp"

namespace gauntlet::fault_host {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
constexpr std::uint16_t port = 18'831;

sockaddr_in address(const char* host) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  GAUNTLET_ASSERT(::inet_pton(AF_INET, host, &where.sin_addr) == 1);
  return where;
}

void connect_to(int made, const sockaddr_in& where) {
  GAUNTLET_ASSERT(::connect(made, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0);
}

int far_socket(const private_link& link) {
  int made = -1;
  link.far_side().within([&made] {
    made = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const sockaddr_in here = address("127.0.0.1");
    GAUNTLET_ASSERT(::bind(made, reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0);
  });
  return made;
}

}  // namespace

std::vector<arrived_datagram> send_datagrams(const private_link& link, std::uint32_t count,
                                             milliseconds silence) {
  const int far = far_socket(link);
  const int near = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  connect_to(near, address(link.far_address().c_str()));
  std::vector<clock::time_point> sent;
  std::vector<arrived_datagram> arrived;
  const auto read_for = [&](milliseconds limit) {
    pollfd asked{.fd = far, .events = POLLIN, .revents = 0};
    if (::poll(&asked, 1, static_cast<int>(limit.count())) <= 0) return false;
    std::uint32_t number = 0;
    GAUNTLET_ASSERT(::recv(far, &number, sizeof number, 0) == sizeof number);
    arrived.push_back(
        {.number = number,
         .took = std::chrono::duration_cast<milliseconds>(clock::now() - sent.at(number))});
    return true;
  };
  for (std::uint32_t i = 0; i < count; ++i) {
    sent.push_back(clock::now());
    GAUNTLET_ASSERT(::send(near, &i, sizeof i, 0) == sizeof i);
    const auto next = clock::now() + milliseconds(1);
    while (clock::now() < next) read_for(milliseconds(1));
  }
  while (read_for(silence)) {
  }
  ::close(near);
  ::close(far);
  return arrived;
}

}  // namespace gauntlet::fault_host
