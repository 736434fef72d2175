#include "harness/fault/proxy.hpp"

#include <unordered_map>
#include <utility>

#include "harness/fault/channel_end.hpp"
#include "harness/fault/link.hpp"

namespace gauntlet::fault {

using history::side;

struct proxy::parts {
  net::network& network;
  injector& faults;
  proxy_options options;
  proxy_counts counts{};
  std::unordered_map<const connection*, std::unique_ptr<connection>> connections{};
  std::unique_ptr<net::listener> listener{};
  /// Gone with the proxy: what is posted asks it first.
  std::shared_ptr<parts*> self = std::make_shared<parts*>(this);
};

/// A client and its broker. Lives until the link is over.
class proxy::connection final {
 public:
  connection(parts& owner, std::unique_ptr<net::channel> client)
      : owner_(owner),
        client_(*this, side::client),
        broker_(*this, side::broker),
        link_(owner.faults, client_.end, broker_.end) {
    client_.end.channel = std::move(client);
    client_.end.channel->set_handler(client_);
    client_.end.channel->pause_reading();
  }

  void begin() {
    switch (owner_.faults.answer_to_dial()) {
      case injector::dial_answer::connects:
        broker_.end.channel =
            owner_.network.dial(owner_.options.upstream, owner_.options.dial, broker_);
        return;
      case injector::dial_answer::refused:
        return give_up();
      case injector::dial_answer::unanswered:
        break;
    }
    // The client is connected as far as it can see; the broker answers when the fault is over.
    knock_ = owner_.faults.loop().make_timer([this] { begin(); });
    knock_->arm(owner_.faults.loop().now() + knock_every);
  }

 private:
  static constexpr duration knock_every = std::chrono::milliseconds(100);

  /// The link's way to one side, and the side's way to the link.
  struct peer final : net::channel_handler {
    struct its_end final : channel_end {
      explicit its_end(connection& whose) : owner(whose) {}
      void close() override {
        channel_end::close();
        owner.look_whether_over();
      }
      void abort() override {
        channel_end::abort();
        owner.look_whether_over();
      }
      connection& owner;
    };

    peer(connection& whose, side which) : owner(whose), who(which), end(whose) {}
    void on_open(net::channel&) override { owner.opened(); }
    void on_bytes(net::channel&, byte_view bytes) override { owner.link_.from(who, bytes); }
    void on_drained(net::channel&) override { owner.link_.drained(who); }
    void on_end(net::channel&, const net::channel_end& how) override {
      owner.ended(who, how.kind != net::end_kind::finished);
    }

    connection& owner;
    side who;
    its_end end;
  };

  void opened() {
    open_ = true;
    link_.open();
    client_.end.resume_reading();
  }

  void ended(side who, bool reset) {
    if (!open_) return give_up();
    link_.ended(who, reset);
    look_whether_over();
  }

  // Nothing has come up between the two.
  void give_up() {
    ++owner_.counts.unreachable;
    link_.ended(side::client, true);
    link_.ended(side::broker, true);
    client_.end.abort();
    broker_.end.abort();
  }

  // It may be in the middle of a call from the link or the network.
  void look_whether_over() {
    if (!link_.is_over() || std::exchange(over_, true)) return;
    owner_.faults.loop().post([proxy = std::weak_ptr(owner_.self), this] {
      if (const auto there = proxy.lock()) (*there)->connections.erase(this);
    });
  }

  parts& owner_;
  std::unique_ptr<timer> knock_;
  bool open_ = false;
  bool over_ = false;
  peer client_;
  peer broker_;
  link link_;
};

outcome<std::unique_ptr<proxy>> proxy::start(net::network& network, injector& faults,
                                             proxy_options options) {
  std::unique_ptr<proxy> made(new proxy(network, faults, std::move(options)));
  parts& its = *made->parts_;
  auto listening = network.listen(
      its.options.listen, its.options.tls,
      [raw = made.get()](std::unique_ptr<net::channel> client) { raw->accept(std::move(client)); });
  if (!listening) return listening.error();
  its.listener = std::move(*listening);
  return made;
}

proxy::proxy(net::network& network, injector& faults, proxy_options options)
    : parts_(std::make_unique<parts>(parts{network, faults, std::move(options)})) {
  *parts_->self = parts_.get();
}

proxy::~proxy() = default;

std::uint16_t proxy::port() const { return parts_->listener->port(); }

proxy_counts proxy::counts() const {
  proxy_counts now = parts_->counts;
  now.open = parts_->connections.size();
  return now;
}

void proxy::accept(std::unique_ptr<net::channel> client) {
  ++parts_->counts.accepted;
  auto made = std::make_unique<connection>(*parts_, std::move(client));
  connection& here = *made;
  parts_->connections.emplace(&here, std::move(made));
  here.begin();
}

}  // namespace gauntlet::fault
