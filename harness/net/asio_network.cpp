#include "harness/net/asio_network.hpp"

#include <utility>

#include "harness/base/assert.hpp"
#include "harness/net/channel_layers.hpp"
#include "harness/net/network_core.hpp"
#include "harness/net/socket_listener.hpp"
#include "harness/net/stream_channel.hpp"

namespace gauntlet::net {
namespace {

/// Stands in until the WebSocket channel has made itself the handler. Events come only from the
/// loop, so it never hears one.
class nobody final : public channel_handler {
  void on_bytes(channel&, byte_view) override { GAUNTLET_ASSERT(false && "an event for nobody"); }
  void on_end(channel&, const channel_end&) override {
    GAUNTLET_ASSERT(false && "an event for nobody");
  }
};

bool has_tls(transport kind) { return kind == transport::tls || kind == transport::wss; }
bool has_websocket(transport kind) { return kind == transport::ws || kind == transport::wss; }

}  // namespace

struct asio_network::parts {
  network_core core;
  std::uint64_t websockets_dialed = 0;
};

asio_network::asio_network(asio_loop& loop, asio_network_options options)
    : parts_(new parts{.core = {loop, std::move(options)}}) {}

asio_network::~asio_network() = default;

event_loop& asio_network::loop() { return parts_->core.loop; }

outcome<std::shared_ptr<tls_client_context>> asio_network::prepare_tls(
    const tls_client_options& options) {
  return make_tls_client_context(options);
}

std::unique_ptr<channel> asio_network::dial(const endpoint& where, const dial_options& options,
                                            channel_handler& handler) {
  GAUNTLET_ASSERT(!has_tls(where.transport) || options.tls != nullptr);
  if (!has_websocket(where.transport)) {
    return std::make_unique<stream_channel>(parts_->core, where, options, handler);
  }
  nobody placeholder;
  auto carrier = std::make_unique<stream_channel>(parts_->core, where, options, placeholder);
  const std::uint64_t seed = parts_->core.options.seed + ++parts_->websockets_dialed;
  return wrap_websocket_client(std::move(carrier), where, seed, handler);
}

outcome<std::unique_ptr<listener>> asio_network::listen(
    const endpoint& where, const std::optional<tls_server_options>& tls,
    accept_function on_accept) {
  std::shared_ptr<tls_server_context> context;
  if (has_tls(where.transport)) {
    GAUNTLET_ASSERT(tls.has_value());
    auto made = make_tls_server_context(*tls);
    if (!made) return made.error();
    context = std::move(*made);
  }
  auto socket = open_listening_socket(where, parts_->core.options.listen_backlog);
  if (!socket) return socket.error();
  return std::make_unique<socket_listener>(parts_->core, std::move(*socket), where,
                                           std::move(context), std::move(on_accept));
}

std::size_t asio_network::connections_closing() const { return parts_->core.closing.size(); }

}  // namespace gauntlet::net
