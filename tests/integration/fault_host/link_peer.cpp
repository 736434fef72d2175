#include "tests/integration/fault_host/link_peer.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/base/assert.hpp"

namespace gauntlet::fault_host {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

int new_socket() {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  return made;
}

sockaddr_in address(const std::string& host, std::uint16_t port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  GAUNTLET_ASSERT(::inet_pton(AF_INET, host.c_str(), &where.sin_addr) == 1);
  return where;
}

bool wait_for(int descriptor, short events, clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - clock::now()).count();
  pollfd asked{.fd = descriptor, .events = events, .revents = 0};
  return ::poll(&asked, 1, static_cast<int>(std::max<std::int64_t>(0, left))) > 0;
}

peer_end end_of(int error) {
  if (error == ECONNRESET) return peer_end::reset;
  return error == ECONNABORTED ? peer_end::aborted : peer_end::other;
}

}  // namespace

link_peer::link_peer(link_peer&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

link_peer& link_peer::operator=(link_peer&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

link_peer::~link_peer() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

link_peer link_peer::listen(const private_link& link, std::uint16_t port) {
  int made = -1;
  link.far_side().within([&] {
    made = new_socket();
    const sockaddr_in where = address("127.0.0.1", port);
    GAUNTLET_ASSERT(::bind(made, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0);
    GAUNTLET_ASSERT(::listen(made, 128) == 0);
  });
  return link_peer(made);
}

link_peer link_peer::dial(const private_link& link, std::uint16_t port) {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const sockaddr_in where = address(link.far_address(), port);
  ::connect(made, reinterpret_cast<const sockaddr*>(&where), sizeof where);
  return link_peer(made);
}

int link_peer::wait_connected(milliseconds limit) const {
  if (!wait_for(descriptor_, POLLOUT, clock::now() + limit)) return -1;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

link_peer link_peer::accept() const {
  GAUNTLET_ASSERT(wait_for(descriptor_, POLLIN, clock::now() + std::chrono::seconds(10)));
  return link_peer(::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC));
}

void link_peer::send(std::string_view bytes) const {
  const auto deadline = clock::now() + std::chrono::seconds(10);
  while (!bytes.empty() && wait_for(descriptor_, POLLOUT, deadline)) {
    const ssize_t count =
        ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

peer_reading link_peer::read(std::size_t count, milliseconds limit) const {
  peer_reading seen;
  const auto begin = clock::now();
  std::array<char, 16'384> piece{};
  while (seen.bytes.size() < count && wait_for(descriptor_, POLLIN, begin + limit)) {
    const ssize_t read = ::recv(descriptor_, piece.data(), piece.size(), MSG_DONTWAIT);
    if (read > 0) {
      seen.bytes.append(piece.data(), static_cast<std::size_t>(read));
      continue;
    }
    seen.end = read == 0 ? peer_end::fin : end_of(errno);
    break;
  }
  seen.took = std::chrono::duration_cast<milliseconds>(clock::now() - begin);
  return seen;
}

std::uint32_t link_peer::retransmissions() const {
  tcp_info info{};
  socklen_t size = sizeof info;
  ::getsockopt(descriptor_, IPPROTO_TCP, TCP_INFO, &info, &size);
  return info.tcpi_total_retrans;
}

std::string link_peer::remote_address() const {
  sockaddr_in where{};
  socklen_t size = sizeof where;
  ::getpeername(descriptor_, reinterpret_cast<sockaddr*>(&where), &size);
  std::array<char, INET_ADDRSTRLEN> text{};
  return ::inet_ntop(AF_INET, &where.sin_addr, text.data(), text.size());
}

}  // namespace gauntlet::fault_host
