#include "fuzz/execution/plain_socket.hpp"

#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace gauntlet::fuzz {
namespace {

bool wait_for(int descriptor, short events, std::chrono::milliseconds wait) {
  pollfd asked{.fd = descriptor, .events = events, .revents = 0};
  return poll(&asked, 1, static_cast<int>(wait.count())) == 1;
}

}  // namespace

plain_socket::plain_socket(plain_socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      state_(std::exchange(other.state_, socket_state::closed)) {}

plain_socket& plain_socket::operator=(plain_socket&& other) noexcept {
  if (this == &other) return *this;
  reset();
  descriptor_ = std::exchange(other.descriptor_, -1);
  state_ = std::exchange(other.state_, socket_state::closed);
  return *this;
}

void plain_socket::open(const address& where, std::chrono::milliseconds wait) {
  reset();
  state_ = socket_state::refused;
  descriptor_ = socket(where.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) return;
  const int on = 1;
  setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const auto* name = reinterpret_cast<const sockaddr*>(&where.storage);
  if (connect(descriptor_, name, where.size) != 0) {
    int error = errno;
    if (error == EINPROGRESS && wait_for(descriptor_, POLLOUT, wait)) {
      socklen_t size = sizeof error;
      getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    if (error != 0) {
      release();
      return;
    }
  }
  state_ = socket_state::open;
  acknowledge_at_once();
}

void plain_socket::send(byte_view bytes, byte_buffer& received, std::chrono::milliseconds wait) {
  while (is_open() && !bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      receive(received);
      if (!is_open() || !wait_for(descriptor_, POLLOUT | POLLIN, wait)) return;
    } else if (errno != EINTR) {
      const int error = errno;
      receive(received);  // what came before the end counts
      if (is_open()) fail(error);
    }
  }
}

void plain_socket::receive(byte_buffer& received) {
  std::array<std::uint8_t, 16 * 1024> piece;
  while (is_open()) {
    const ssize_t size = recv(descriptor_, piece.data(), piece.size(), 0);
    if (size > 0) {
      received.insert(received.end(), piece.begin(), piece.begin() + size);
      acknowledge_at_once();
    } else if (size == 0) {
      state_ = socket_state::ended;
      release();
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR) {
      fail(errno);
    }
  }
}

bool plain_socket::wait_readable(std::chrono::milliseconds wait) const {
  return is_open() && wait_for(descriptor_, POLLIN, wait);
}

void plain_socket::half_close() {
  if (is_open()) shutdown(descriptor_, SHUT_WR);
}

void plain_socket::close() {
  if (is_open()) state_ = socket_state::closed;
  release();
}

void plain_socket::reset() {
  if (descriptor_ >= 0) {
    const linger abrupt{.l_onoff = 1, .l_linger = 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
  }
  state_ = socket_state::closed;
  release();
}

void plain_socket::acknowledge_at_once() const {
  const int on = 1;
  setsockopt(descriptor_, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

void plain_socket::fail(int error) {
  state_ = error == ECONNRESET || error == EPIPE ? socket_state::aborted : socket_state::ended;
  release();
}

void plain_socket::release() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace gauntlet::fuzz
