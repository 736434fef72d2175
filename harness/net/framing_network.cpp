#include "harness/net/framing_network.hpp"

#include <list>
#include <utility>

#include "harness/net/channel_layers.hpp"

namespace gauntlet::net {
namespace {

bool is_websocket(const endpoint& where) {
  return where.transport == transport::ws || where.transport == transport::wss;
}

endpoint carried(endpoint where) {
  where.transport = where.transport == transport::wss ? transport::tls : transport::tcp;
  return where;
}

/// A dialed channel as a carrier; the inner network's own limit ends when it opens.
class plain_carrier final : public carrier_channel, private channel_handler {
 public:
  void dial(network& over, const endpoint& where, const dial_options& options) {
    channel_ = over.dial(where, options, *this);
  }

  std::size_t send(byte_view bytes) override { return channel_->send(bytes); }
  std::size_t backlog_bytes() const override { return channel_->backlog_bytes(); }
  void close() override { channel_->close(); }
  void abort() override { channel_->abort(); }
  void pause_reading() override { channel_->pause_reading(); }
  void resume_reading() override { channel_->resume_reading(); }
  void set_handler(channel_handler& handler) override { handler_ = &handler; }
  std::string peer_name() const override { return channel_->peer_name(); }
  void confirm_open() override {}

 private:
  void on_open(channel&) override { handler_->on_open(*this); }
  void on_bytes(channel&, byte_view bytes) override { handler_->on_bytes(*this, bytes); }
  void on_drained(channel&) override { handler_->on_drained(*this); }
  void on_end(channel&, const channel_end& end) override { handler_->on_end(*this, end); }

  std::unique_ptr<channel> channel_;
  channel_handler* handler_ = nullptr;
};

/// Upgrades what the inner listener accepts.
class framing_listener final : public listener {
 public:
  framing_listener(endpoint where, accept_function on_accept)
      : where_(std::move(where)), on_accept_(std::move(on_accept)) {}

  void start(std::unique_ptr<listener> inner) { inner_ = std::move(inner); }
  std::uint16_t port() const override { return inner_->port(); }

  void accept(std::unique_ptr<channel> carrier) {
    const auto place = waiting_.emplace(waiting_.end());
    *place = accept_websocket(std::move(carrier), where_,
                              [this, place](std::unique_ptr<channel> opened) {
                                const auto done = std::move(*place);
                                waiting_.erase(place);
                                if (opened) on_accept_(std::move(opened));
                              });
  }

 private:
  endpoint where_;
  accept_function on_accept_;
  std::list<std::unique_ptr<pending_upgrade>> waiting_;
  std::unique_ptr<listener> inner_;
};

}  // namespace

framing_network::framing_network(network& inner) : inner_(inner) {}

framing_network::~framing_network() = default;

std::unique_ptr<channel> framing_network::dial(const endpoint& where, const dial_options& options,
                                               channel_handler& handler) {
  if (!is_websocket(where)) return inner_.dial(where, options, handler);
  auto carrier = std::make_unique<plain_carrier>();
  carrier->dial(inner_, carried(where), options);
  return wrap_websocket_client(std::move(carrier), where, ++dials_, handler);
}

outcome<std::unique_ptr<listener>> framing_network::listen(
    const endpoint& where, const std::optional<tls_server_options>& tls,
    accept_function on_accept) {
  if (!is_websocket(where)) return inner_.listen(where, tls, std::move(on_accept));
  auto made = std::make_unique<framing_listener>(where, std::move(on_accept));
  framing_listener& kept = *made;
  auto inner = inner_.listen(carried(where), tls, [&kept](std::unique_ptr<channel> accepted) {
    kept.accept(std::move(accepted));
  });
  if (!inner) return inner.error();
  made->start(std::move(*inner));
  return std::unique_ptr<listener>(std::move(made));
}

}  // namespace gauntlet::net
