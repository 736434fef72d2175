#include "harness/broker/server.hpp"

#include <string>
#include <utility>

#include "harness/broker/broker_core.hpp"
#include "harness/broker/store/sqlite_store.hpp"

namespace gauntlet::broker {

namespace {
class client;
}

struct server::parts {
  parts(net::network& carried_by, options chosen) : network(carried_by), core(std::move(chosen)) {}

  void accept(std::unique_ptr<net::channel> channel);
  /// Something went into the core: what came of it goes out at the end of this turn.
  void request_turn_end();
  void end_turn();
  void arm_timer();
  /// Takes a client off the list; it is destroyed at the end of the turn, for it may be on the
  /// stack.
  void retire(client& gone);

  /// Opens the store, if one is wanted, and recovers what is in it.
  outcome<void> recover(const persistence_settings& settings);

  net::network& network;
  std::unique_ptr<durable_store> store;  // outlives the core
  broker_core core;
  std::function<void(const failure&)> on_storage_failure;
  std::vector<std::unique_ptr<net::listener>> listeners;
  std::vector<std::unique_ptr<client>> clients;
  std::vector<std::unique_ptr<client>> retired;
  std::unique_ptr<timer> core_timer;
  std::optional<time_point> timer_due;
  /// Outlives this in the task that is queued, and tells it whether this is still there.
  std::shared_ptr<parts*> self = std::make_shared<parts*>(this);
  bool turn_end_requested = false;
};

namespace {

// One accepted channel: events go from it to the core, bytes and close from the core to it.
class client final : public carrier, public net::channel_handler {
 public:
  client(server::parts& owner, std::unique_ptr<net::channel> accepted)
      : owner_(owner), channel_(std::move(accepted)) {}

  // Answers false if the broker has no room.
  bool open() {
    connection_ = owner_.core.open(*this, now());
    if (!connection_) return false;
    channel_->set_handler(*this);
    return true;
  }

  std::size_t send(byte_view bytes) override {
    channel_->send(bytes);
    return channel_->backlog_bytes();  // with what earlier calls have left
  }
  void close() override {
    channel_->close();
    owner_.retire(*this);
  }
  void pause_reading() override { channel_->pause_reading(); }
  void resume_reading() override { channel_->resume_reading(); }
  std::string peer_name() const override { return channel_->peer_name(); }
  std::string certificate_name() const override { return channel_->peer_certificate_name(); }

  void on_bytes(net::channel&, byte_view bytes) override {
    owner_.core.received(*connection_, bytes, now());
    owner_.request_turn_end();
  }
  void on_drained(net::channel&) override {
    owner_.core.drained(*connection_, now());
    owner_.request_turn_end();
  }
  void on_end(net::channel&, const net::channel_end& end) override {
    const std::string how =
        std::string(net::to_string(end.kind)) + (end.detail.empty() ? "" : ": ") + end.detail;
    owner_.core.ended(*connection_, how, now());
    owner_.retire(*this);
  }

  std::size_t index = 0;  ///< in server::parts::clients

 private:
  time_point now() const { return owner_.network.loop().now(); }

  server::parts& owner_;
  std::unique_ptr<net::channel> channel_;
  std::unique_ptr<connection> connection_;
};

}  // namespace

void server::parts::accept(std::unique_ptr<net::channel> channel) {
  auto accepted = std::make_unique<client>(*this, std::move(channel));
  if (!accepted->open()) return;  // destroying the channel cuts it
  accepted->index = clients.size();
  clients.push_back(std::move(accepted));
  request_turn_end();
}

void server::parts::request_turn_end() {
  if (std::exchange(turn_end_requested, true)) return;
  network.loop().post([alive = self] {
    if (*alive != nullptr) (*alive)->end_turn();
  });
}

void server::parts::end_turn() {
  turn_end_requested = false;
  core.flush();
  retired.clear();
  arm_timer();
  if (core.storage_failure() && on_storage_failure) {
    std::exchange(on_storage_failure, nullptr)(*core.storage_failure());
  }
}

outcome<void> server::parts::recover(const persistence_settings& settings) {
  if (settings.directory.empty()) return {};
  auto opened = open_sqlite_store(settings);
  if (!opened) return opened.error();
  store = std::move(*opened);
  const event_loop& loop = network.loop();
  return core.recover(*store, loop.now(),
                      std::chrono::floor<std::chrono::milliseconds>(loop.wall_now()));
}

void server::parts::arm_timer() {
  const auto due = core.next_due();
  // An armed time that is too early costs one idle call; arming anew at each turn would cost more.
  if (!due || (timer_due && *timer_due <= *due)) return;
  timer_due = due;
  core_timer->arm(*due);
}

void server::parts::retire(client& gone) {
  const std::size_t index = gone.index;
  retired.push_back(std::move(clients[index]));
  if (index + 1 != clients.size()) {
    clients[index] = std::move(clients.back());
    clients[index]->index = index;
  }
  clients.pop_back();
  request_turn_end();
}

outcome<std::unique_ptr<server>> server::start(net::network& network, server_options chosen) {
  if (auto checked = validate(chosen.broker); !checked) return checked.error();
  if (chosen.listen.empty()) return bad_input("the broker has no address to listen on");

  const persistence_settings persistence = chosen.broker.persistence;
  auto made = std::make_unique<parts>(network, std::move(chosen.broker));
  parts& running = *made;
  running.on_storage_failure = std::move(chosen.on_storage_failure);
  if (auto recovered = running.recover(persistence); !recovered) return recovered.error();
  running.core_timer = network.loop().make_timer([&running] {
    running.timer_due.reset();
    running.core.time_passed(running.network.loop().now());
    running.request_turn_end();
  });
  for (const listen_address& address : chosen.listen) {
    auto listening = network.listen(
        address.where, address.tls,
        [&running](std::unique_ptr<net::channel> channel) { running.accept(std::move(channel)); });
    if (!listening) return listening.error();
    running.listeners.push_back(std::move(*listening));
  }
  running.request_turn_end();  // for what recovery has made due
  return std::unique_ptr<server>(new server(std::move(made)));
}

server::server(std::unique_ptr<parts> made) : parts_(std::move(made)) {}

server::~server() { *parts_->self = nullptr; }

std::vector<std::uint16_t> server::ports() const {
  std::vector<std::uint16_t> ports;
  for (const auto& each : parts_->listeners) ports.push_back(each->port());
  return ports;
}

statistics server::statistics() const { return parts_->core.statistics(); }

void server::shut_down() {
  parts_->listeners.clear();
  parts_->core.shut_down(parts_->network.loop().now());
  parts_->end_turn();
}

}  // namespace gauntlet::broker
