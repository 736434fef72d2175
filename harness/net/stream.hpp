#pragma once

// Inside harness/net only: a connected socket with what is laid on it and what waits to be written.
// Moves no events; its owner watches the descriptor.

#include <cstddef>
#include <memory>
#include <span>

#include "harness/base/bytes.hpp"
#include "harness/net/channel_layers.hpp"
#include "harness/net/descriptor.hpp"

namespace gauntlet::net {

/// Bytes in and out of a non-blocking TCP socket, plain or through a layer. 24 bytes, and a buffer
/// only while something waits to be written.
class stream {
 public:
  stream() = default;
  explicit stream(descriptor socket) : socket_(std::move(socket)) {}

  int socket() const { return socket_.get(); }
  explicit operator bool() const { return static_cast<bool>(socket_); }

  void lay(std::unique_ptr<stream_layer> layer) { layer_ = std::move(layer); }
  bool layered() const { return layer_ != nullptr; }
  /// Goes on with the layer's handshake; `done` at once without a layer.
  io_status handshake();

  /// See channel::peer_certificate_name().
  std::string peer_certificate_name() const {
    return layer_ != nullptr ? layer_->peer_certificate_name() : std::string();
  }

  /// One step of reading. Plain sockets: fewer bytes than asked for mean that there were no more.
  io_result read_some(std::span<std::uint8_t> into);

  /// Writes what the socket takes and keeps the rest; answers how many of `bytes` it kept.
  std::size_t send(byte_view bytes);
  /// Writes what was kept. `done`: nothing is left.
  io_status flush();
  std::size_t backlog_bytes() const;

  /// Ends our direction, once all is flushed: close-notify if a layer is there, then FIN.
  io_status end_direction();
  /// Makes the coming close a reset instead of a FIN.
  void reset_on_close();
  /// Closes the socket and forgets everything else.
  void close();

  /// Whether a write or read has failed for good; nothing is written any more.
  bool broken() const { return error_ != 0; }
  /// How it broke; `peer` is for the text.
  channel_end failure(const std::string& peer) const;

 private:
  // What send() had to keep; there only while there is something.
  struct pending_bytes {
    byte_buffer bytes;
    std::size_t written = 0;
  };

  io_result write_some(byte_view bytes);

  descriptor socket_;
  int error_ = 0;  // errno of the failure, or layer_failed
  static constexpr int layer_failed = -1;
  std::unique_ptr<stream_layer> layer_;
  std::unique_ptr<pending_bytes> pending_;
};

}  // namespace gauntlet::net
