#include "harness/net/stream.hpp"

#include <cerrno>
#include <sys/socket.h>

#include "harness/net/error_texts.hpp"

namespace gauntlet::net {
namespace {

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

}  // namespace

io_status stream::handshake() {
  if (!layer_) return io_status::done;
  const io_status status = layer_->handshake();
  if (status == io_status::failed) error_ = layer_failed;
  return status;
}

io_result stream::read_some(std::span<std::uint8_t> into) {
  if (layer_) {
    const io_result result = layer_->read_some(into);
    if (result.status == io_status::failed) error_ = layer_failed;
    return result;
  }
  for (;;) {
    const ssize_t count = ::recv(socket_.get(), into.data(), into.size(), 0);
    if (count > 0) return {io_status::done, static_cast<std::size_t>(count)};
    if (count == 0) return {io_status::finished};
    if (errno == EINTR) continue;
    if (would_block(errno)) return {io_status::again};
    error_ = errno;
    return {io_status::failed};
  }
}

io_result stream::write_some(byte_view bytes) {
  if (layer_) {
    const io_result result = layer_->write_some(bytes);
    if (result.status == io_status::failed) error_ = layer_failed;
    return result;
  }
  for (;;) {
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) return {io_status::done, static_cast<std::size_t>(count)};
    if (errno == EINTR) continue;
    if (would_block(errno)) return {io_status::again};
    error_ = errno;
    return {io_status::failed};
  }
}

std::size_t stream::send(byte_view bytes) {
  if (pending_) {
    pending_->bytes.insert(pending_->bytes.end(), bytes.begin(), bytes.end());
    return bytes.size();
  }
  while (!bytes.empty()) {
    const io_result result = write_some(bytes);
    if (result.status != io_status::done) break;
    bytes = bytes.subspan(result.bytes);
  }
  if (bytes.empty() || broken()) return 0;
  pending_ = std::make_unique<pending_bytes>();
  pending_->bytes.assign(bytes.begin(), bytes.end());
  return bytes.size();
}

io_status stream::flush() {
  if (!pending_) return io_status::done;
  while (pending_->written < pending_->bytes.size()) {
    const io_result result = write_some(byte_view(pending_->bytes).subspan(pending_->written));
    if (result.status != io_status::done) {
      // Appending must not let the part that has been written grow without end.
      if (pending_->written > pending_->bytes.size() / 2) {
        const auto begin = pending_->bytes.begin();
        pending_->bytes.erase(begin, begin + static_cast<std::ptrdiff_t>(pending_->written));
        pending_->written = 0;
      }
      return result.status;
    }
    pending_->written += result.bytes;
  }
  pending_.reset();
  return io_status::done;
}

std::size_t stream::backlog_bytes() const {
  return pending_ ? pending_->bytes.size() - pending_->written : 0;
}

io_status stream::end_direction() {
  if (layer_) {
    const io_status status = layer_->shut_down();
    if (status == io_status::again) return status;
  }
  ::shutdown(socket_.get(), SHUT_WR);
  return io_status::done;
}

void stream::reset_on_close() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void stream::close() {
  layer_.reset();
  pending_.reset();
  socket_.reset();
  error_ = 0;
}

channel_end stream::failure(const std::string& peer) const {
  if (error_ == layer_failed) {
    channel_end end = layer_->failure();
    // A layer knows what happened but not with whom.
    if (end.kind == end_kind::reset)
      end.detail = "connection to " + peer + " broken: " + end.detail;
    return end;
  }
  return {end_kind::reset, broken_text(error_, peer)};
}

}  // namespace gauntlet::net
