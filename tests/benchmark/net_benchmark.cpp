// What a channel costs over the bare system calls: time for each message, memory for each idle
// connection. Both ends run in this process, on one thread.

#include <array>
#include <malloc.h>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include <benchmark/benchmark.h>

#include "harness/base/assert.hpp"
#include "harness/net/asio_network.hpp"

namespace gauntlet::net {
namespace {

constexpr std::size_t message_bytes = 64;
const byte_buffer message(message_bytes, 'x');

/// Sends back each message, until `left` messages are exchanged.
class player final : public channel_handler {
 public:
  explicit player(int& left) : left_(left) {}
  std::unique_ptr<channel> own;

  void on_bytes(channel& from, byte_view bytes) override {
    for (std::size_t i = 0; i < bytes.size(); i += message_bytes) {
      if (left_-- > 0) from.send(message);
    }
  }
  void on_end(channel&, const channel_end&) override {}

 private:
  int& left_;
};

/// Some connections between a client and a server, both here.
class hall {
 public:
  explicit hall(std::size_t connections) {
    auto made = network.listen({.host = "127.0.0.1"}, std::nullopt,
                               [this](std::unique_ptr<channel> accepted) {
                                 accepted->set_handler(echo_);
                                 servers_.push_back(std::move(accepted));
                               });
    GAUNTLET_ASSERT(made);
    listening_ = std::move(*made);
    servers_.reserve(connections);
    clients.reserve(connections);
    while (clients.size() < connections) {
      for (int i = 0; i < 100 && clients.size() < connections; ++i) {
        clients.push_back(
            network.dial({.host = "127.0.0.1", .port = listening_->port()}, {}, echo_));
      }
      const auto accepted = [this] { return servers_.size() == clients.size(); };
      GAUNTLET_ASSERT(loop.run_until(accepted, loop.now() + std::chrono::seconds(10)));
    }
    loop.run_until([] { return false; }, loop.now() + std::chrono::milliseconds(100));
  }

  void exchange(int messages) {
    left_ = messages - static_cast<int>(clients.size());
    for (const auto& client : clients) client->send(message);
    const auto over = [this] { return left_ <= 0; };
    GAUNTLET_ASSERT(loop.run_until(over, loop.now() + std::chrono::seconds(60)));
    // Those still on the way come before the next exchange.
    loop.run_until([] { return false; }, loop.now() + std::chrono::milliseconds(1));
  }

  asio_loop loop;
  asio_network network{loop};
  std::vector<std::unique_ptr<channel>> clients;

 private:
  int left_ = 0;
  player echo_{left_};
  std::unique_ptr<listener> listening_;
  std::vector<std::unique_ptr<channel>> servers_;
};

constexpr int messages = 100'000;

void channels_exchange(benchmark::State& state) {
  hall all(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) all.exchange(messages);
  state.SetItemsProcessed(state.iterations() * messages);
}
BENCHMARK(channels_exchange)->Arg(1)->Arg(100)->Unit(benchmark::kMillisecond);

void system_calls_exchange(benchmark::State& state) {
  const int set = ::epoll_create1(0);
  const int listening = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  GAUNTLET_ASSERT(::bind(listening, generic, size) == 0 && ::listen(listening, 1000) == 0);
  ::getsockname(listening, generic, &size);
  std::vector<int> sockets;
  for (int i = 0; i < state.range(0); ++i) {
    sockets.push_back(::socket(AF_INET, SOCK_STREAM, 0));
    GAUNTLET_ASSERT(::connect(sockets.back(), generic, size) == 0);
    sockets.push_back(::accept(listening, nullptr, nullptr));
  }
  for (const int socket : sockets) {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{.events = EPOLLIN, .data = {.fd = socket}};
    ::epoll_ctl(set, EPOLL_CTL_ADD, socket, &event);
  }
  byte_buffer buffer(64 * 1024);
  for (auto _ : state) {
    for (std::size_t i = 0; i < sockets.size(); i += 2) {
      ::send(sockets[i], message.data(), message.size(), MSG_NOSIGNAL);
    }
    int left = messages - static_cast<int>(sockets.size() / 2);
    for (std::size_t on_the_way = sockets.size() / 2; on_the_way > 0;) {
      std::array<epoll_event, 128> events;
      const int count = ::epoll_wait(set, events.data(), events.size(), -1);
      for (int i = 0; i < count; ++i) {
        const int socket = events[static_cast<std::size_t>(i)].data.fd;
        ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (left-- > 0) {
          ::send(socket, message.data(), message.size(), MSG_NOSIGNAL);
        } else {
          --on_the_way;
        }
      }
    }
  }
  for (const int socket : sockets) ::close(socket);
  ::close(listening);
  ::close(set);
  state.SetItemsProcessed(state.iterations() * messages);
}
BENCHMARK(system_calls_exchange)->Arg(1)->Arg(100)->Unit(benchmark::kMillisecond);

void idle_connections(benchmark::State& state) {
  const auto connections = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    { const hall warm_up(1); }
    const std::size_t before = ::mallinfo2().uordblks;
    const hall all(connections);
    const std::size_t heap = ::mallinfo2().uordblks - before;
    state.counters["heap_bytes_per_end"] =
        static_cast<double>(heap) / static_cast<double>(2 * connections);
  }
}
BENCHMARK(idle_connections)->Arg(9000)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gauntlet::net
