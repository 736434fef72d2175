// The client's end of the upgrade, see wrap_websocket_client in channel_layers.hpp.

#include <array>
#include <utility>

#include "harness/net/channel_layers.hpp"
#include "harness/net/websocket_channel.hpp"
#include "harness/net/websocket_digest.hpp"
#include "harness/ws/handshake.hpp"
#include "harness/ws/http_head.hpp"

namespace gauntlet::net {
namespace {

/// The Host field: an IPv6 address in brackets, the port only where it is not the scheme's own
/// (RFC 6455 §4.1).
std::string host_field(const endpoint& where) {
  std::string field = where.host;
  if (field.find(':') != std::string::npos) field = "[" + field + "]";
  const std::uint16_t default_port = where.transport == transport::wss ? 443 : 80;
  if (where.port != default_port) field += ":" + std::to_string(where.port);
  return field;
}

class websocket_client final : public websocket_channel {
 public:
  /// `carrier` is what `owned` points to.
  websocket_client(carrier_channel& carrier, std::unique_ptr<channel> owned, const endpoint& where,
                   seeded_stream draws, channel_handler& handler)
      : websocket_channel(ws::role::client, std::move(owned), draws),
        carrier_to_confirm_(carrier),
        upgrade_(std::make_unique<upgrade>()) {
    set_handler(handler);
    std::array<std::uint8_t, 16> drawn{};
    this->draws().bytes(drawn);
    upgrade_->key = ws::make_key(drawn);
    upgrade_->request =
        ws::to_http({.host = host_field(where), .path = where.path, .key = upgrade_->key});
  }

 private:
  /// What is needed until the answer has come, and then given back.
  struct upgrade {
    std::string key;
    std::string request;
    ws::head_collector answer;
  };

  void on_open(channel&) override { carrier().send(as_bytes(upgrade_->request)); }

  void on_bytes(channel&, byte_view bytes) override {
    if (upgrade_ != nullptr && !take_answer(bytes)) return;
    receive(bytes);
  }

  void on_end(channel& carrier, const channel_end& carrier_end) override {
    const bool closed_early = where() == stage::opening && carrier_end.kind == end_kind::finished;
    if (!closed_early) return websocket_channel::on_end(carrier, carrier_end);
    end(end_kind::upgrade_failed, "the peer closed the connection during the WebSocket upgrade");
  }

  /// Takes the server's answer off the front of `bytes`; true if frames may follow it.
  bool take_answer(byte_view& bytes) {
    if (where() != stage::opening) return false;
    using progress = ws::head_collector::progress;
    const progress made = upgrade_->answer.take(bytes);
    if (!ws::may_begin_response(upgrade_->answer.text())) {
      fail("the server does not talk HTTP");
      return false;
    }
    if (made == progress::incomplete) return false;
    if (made == progress::too_long) {
      fail("the head of the server's answer is longer than " + std::to_string(ws::head_bytes_max) +
           " bytes");
      return false;
    }
    const auto checked = ws::check_response(upgrade_->answer.text(), upgrade_->key, sha1);
    if (!checked) {
      fail(checked.error().message);
      return false;
    }
    upgrade_.reset();
    open();
    carrier_to_confirm_.confirm_open();
    const std::weak_ptr<const void> still_here = life();
    handler()->on_open(*this);
    return !still_here.expired();
  }

  void fail(std::string detail) {
    carrier().close();
    end(end_kind::upgrade_failed, std::move(detail));
  }

  carrier_channel& carrier_to_confirm_;
  std::unique_ptr<upgrade> upgrade_;
};

}  // namespace

std::unique_ptr<channel> wrap_websocket_client(std::unique_ptr<carrier_channel> carrier,
                                               const endpoint& where, std::uint64_t seed,
                                               channel_handler& handler) {
  carrier_channel& to_confirm = *carrier;
  return std::make_unique<websocket_client>(to_confirm, std::move(carrier), where,
                                            seeded_stream(stream_key(seed).with("websocket")),
                                            handler);
}

}  // namespace gauntlet::net
