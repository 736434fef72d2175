#pragma once

// A connection as everything above the network sees it: bytes in order in both directions, whatever
// carries them (TCP, TLS, WebSocket, memory). How it ended is part of what it tells.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/bytes.hpp"

namespace gauntlet::net {

/// Why a channel ended. Never merged: a checker must tell a polite end from a reset and from
/// silence.
enum class end_kind : std::uint8_t {
  finished,  ///< the peer ended its direction: TCP FIN, TLS close-notify, WebSocket close frame
  reset,     ///< the peer or the network broke the connection
  resolve_failed,  ///< the host name has no address
  connect_failed,  ///< no connection: refused, unreachable, no local port or descriptor left
  timed_out,       ///< not open within the dial limit
  tls_failed,      ///< handshake or verification failed, or a broken record
  upgrade_failed,  ///< the WebSocket handshake was refused or answered with something else
  framing_failed,  ///< the peer broke the WebSocket framing
};

/// The end of a channel. `detail` is one clause for a person, such as "connection refused by
/// 127.0.0.1:1883" or "certificate of CN=broker: self-signed certificate".
struct channel_end {
  end_kind kind = end_kind::finished;
  std::string detail;
};

/// The words of `kind` as results and messages show them, such as "reset".
std::string_view to_string(end_kind kind);

class channel;

/// Receives the events of one channel, always from the loop and never from inside a call to the
/// channel. Inside an event the handler may call anything, also destroy the channel.
class channel_handler {
 public:
  virtual ~channel_handler() = default;
  /// The connection is ready for bytes in both directions (TLS and WebSocket handshakes are done).
  /// Comes first, once, for dialed channels only; an accepted channel is open from the start.
  virtual void on_open(channel&) {}
  /// Bytes have come. The view is valid during the call only.
  virtual void on_bytes(channel&, byte_view bytes) = 0;
  /// All bytes that send() had to keep back have been handed to the system.
  virtual void on_drained(channel&) {}
  /// The channel is over. Comes at most once, nothing comes after it, and not at all after our own
  /// close() or abort(). For a channel that never opened it says why.
  virtual void on_end(channel&, const channel_end& end) = 0;
};

/// A byte stream to one peer. Destroying it without close() is an abort(). Not thread-safe: it
/// belongs to the thread of its loop.
class channel {
 public:
  virtual ~channel() = default;

  /// Sends all bytes, in order. What the system does not take now is kept and sent later; the
  /// return value is the number of bytes kept. Does nothing on a channel that is not open or is
  /// closing. A broken connection is reported by on_end, never here.
  virtual std::size_t send(byte_view bytes) = 0;
  /// Bytes kept by send() so far.
  virtual std::size_t backlog_bytes() const = 0;

  /// Sends what is kept, ends our direction (FIN; close-notify and close frame before it) and reads
  /// to the peer's end in the background, so that nothing sent is lost to a reset. No further
  /// events come.
  virtual void close() = 0;
  /// Ends at once with a reset; unsent bytes are lost. No further events come.
  virtual void abort() = 0;

  /// Stops and restarts on_bytes, so that the peer feels back-pressure.
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;

  /// From now on events go to `handler`, which must outlive the channel or hand it over again.
  virtual void set_handler(channel_handler& handler) = 0;

  /// "127.0.0.1:51234" and the like, for messages and logs.
  virtual std::string peer_name() const = 0;
  /// The common name of the peer's certificate, if it has shown one that was verified and has
  /// exactly one such name; else empty. On channels that listeners accepted only.
  virtual std::string peer_certificate_name() const { return {}; }
};

}  // namespace gauntlet::net
