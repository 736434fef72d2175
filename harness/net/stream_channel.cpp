#include "harness/net/stream_channel.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <utility>

#include "harness/base/assert.hpp"

namespace gauntlet::net {

stream_channel::stream_channel(network_core& core, const endpoint& where,
                               const dial_options& options, channel_handler& handler)
    : core_(core), handler_(&handler), phase_(phase::dialing) {
  dial_ = std::make_unique<dial_attempt>(core, where, options, static_cast<dial_listener&>(*this));
  dial_->start();
}

stream_channel::stream_channel(network_core& core, stream accepted, const socket_address& peer,
                               channel_handler* handler)
    : core_(core), handler_(handler), stream_(std::move(accepted)), peer_(peer) {
  phase_ = stream_.layered() ? phase::shaking_hands : phase::open;
  const int error = core_.descriptors.add(stream_.socket(), *this, trigger::edges);
  if (error == 0) return;
  stream_.close();
  phase_ = phase::over;
}

stream_channel::~stream_channel() { abort(); }

std::size_t stream_channel::send(byte_view bytes) {
  if (phase_ != phase::open || stream_.broken()) return 0;
  const std::size_t kept = stream_.send(bytes);
  if (stream_.broken()) core_.descriptors.soon(*this);
  return kept;
}

void stream_channel::close() {
  if (phase_ != phase::open || stream_.broken()) {
    abort();
    return;
  }
  phase_ = phase::over;
  dial_.reset();
  core_.closing.add(std::exchange(stream_, stream()), *this);
}

void stream_channel::abort() {
  if (phase_ == phase::over) return;
  phase_ = phase::over;
  dial_.reset();
  if (stream_) stream_.reset_on_close();
  drop_socket();
}

void stream_channel::pause_reading() { paused_ = true; }

void stream_channel::resume_reading() {
  if (std::exchange(paused_, false) && phase_ == phase::open) core_.descriptors.soon(*this);
}

std::string stream_channel::peer_certificate_name() const {
  return stream_.peer_certificate_name();
}

std::string stream_channel::peer_name() const {
  return phase_ == phase::dialing && dial_ ? dial_->peer() : peer_.to_string();
}

void stream_channel::on_connecting(descriptor socket, const socket_address& peer) {
  peer_ = peer;
  stream_ = stream(std::move(socket));
  const int error = core_.descriptors.add(stream_.socket(), *this, trigger::edges);
  if (error == 0) return;
  stream_.close();
  dial_->go_on(error);
}

void stream_channel::on_dial_failed() { core_.descriptors.soon(*this); }

void stream_channel::on_dial_timeout() { end(dial_->timeout()); }

void stream_channel::on_ready(std::uint32_t events) {
  switch (phase_) {
    case phase::dialing:
      return connected(events);
    case phase::shaking_hands:
      return shake_hands(events);
    case phase::open:
      return move_bytes(events);
    case phase::over:
      return;
  }
}

void stream_channel::connected(std::uint32_t events) {
  if (dial_->failure()) return end(*dial_->failure());
  if ((events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) == 0) return;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(stream_.socket(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    drop_socket();
    dial_->go_on(error);
    return;
  }
  dial_->succeeded();
  stream_.lay(dial_->make_layer(stream_.socket()));
  if (stream_.layered()) dial_->now_waiting_for("TLS handshake");
  phase_ = phase::shaking_hands;
  shake_hands(events);
}

void stream_channel::shake_hands(std::uint32_t events) {
  switch (stream_.handshake()) {
    case io_status::again:
      return;
    case io_status::failed:
      return end(stream_.failure(peer_.to_string()));
    case io_status::finished:
      return end({end_kind::tls_failed, peer_.to_string() + " hung up during the TLS handshake"});
    case io_status::done:
      break;
  }
  phase_ = phase::open;
  if (dial_ && dial_->carries_upgrade()) {
    dial_->now_waiting_for("WebSocket upgrade");
  } else {
    dial_.reset();
  }
  const readiness& descriptors = core_.descriptors;
  const auto* self = static_cast<ready_watcher*>(this);
  handler_->on_open(*this);
  // Bytes that came with the end of the handshake raise no further edge.
  if (descriptors.calling(self) && phase_ == phase::open)
    move_bytes(stream_.layered() ? 0 : events);
}

void stream_channel::move_bytes(std::uint32_t events) {
  GAUNTLET_ASSERT(handler_ != nullptr);
  if (stream_.backlog_bytes() > 0 && stream_.flush() == io_status::done) {
    const readiness& descriptors = core_.descriptors;
    const auto* self = static_cast<ready_watcher*>(this);
    handler_->on_drained(*this);
    if (!descriptors.calling(self)) return;
  }
  if (!paused_) return read(events);
  // A reset can wait behind unread bytes for as long as the owner pauses, but not a failed write.
  if (stream_.broken()) end(stream_.failure(peer_.to_string()));
}

void stream_channel::read(std::uint32_t events) {
  // With the peer's end on its way, or not known not to be, only "would block" says that all is
  // read.
  const bool to_the_end = events == 0 || stream_.layered() || stream_.broken() ||
                          (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  if (!to_the_end && (events & EPOLLIN) == 0) return;
  const std::span<std::uint8_t> buffer = core_.read_buffer;
  const readiness& descriptors = core_.descriptors;
  const auto* self = static_cast<ready_watcher*>(this);
  for (int rounds = 0; rounds < 16; ++rounds) {
    // A write that failed has taken the socket's error with it: the end then looks orderly.
    const bool broken = stream_.broken();
    const io_result result = stream_.read_some(buffer);
    if (result.status == io_status::again && !broken) return;
    if (result.status == io_status::finished && !broken) {
      return end({end_kind::finished, "connection closed by " + peer_.to_string()});
    }
    if (result.status != io_status::done) return end(stream_.failure(peer_.to_string()));
    handler_->on_bytes(*this, buffer.first(result.bytes));
    if (!descriptors.calling(self) || paused_) return;
    if (!to_the_end && result.bytes < buffer.size()) return;
  }
  core_.descriptors.soon(*this);  // the others' turn
}

void stream_channel::drop_socket() {
  if (stream_) {
    core_.descriptors.remove(stream_.socket(), *this);
  } else {
    core_.descriptors.forget(*this);
  }
  stream_.close();
}

void stream_channel::end(const channel_end& why) {
  const channel_end told = why;  // may lie in what is dropped here
  phase_ = phase::over;
  if (told.kind == end_kind::finished && stream_.backlog_bytes() > 0) {
    // The peer has ended its direction only; what was sent before is still on its way.
    core_.closing.add(std::exchange(stream_, stream()), *this);
  } else {
    drop_socket();
  }
  dial_.reset();
  handler_->on_end(*this, told);
}

}  // namespace gauntlet::net
