#include "tests/integration/fault/blocking_socket.hpp"

#include <algorithm>
#include <array>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "harness/base/assert.hpp"

namespace gauntlet::fault {
namespace {

using std::chrono::milliseconds;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return where;
}

int new_socket() {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  GAUNTLET_ASSERT(made >= 0);
  const int on = 1;
  ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  return made;
}

milliseconds since(test_clock::time_point begin) {
  return std::chrono::duration_cast<milliseconds>(test_clock::now() - begin);
}

}  // namespace

blocking_socket blocking_socket::listen(std::uint16_t port) {
  blocking_socket made(new_socket());
  const sockaddr_in where = loopback(port);
  const int bound =
      ::bind(made.descriptor_, reinterpret_cast<const sockaddr*>(&where), sizeof where);
  GAUNTLET_ASSERT(bound == 0 && ::listen(made.descriptor_, 16) == 0);
  return made;
}

std::optional<blocking_socket> blocking_socket::connect(std::uint16_t port) {
  blocking_socket made(new_socket());
  const sockaddr_in where = loopback(port);
  if (::connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
    return std::nullopt;
  }
  return made;
}

blocking_socket::blocking_socket(blocking_socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

blocking_socket& blocking_socket::operator=(blocking_socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

blocking_socket::~blocking_socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool blocking_socket::wait_readable(test_clock::time_point deadline) const {
  const auto left = std::chrono::ceil<milliseconds>(deadline - test_clock::now());
  pollfd asked{descriptor_, POLLIN, 0};
  return ::poll(&asked, 1, static_cast<int>(std::max(milliseconds(0), left).count())) > 0;
}

std::optional<blocking_socket> blocking_socket::accept(milliseconds limit) const {
  if (!wait_readable(test_clock::now() + limit)) return std::nullopt;
  const int made = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
  if (made < 0) return std::nullopt;
  return blocking_socket(made);
}

void blocking_socket::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void blocking_socket::end_sending() const { ::shutdown(descriptor_, SHUT_WR); }

what_was_read blocking_socket::read(std::size_t count, milliseconds limit) const {
  const auto begin = test_clock::now();
  what_was_read seen;
  std::array<char, 65536> piece{};
  while (seen.bytes.size() < count && wait_readable(begin + limit)) {
    const ssize_t got = ::recv(descriptor_, piece.data(), piece.size(), 0);
    seen.ended_after = since(begin);
    if (got <= 0) {
      seen.end = got == 0 ? read_end::fin : read_end::reset;
      break;
    }
    if (seen.bytes.empty()) seen.first_after = seen.ended_after;
    seen.largest_piece = std::max(seen.largest_piece, static_cast<std::size_t>(got));
    seen.bytes.append(piece.data(), static_cast<std::size_t>(got));
  }
  return seen;
}

}  // namespace gauntlet::fault
