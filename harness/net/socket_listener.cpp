#include "harness/net/socket_listener.hpp"

#include <cerrno>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>

#include "harness/base/assert.hpp"
#include "harness/net/error_texts.hpp"
#include "harness/net/stream_channel.hpp"

namespace gauntlet::net {
namespace {

outcome<socket_address> local_address(const endpoint& where) {
  if (const auto literal = socket_address::parse(where.host, where.port)) return *literal;
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(where.host.c_str(), nullptr, &hints, &found);
  if (error != 0) {
    return bad_input("cannot listen on " + where.host + ": " + ::gai_strerror(error));
  }
  socket_address address = socket_address::from(found->ai_addr);
  ::freeaddrinfo(found);
  address.set_port(where.port);
  return address;
}

void turn_on(int socket, int level, int option) {
  const int on = 1;
  ::setsockopt(socket, level, option, &on, sizeof on);
}

}  // namespace

outcome<descriptor> open_listening_socket(const endpoint& where, int backlog) {
  const auto address = local_address(where);
  if (!address) return address.error();
  descriptor socket(::socket(address->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket) {
    turn_on(socket.get(), SOL_SOCKET, SO_REUSEADDR);
    turn_on(socket.get(), IPPROTO_TCP, TCP_NODELAY);  // accepted sockets inherit it
    if (::bind(socket.get(), address->data(), address->size()) == 0 &&
        ::listen(socket.get(), backlog) == 0) {
      return socket;
    }
  }
  return environment_failed(listen_error_text(errno, address->to_string()));
}

/// An accepted connection whose handshakes are not done.
class socket_listener::opening_connection final : private channel_handler, private deadline {
 public:
  explicit opening_connection(socket_listener& owner)
      : deadline(owner.core_.limits, owner.core_.options.handshake_timeout), owner_(owner) {}

  std::list<opening_connection>::iterator self;

  void start(std::unique_ptr<channel> carrier, bool open) {
    carrier_ = std::move(carrier);
    carrier_->set_handler(*this);
    if (open) on_open(*carrier_);
  }

 private:
  void on_open(channel&) override {
    const transport kind = owner_.where_.transport;
    if (kind != transport::ws && kind != transport::wss) return hand_out(std::move(carrier_));
    upgrade_ =
        accept_websocket(std::move(carrier_), owner_.where_,
                         [this](std::unique_ptr<channel> open) { hand_out(std::move(open)); });
  }
  void on_bytes(channel&, byte_view) override {
    GAUNTLET_ASSERT(false && "bytes before the handshake");
  }
  void on_end(channel&, const channel_end&) override { hand_out(nullptr); }
  void on_deadline() override { hand_out(nullptr); }

  // Destroys this object.
  void hand_out(std::unique_ptr<channel> open) {
    socket_listener& owner = owner_;
    owner.opening_.erase(self);
    if (open) owner.deliver(std::move(open));
  }

  socket_listener& owner_;
  std::unique_ptr<channel> carrier_;
  std::unique_ptr<pending_upgrade> upgrade_;
};

/// The time until the next try to accept.
class socket_listener::pause final : private deadline {
 public:
  explicit pause(socket_listener& owner)
      : deadline(owner.core_.limits, std::chrono::milliseconds(100)), owner_(owner) {}

 private:
  void on_deadline() override {
    socket_listener& owner = owner_;
    owner.pause_.reset();
    owner.core_.descriptors.soon(owner);
  }
  socket_listener& owner_;
};

socket_listener::socket_listener(network_core& core, descriptor socket, const endpoint& where,
                                 std::shared_ptr<tls_server_context> tls, accept_function on_accept)
    : core_(core),
      socket_(std::move(socket)),
      where_(where),
      tls_(std::move(tls)),
      on_accept_(std::make_shared<accept_function>(std::move(on_accept))) {
  socket_address bound;
  socklen_t size = socket_address::size_max;
  ::getsockname(socket_.get(), bound.data(), &size);
  port_ = bound.port();
  GAUNTLET_ASSERT(core_.descriptors.add(socket_.get(), *this, trigger::edges) == 0);
}

socket_listener::~socket_listener() { core_.descriptors.remove(socket_.get(), *this); }

void socket_listener::on_ready(std::uint32_t) {
  const readiness& descriptors = core_.descriptors;
  const auto* self = static_cast<ready_watcher*>(this);
  if (pause_) return;
  for (int taken = 0; taken < 64;) {
    socket_address peer;
    socklen_t size = socket_address::size_max;
    descriptor socket(::accept4(socket_.get(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      take(std::move(socket), peer);
      if (!descriptors.calling(self)) return;
      ++taken;
      continue;
    }
    const int error = errno;
    if (error == EAGAIN || error == EWOULDBLOCK) return;
    if (out_of_descriptors(error) || error == ENOBUFS || error == ENOMEM) return rest(error);
    ++taken;  // that connection has failed before it was taken; the next may be well
  }
  core_.descriptors.soon(*this);  // the others' turn
}

void socket_listener::take(descriptor socket, const socket_address& peer) {
  stream accepted(std::move(socket));
  if (tls_) accepted.lay(make_tls_server_layer(accepted.socket(), *tls_));
  const bool open = !accepted.layered();
  auto carrier = std::make_unique<stream_channel>(core_, std::move(accepted), peer, nullptr);
  if (!carrier->watched()) return;
  if (where_.transport == transport::tcp) return deliver(std::move(carrier));
  opening_.emplace_front(*this);
  opening_.front().self = opening_.begin();
  opening_.front().start(std::move(carrier), open);
}

void socket_listener::rest(int error) {
  pause_ = std::make_unique<pause>(*this);
  if (std::exchange(warned_, true) || !core_.options.on_warning) return;
  core_.options.on_warning("cannot accept connections on port " + std::to_string(port_) + ": " +
                           (out_of_descriptors(error) ? out_of_descriptors_text(error)
                                                      : "no memory left in the system") +
                           "; waiting for others to end");
}

void socket_listener::deliver(std::unique_ptr<channel> open) {
  const auto kept = on_accept_;
  (*kept)(std::move(open));
}

}  // namespace gauntlet::net
