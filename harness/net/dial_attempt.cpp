#include "harness/net/dial_attempt.hpp"

#include <cerrno>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>

#include "harness/base/assert.hpp"
#include "harness/base/units.hpp"
#include "harness/net/channel_layers.hpp"

namespace gauntlet::net {
namespace {

void turn_on(int socket, int level, int option) {
  const int on = 1;
  ::setsockopt(socket, level, option, &on, sizeof on);
}

}  // namespace

dial_attempt::dial_attempt(network_core& core, const endpoint& where, const dial_options& options,
                           dial_listener& listener)
    : deadline(core.limits, options.timeout),
      core_(core),
      where_(where),
      options_(options),
      listener_(listener) {}

dial_attempt::~dial_attempt() {
  if (host_ == nullptr) core_.names.forget(where_.host, *this);
}

void dial_attempt::start() {
  if (!options_.source_address.empty()) {
    source_ = socket_address::parse(options_.source_address, 0);
    if (!source_) {
      return fail(end_kind::connect_failed,
                  "the source address " + options_.source_address + " is not an IP address");
    }
  }
  if (const auto literal = socket_address::parse(where_.host, 0)) {
    literal_.addresses = {*literal};
    on_resolved(literal_);
  } else if (resolved_host* known = core_.names.find(where_.host)) {
    on_resolved(*known);
  } else {
    waiting_for_ = "address";
    core_.names.resolve(where_.host, *this);
  }
}

void dial_attempt::on_resolved(resolved_host& host) {
  host_ = &host;
  waiting_for_ = "connection";
  first_ = host.preferred;
  try_next();
}

void dial_attempt::on_unresolved(const std::string& error) {
  host_ = &literal_;
  fail(end_kind::resolve_failed, error);
}

void dial_attempt::on_deadline() { listener_.on_dial_timeout(); }

void dial_attempt::go_on(int error) {
  note(dial_step::connect, error);
  try_next();
}

void dial_attempt::succeeded() {
  host_->preferred = (first_ + tried_ - 1) % host_->addresses.size();
}

void dial_attempt::try_next() {
  while (tried_ < host_->addresses.size()) {
    socket_address peer = host_->addresses[(first_ + tried_++) % host_->addresses.size()];
    peer.set_port(where_.port);
    if (connect_to(peer)) return;
  }
  fail(end_kind::connect_failed, last_error_);
}

bool dial_attempt::connect_to(const socket_address& peer) {
  if (source_ && source_->family() != peer.family()) {
    if (last_error_.empty()) {
      last_error_ =
          options_.source_address + " and " + peer.to_string() + " are of different kinds";
    }
    return false;
  }
  peer_ = peer;
  descriptor socket(::socket(peer.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) {
    note(dial_step::open_socket, errno);
    return false;
  }
  turn_on(socket.get(), IPPROTO_TCP, TCP_NODELAY);
  if (source_) {
    // Leaves the port to connect(), which may then share ports between destinations.
    turn_on(socket.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
    if (::bind(socket.get(), source_->data(), source_->size()) != 0) {
      note(dial_step::bind_source, errno);
      return false;
    }
  }
  if (::connect(socket.get(), peer.data(), peer.size()) != 0 && errno != EINPROGRESS) {
    note(dial_step::connect, errno);
    return false;
  }
  listener_.on_connecting(std::move(socket), peer);
  return true;
}

void dial_attempt::note(dial_step step, int error) {
  last_error_ = dial_error_text(step, error, peer_.to_string(), options_.source_address);
}

void dial_attempt::fail(end_kind kind, std::string detail) {
  failure_ = channel_end{kind, std::move(detail)};
  listener_.on_dial_failed();
}

std::unique_ptr<stream_layer> dial_attempt::make_layer(int socket) {
  if (where_.transport == transport::tcp || where_.transport == transport::ws) return nullptr;
  GAUNTLET_ASSERT(options_.tls != nullptr);
  return make_tls_client_layer(socket, *options_.tls, where_.host, options_.identity);
}

channel_end dial_attempt::timeout() const {
  return {end_kind::timed_out, std::string("no ") + waiting_for_ + " for " + peer() + " within " +
                                   format_duration(options_.timeout)};
}

std::string dial_attempt::peer() const {
  return tried_ > 0 ? peer_.to_string() : where_.host + ':' + std::to_string(where_.port);
}

bool dial_attempt::carries_upgrade() const {
  return where_.transport == transport::ws || where_.transport == transport::wss;
}

}  // namespace gauntlet::net
