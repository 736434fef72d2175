#include "harness/net/memory_network.hpp"

#include <array>
#include <map>
#include <utility>

#include "harness/net/channel_layers.hpp"
#include "harness/net/memory_link.hpp"

namespace gauntlet::net {
namespace {

constexpr std::uint16_t first_listening_port = 10'000;
constexpr std::uint16_t first_dialing_port = 32'768;
constexpr std::uint16_t dialing_ports = 32'768;

std::string place(const std::string& host, std::uint16_t port) {
  const bool ipv6 = host.find(':') != std::string::npos;
  return (ipv6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

}  // namespace

struct memory_network::parts {
  class memory_listener;
  using accept_pointer = std::shared_ptr<accept_function>;

  parts(event_loop& loop, const memory_network_options& options)
      : core(loop, options, [this](memory_link& link) { on_dial(link); }),
        key(stream_key(options.seed).with("memory network")) {}

  void on_dial(memory_link& link) {
    const auto found = listeners.find(link.name(link_end::acceptor));
    if (found == listeners.end()) {
      if (!core.options().black_hole) link.refuse();
      return;
    }
    auto accepted =
        std::make_unique<memory_channel>(link.shared_from_this(), link_end::acceptor, nullptr);
    link.accept(*accepted);
    const accept_pointer on_accept = found->second;  // the call may destroy the listener
    (*on_accept)(std::move(accepted));
  }

  memory_core core;
  stream_key key;
  std::map<std::string, accept_pointer> listeners;  // by place
  std::uint64_t dials = 0;
};

class memory_network::parts::memory_listener final : public listener {
 public:
  memory_listener(parts& owner, std::string where, std::uint16_t port)
      : owner_(owner), where_(std::move(where)), port_(port) {}
  ~memory_listener() override { owner_.listeners.erase(where_); }
  memory_listener(const memory_listener&) = delete;
  memory_listener& operator=(const memory_listener&) = delete;

  std::uint16_t port() const override { return port_; }

 private:
  parts& owner_;
  std::string where_;
  std::uint16_t port_;
};

memory_network::memory_network(event_loop& loop, memory_network_options options)
    : parts_(std::make_unique<parts>(loop, options)) {}

memory_network::~memory_network() = default;

event_loop& memory_network::loop() { return parts_->core.loop(); }

outcome<std::shared_ptr<tls_client_context>> memory_network::prepare_tls(
    const tls_client_options&) {
  // A context that nothing here uses, so that code which insists on one is content.
  return make_tls_client_context({.insecure = true});
}

std::unique_ptr<channel> memory_network::dial(const endpoint& where, const dial_options& options,
                                              channel_handler& handler) {
  const std::uint64_t number = ++parts_->dials;
  const std::string source = options.source_address.empty() ? "127.0.0.1" : options.source_address;
  const auto source_port = static_cast<std::uint16_t>(first_dialing_port + number % dialing_ports);
  auto link = std::make_shared<memory_link>(
      parts_->core, parts_->key.with(number),
      std::array<std::string, 2>{place(source, source_port), place(where.host, where.port)});
  auto dialed = std::make_unique<memory_channel>(link, link_end::dialer, &handler);
  dialed->limit_dial(parts_->core, options.timeout);
  link->dial();
  return dialed;
}

outcome<std::unique_ptr<listener>> memory_network::listen(const endpoint& where,
                                                          const std::optional<tls_server_options>&,
                                                          accept_function on_accept) {
  std::uint16_t port = where.port;
  if (port == 0) {
    port = first_listening_port;
    while (parts_->listeners.count(place(where.host, port)) > 0) ++port;
  }
  std::string name = place(where.host, port);
  const auto kept = std::make_shared<accept_function>(std::move(on_accept));
  if (!parts_->listeners.emplace(name, kept).second) {
    return environment_failed("cannot listen on " + name + ": the port is in use");
  }
  return std::make_unique<parts::memory_listener>(*parts_, std::move(name), port);
}

std::uint64_t memory_network::operations() const { return parts_->core.operations(); }

}  // namespace gauntlet::net
