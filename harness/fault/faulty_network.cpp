#include "harness/fault/faulty_network.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "harness/base/units.hpp"
#include "harness/fault/channel_end.hpp"
#include "harness/fault/link.hpp"

namespace gauntlet::fault {
namespace {

using history::side;

/// What the sockets between a client and a link of its own would take before they push back.
constexpr std::size_t socket_buffer_bytes = 64 * 1024;

/// A dialed connection: the real channel at the broker's end, and the client as the other end. It
/// outlives the channel that the client holds, for as long as something is under way.
class connection final : public std::enable_shared_from_this<connection>,
                         private net::channel_handler {
 public:
  connection(injector& faults, std::function<void(connection&)> on_over)
      : faults_(faults),
        loop_(faults.loop()),
        on_over_(std::move(on_over)),
        link_(faults, client_, broker_) {}

  void dial(net::network& over, const net::endpoint& where, const net::dial_options& options) {
    switch (faults_.answer_to_dial()) {
      case injector::dial_answer::connects:
        broker_.channel = over.dial(where, options, *this);
        return;
      case injector::dial_answer::refused:
        return fail({net::end_kind::connect_failed,
                     "connection refused by " + net::to_string(where) + " (a fault)"});
      case injector::dial_answer::unanswered:
        return knock(over, where, options);
    }
  }

  // What the client's channel asks for.
  void set_client(net::channel* channel, net::channel_handler* handler) {
    near_ = channel;
    handler_ = handler;
  }
  std::size_t send(byte_view bytes) {
    if (!open_ || closing_) return 0;
    calls_from_client_ = true;
    link_.from(side::client, bytes);
    calls_from_client_ = false;
    const std::size_t kept = backlog();
    tell_drained_ = tell_drained_ || kept > 0;
    return kept;
  }
  /// What is under way beyond what a socket would have taken.
  std::size_t backlog() const {
    const std::size_t under_way = link_.backlog_to(side::broker);
    return under_way - std::min(under_way, socket_buffer_bytes);
  }
  void client_ends(bool reset) {
    near_ = nullptr;
    handler_ = nullptr;
    if (closing_) return;
    closing_ = true;
    const auto self = shared_from_this();
    if (!open_) {
      broker_.channel.reset();
      link_.ended(side::client, true);
      link_.ended(side::broker, true);
    } else {
      link_.ended(side::client, reset);
    }
    look_whether_over();
  }
  void pause(bool paused) {
    paused_ = paused;
    link_.pause(side::client, paused);
    if (!paused && !kept_.empty()) later(&connection::deliver_kept);
  }
  history::fault_index blamed() const { return link_.blamed(); }
  std::string peer_name() const {
    return broker_.channel != nullptr ? broker_.channel->peer_name() : std::string("the broker");
  }

 private:
  // As TCP does: it asks again after one second, two more, four more, until the limit.
  void knock(net::network& over, const net::endpoint& where, const net::dial_options& options) {
    const time_point now = loop_.now();
    if (limit_ == time_point::max()) limit_ = now + options.timeout;
    if (now >= limit_) {
      return fail({net::end_kind::timed_out, "no connection for " + net::to_string(where) +
                                                 " within " + format_duration(options.timeout) +
                                                 " (a fault)"});
    }
    knock_ = loop_.make_timer([this, &over, where, options] {
      const auto self = shared_from_this();
      if (!closing_) dial(over, where, options);
    });
    knock_->arm(std::min(limit_, now + patience_));
    patience_ *= 2;
  }
  void fail(const net::channel_end& how) {
    link_.ended(side::client, true);
    link_.ended(side::broker, true);
    end_client(how);
  }

  /// The link speaks to the client. Its events must come from the loop, and not from inside a call
  /// of the client's.
  struct client_end final : link_end {
    explicit client_end(connection& whose) : owner(whose) {}
    void send(byte_view bytes) override { owner.to_client(bytes); }
    std::size_t backlog_bytes() const override { return 0; }
    void close() override { owner.end_client({net::end_kind::finished, "the peer closed"}); }
    void abort() override { owner.end_client({net::end_kind::reset, "connection reset by peer"}); }
    void pause_reading() override {}  // the client sees its backlog
    void resume_reading() override {}
    void all_passed() override { owner.tell_if_drained(); }
    connection& owner;
  };
  void later(void (connection::*call)()) {
    loop_.post([weak = weak_from_this(), call] {
      if (const auto self = weak.lock()) (self.get()->*call)();
    });
  }

  void to_client(byte_view bytes) {
    if (calls_from_client_ || !kept_.empty()) {
      if (kept_.empty()) later(&connection::deliver_kept);
      kept_.insert(kept_.end(), bytes.begin(), bytes.end());
      return;
    }
    const auto self = shared_from_this();
    if (handler_ != nullptr) handler_->on_bytes(*near_, bytes);
  }
  void deliver_kept() {
    if (paused_) return;
    const byte_buffer bytes = std::exchange(kept_, {});
    if (handler_ != nullptr && !bytes.empty()) handler_->on_bytes(*near_, bytes);
    if (end_to_tell_) tell_client_end();
  }
  void end_client(net::channel_end how) {
    end_to_tell_ = std::move(how);
    closing_ = true;
    if (kept_.empty()) later(&connection::tell_client_end);
    look_whether_over();
  }
  void tell_client_end() {
    if (!end_to_tell_ || !kept_.empty()) return;
    const net::channel_end how = *std::exchange(end_to_tell_, std::nullopt);
    net::channel_handler* handler = std::exchange(handler_, nullptr);
    if (handler != nullptr) handler->on_end(*near_, how);
    look_whether_over();
  }
  void tell_if_drained() {
    if (!tell_drained_ || backlog() > 0) return;
    later(&connection::say_drained);
  }
  void say_drained() {
    if (!tell_drained_ || backlog() > 0) return;
    tell_drained_ = false;
    if (handler_ != nullptr) handler_->on_drained(*near_);
  }
  void look_whether_over() {
    if (link_.is_over() && !end_to_tell_) later(&connection::say_over);
  }
  void say_over() {
    if (!std::exchange(told_over_, true)) on_over_(*this);
  }

  // Events of the broker's channel.
  void on_open(net::channel&) override {
    const auto self = shared_from_this();
    open_ = true;
    link_.open();
    if (handler_ != nullptr) handler_->on_open(*near_);
  }
  void on_bytes(net::channel&, byte_view bytes) override {
    const auto self = shared_from_this();
    link_.from(side::broker, bytes);
  }
  void on_drained(net::channel&) override {
    const auto self = shared_from_this();
    link_.drained(side::broker);
    tell_if_drained();
  }
  void on_end(net::channel&, const net::channel_end& how) override {
    const auto self = shared_from_this();
    if (!open_) return fail(how);
    link_.ended(side::broker, how.kind != net::end_kind::finished);
    look_whether_over();
  }

  injector& faults_;
  event_loop& loop_;
  std::unique_ptr<timer> knock_;
  time_point limit_ = time_point::max();
  duration patience_ = std::chrono::seconds(1);
  std::function<void(connection&)> on_over_;
  client_end client_{*this};
  channel_end broker_;  // has no channel while faults keep the client from dialing
  link link_;
  net::channel* near_ = nullptr;
  net::channel_handler* handler_ = nullptr;
  byte_buffer kept_;  // for the client, until it is not calling
  std::optional<net::channel_end> end_to_tell_;
  bool open_ = false;
  bool closing_ = false;  // the client's side is over
  bool calls_from_client_ = false;
  bool paused_ = false;
  bool tell_drained_ = false;
  bool told_over_ = false;
};

/// What the client holds.
class near_channel final : public net::channel {
 public:
  near_channel(std::shared_ptr<connection> through, net::channel_handler& handler)
      : through_(std::move(through)) {
    through_->set_client(this, &handler);
  }
  ~near_channel() override { through_->client_ends(true); }

  std::size_t send(byte_view bytes) override { return through_->send(bytes); }
  std::size_t backlog_bytes() const override { return through_->backlog(); }
  void close() override { through_->client_ends(false); }
  void abort() override { through_->client_ends(true); }
  void pause_reading() override { through_->pause(true); }
  void resume_reading() override { through_->pause(false); }
  void set_handler(net::channel_handler& handler) override { through_->set_client(this, &handler); }
  std::string peer_name() const override { return through_->peer_name(); }
  history::fault_index blamed() const { return through_->blamed(); }

 private:
  std::shared_ptr<connection> through_;
};

}  // namespace

struct faulty_network::parts {
  std::unordered_set<std::shared_ptr<connection>> connections;
};

faulty_network::faulty_network(net::network& inner, injector& faults)
    : inner_(inner), faults_(faults), parts_(std::make_unique<parts>()) {}

faulty_network::~faulty_network() = default;

std::unique_ptr<net::channel> faulty_network::dial(const net::endpoint& where,
                                                   const net::dial_options& options,
                                                   net::channel_handler& handler) {
  auto made = std::make_shared<connection>(
      faults_, [this](connection& over) { parts_->connections.erase(over.shared_from_this()); });
  parts_->connections.insert(made);
  auto held = std::make_unique<near_channel>(made, handler);
  made->dial(inner_, where, options);
  return held;
}

history::fault_index faulty_network::blamed_for(const net::channel& dialed) {
  return static_cast<const near_channel&>(dialed).blamed();
}

std::size_t faulty_network::connections_closing() const { return parts_->connections.size(); }

}  // namespace gauntlet::fault
