#include "sim/engine/worker_pipe.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace gauntlet::sim {
namespace {

constexpr std::size_t header_size = 5;

bool send_all(int descriptor, byte_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

worker_pipe::~worker_pipe() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

worker_pipe::worker_pipe(worker_pipe&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), pending_(std::move(other.pending_)) {}

worker_pipe& worker_pipe::operator=(worker_pipe&& other) noexcept {
  worker_pipe(std::move(other)).swap(*this);
  return *this;
}

void worker_pipe::swap(worker_pipe& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(pending_, other.pending_);
}

bool worker_pipe::send(worker_message kind, byte_view body) {
  const auto size = static_cast<std::uint32_t>(body.size());
  std::array<std::uint8_t, header_size> header{};
  std::memcpy(header.data(), &size, sizeof size);
  header[4] = static_cast<std::uint8_t>(kind);
  return send_all(descriptor_, header) && send_all(descriptor_, body);
}

bool worker_pipe::receive(const message_function& on_message) {
  std::array<std::uint8_t, 64 * 1024> chunk;
  const ssize_t size = ::recv(descriptor_, chunk.data(), chunk.size(), 0);
  if (size < 0) return errno == EINTR || errno == EAGAIN;
  if (size == 0) return false;
  pending_.insert(pending_.end(), chunk.data(), chunk.data() + size);

  std::size_t at = 0;
  while (pending_.size() - at >= header_size) {
    std::uint32_t body_size = 0;
    std::memcpy(&body_size, pending_.data() + at, sizeof body_size);
    if (pending_.size() - at - header_size < body_size) break;
    on_message(static_cast<worker_message>(pending_[at + 4]),
               byte_view(pending_).subspan(at + header_size, body_size));
    at += header_size + body_size;
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(at));
  return true;
}

outcome<std::pair<worker_pipe, worker_pipe>> make_worker_pipe() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return environment_failed(std::string("cannot connect a worker process: ") +
                              std::strerror(errno));
  }
  return std::pair(worker_pipe(ends[0]), worker_pipe(ends[1]));
}

}  // namespace gauntlet::sim
