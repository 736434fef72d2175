#pragma once

// Inside harness/net only: the seam between sockets and what is laid on them. TLS works below a
// channel, on its descriptor, so that TCP and TLS share readiness, backlog and closing. WebSocket
// works above, as a channel over a channel.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "harness/base/bytes.hpp"
#include "harness/base/result.hpp"
#include "harness/net/channel.hpp"
#include "harness/net/network.hpp"

namespace gauntlet::net {

/// What one step on a descriptor led to.
enum class io_status : std::uint8_t {
  done,      ///< it is done, or some bytes were moved: more may follow at once
  again,     ///< nothing possible now; try again when the descriptor is ready in any direction
  finished,  ///< the peer has ended its direction in order
  failed,    ///< broken for good; stream_layer::failure() says how
};

/// The outcome of moving bytes. `bytes` is above zero exactly if `status` is `done`.
struct io_result {
  io_status status = io_status::again;
  std::size_t bytes = 0;
};

/// How bytes pass a connected, non-blocking descriptor; one object for each connection. The channel
/// owns the descriptor and outlives the layer. Descriptors are watched edge-triggered in both
/// directions: a step must go on until the system answers "would block" before it says `again`.
/// Writes must not raise SIGPIPE (MSG_NOSIGNAL).
class stream_layer {
 public:
  virtual ~stream_layer() = default;
  /// Goes on with the handshake. `done` comes once; other members are called only after it.
  virtual io_status handshake() = 0;
  /// Reads up to into.size() bytes; called until it does not answer `done`, unless reading is
  /// paused. Bytes kept inside the layer are handed out without waiting for the descriptor.
  virtual io_result read_some(std::span<std::uint8_t> into) = 0;
  /// Writes a part of `bytes`, at least one byte if it answers `done`. After `again` the next call
  /// brings the same bytes, maybe at another address and more of them.
  virtual io_result write_some(byte_view bytes) = 0;
  /// Ends our direction (close-notify); the channel then sends FIN. Never waits for the peer's.
  virtual io_status shut_down() = 0;
  /// After `failed`: what to report by on_end.
  virtual channel_end failure() const = 0;
  /// See channel::peer_certificate_name().
  virtual std::string peer_certificate_name() const { return {}; }
};

/// The prepared TLS settings of a listener.
class tls_server_context;

/// Loads and checks the files; the failure names file and reason.
outcome<std::shared_ptr<tls_client_context>> make_tls_client_context(
    const tls_client_options& options);
outcome<std::shared_ptr<tls_server_context>> make_tls_server_context(
    const tls_server_options& options);

/// TLS as client or server on a connected descriptor. `host` is what the certificate must name
/// unless the options set a server name. `identity` replaces the certificate of the context.
std::unique_ptr<stream_layer> make_tls_client_layer(
    int descriptor, tls_client_context& context, const std::string& host,
    const std::optional<identity_files>& identity = {});
std::unique_ptr<stream_layer> make_tls_server_layer(int descriptor, tls_server_context& context);

/// A dialed TCP or TLS channel that carries another protocol's handshake: its dial timeout runs on
/// after on_open until confirm_open(), and ends it by on_end(timed_out).
class carrier_channel : public channel {
 public:
  /// The carried handshake is done; the dial timeout no longer applies.
  virtual void confirm_open() = 0;
};

/// A WebSocket client over `carrier`, which is still connecting: becomes its handler, upgrades once
/// it opens, then reports on_open to `handler`. `seed` is for the key and the masks.
std::unique_ptr<channel> wrap_websocket_client(std::unique_ptr<carrier_channel> carrier,
                                               const endpoint& where, std::uint64_t seed,
                                               channel_handler& handler);

/// A WebSocket upgrade that a server is waiting for. Destroying it aborts the carrier.
class pending_upgrade {
 public:
  virtual ~pending_upgrade() = default;
};

/// Waits on `carrier`, which is open, for an upgrade request to where.path and answers it. Calls
/// `on_done` once, from the loop: with the open WebSocket channel, or with null when the peer asked
/// for something else or went away. The pending upgrade may be destroyed inside that call; who
/// waits for how long is the caller's matter.
std::unique_ptr<pending_upgrade> accept_websocket(std::unique_ptr<channel> carrier,
                                                  const endpoint& where, accept_function on_done);

}  // namespace gauntlet::net
