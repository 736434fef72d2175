// The server's end of the upgrade, see accept_websocket in channel_layers.hpp.

#include <utility>

#include "harness/net/channel_layers.hpp"
#include "harness/net/websocket_channel.hpp"
#include "harness/net/websocket_digest.hpp"
#include "harness/ws/handshake.hpp"
#include "harness/ws/http_head.hpp"

namespace gauntlet::net {
namespace {

/// The channel of an upgrade that has been granted; open from the start.
class websocket_server final : public websocket_channel {
 public:
  explicit websocket_server(std::unique_ptr<channel> carrier)
      : websocket_channel(ws::role::server, std::move(carrier), seeded_stream(stream_key(0))) {
    open();
  }
};

class waiting_upgrade final : public pending_upgrade, private channel_handler {
 public:
  waiting_upgrade(std::unique_ptr<channel> carrier, std::string path, accept_function on_done)
      : carrier_(std::move(carrier)), path_(std::move(path)), on_done_(std::move(on_done)) {
    carrier_->set_handler(*this);
  }

 private:
  void on_bytes(channel&, byte_view bytes) override {
    using progress = ws::head_collector::progress;
    switch (request_.take(bytes)) {
      case progress::incomplete:
        return;
      case progress::too_long:
        return refuse(ws::refuse("431 Request Header Fields Too Large", "the head is too long"));
      case progress::complete:
        break;
    }
    auto checked = ws::check_request(request_.text(), path_, sha1);
    if (!checked) return refuse(checked.error());
    carrier_->send(as_bytes(checked->response));
    grant(bytes);
  }

  void on_end(channel&, const channel_end&) override { finish(nullptr); }

  /// `frames` came in one piece with the request. The taker may destroy this object, and the
  /// channel as well.
  void grant(byte_view frames) {
    auto granted = std::make_unique<websocket_server>(std::move(carrier_));
    websocket_server& opened = *granted;
    const std::weak_ptr<const void> still_here = opened.life();
    finish(std::move(granted));
    if (!still_here.expired()) opened.receive(frames);
  }

  void refuse(const ws::refused_upgrade& refused) {
    carrier_->send(as_bytes(refused.response));
    carrier_->close();
    finish(nullptr);
  }

  void finish(std::unique_ptr<channel> opened) {
    const accept_function on_done = std::move(on_done_);
    on_done(std::move(opened));
  }

  std::unique_ptr<channel> carrier_;
  std::string path_;
  accept_function on_done_;
  ws::head_collector request_;
};

}  // namespace

std::unique_ptr<pending_upgrade> accept_websocket(std::unique_ptr<channel> carrier,
                                                  const endpoint& where, accept_function on_done) {
  return std::make_unique<waiting_upgrade>(std::move(carrier), where.path, std::move(on_done));
}

}  // namespace gauntlet::net
