#pragma once

// Inside harness/net only: the channel over a TCP socket, plain or with TLS.

#include <cstdint>
#include <memory>
#include <string>

#include "harness/net/channel_layers.hpp"
#include "harness/net/dial_attempt.hpp"
#include "harness/net/network_core.hpp"
#include "harness/net/socket_address.hpp"
#include "harness/net/stream.hpp"

namespace gauntlet::net {

/// One connection. About 110 bytes while idle, and no buffer.
class stream_channel final : public carrier_channel, private ready_watcher, private dial_listener {
 public:
  /// Dials; events come later, from the loop.
  stream_channel(network_core& core, const endpoint& where, const dial_options& options,
                 channel_handler& handler);
  /// Takes an accepted connection. If something is laid on the stream, on_open comes after its
  /// handshake; a plain one is open.
  stream_channel(network_core& core, stream accepted, const socket_address& peer,
                 channel_handler* handler);
  ~stream_channel() override;
  stream_channel(const stream_channel&) = delete;
  stream_channel& operator=(const stream_channel&) = delete;

  std::size_t send(byte_view bytes) override;
  std::size_t backlog_bytes() const override { return stream_.backlog_bytes(); }
  void close() override;
  void abort() override;
  void pause_reading() override;
  void resume_reading() override;
  void set_handler(channel_handler& handler) override { handler_ = &handler; }
  std::string peer_name() const override;
  std::string peer_certificate_name() const override;
  void confirm_open() override { dial_.reset(); }

  /// False if the system would not watch an accepted connection; there are no events then.
  bool watched() const { return phase_ != phase::over; }

 private:
  enum class phase : std::uint8_t { dialing, shaking_hands, open, over };

  void on_ready(std::uint32_t events) override;
  void on_connecting(descriptor socket, const socket_address& peer) override;
  void on_dial_failed() override;
  void on_dial_timeout() override;

  void connected(std::uint32_t events);
  void shake_hands(std::uint32_t events);
  void move_bytes(std::uint32_t events);
  void read(std::uint32_t events);
  void drop_socket();
  void end(const channel_end& why);

  network_core& core_;
  channel_handler* handler_;
  stream stream_;
  std::unique_ptr<dial_attempt> dial_;  // there until on_open, or confirm_open()
  socket_address peer_;
  phase phase_;
  bool paused_ = false;
};

}  // namespace gauntlet::net
