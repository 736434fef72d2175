// What the proxy costs: packets a second, the delay of a round trip, and connections, each beside
// the same without a proxy. Client, proxy and peer have a thread each, over loopback.
//
//   proxy_benchmark [CONNECTIONS]

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "harness/fault/proxy.hpp"
#include "harness/history/packet_observer.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "sim/engine/machine_limits.hpp"

namespace gauntlet {
namespace {

using std::chrono::seconds;

/// Runs a loop in a thread until destroyed.
class looping {
 public:
  template <class Make>
  explicit looping(Make make) {
    std::atomic<bool> ready = false;
    thread_ = std::thread([&, make] {
      net::asio_loop loop;
      net::asio_network network(loop);
      const auto kept = make(network);
      loop_ = &loop;
      ready = true;
      ready.notify_one();
      const auto held = loop.make_timer([] {});
      held->arm(loop.now() + std::chrono::hours(1));
      loop.run();
    });
    ready.wait(false);
  }
  ~looping() {
    loop_->stop();
    thread_.join();
  }
  looping(const looping&) = delete;
  looping& operator=(const looping&) = delete;

 private:
  net::asio_loop* loop_ = nullptr;
  std::thread thread_;
};

/// Sends everything back, or only counts.
struct peer {
  struct visitor final : net::channel_handler {
    explicit visitor(peer& whose) : owner(whose) {}
    void on_bytes(net::channel& from, byte_view bytes) override {
      owner.bytes += bytes.size();
      if (owner.echoes) from.send(bytes);
    }
    void on_end(net::channel&, const net::channel_end&) override {}
    peer& owner;
    std::unique_ptr<net::channel> channel;
  };

  std::unique_ptr<net::listener> listen(net::network& network) {
    auto listener = network.listen({.host = "127.0.0.1"}, std::nullopt, [this](auto channel) {
      auto& made = visitors.emplace_back(std::make_unique<visitor>(*this));
      channel->set_handler(*made);
      made->channel = std::move(channel);
      ++accepted;
    });
    port = (*listener)->port();
    return std::move(*listener);
  }

  std::atomic<bool> echoes = true;
  std::atomic<std::size_t> bytes = 0;
  std::atomic<std::size_t> accepted = 0;
  std::uint16_t port = 0;
  std::vector<std::unique_ptr<visitor>> visitors;
};

struct client final : net::channel_handler {
  void on_open(net::channel&) override { open = true; }
  void on_bytes(net::channel&, byte_view bytes) override { received += bytes.size(); }
  void on_end(net::channel&, const net::channel_end& end) override {
    fmt::print(stderr, "ended: {}\n", end.detail);
    std::exit(3);
  }
  std::unique_ptr<net::channel> channel;
  std::size_t received = 0;
  bool open = false;
};

byte_buffer packet_of(const mqtt::packet& any) {
  byte_buffer bytes;
  if (!mqtt::encode(any, mqtt::protocol_version::v5, bytes)) std::exit(4);
  return bytes;
}

byte_buffer message() {
  return packet_of(mqtt::publish{.topic_name = "plant/line/7/state", .payload = byte_buffer(100)});
}

class measurement {
 public:
  measurement(std::uint16_t port, peer& other) : port_(port), peer_(other), network_(loop_) {}

  void dial(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      auto& made = clients_.emplace_back(std::make_unique<client>());
      made->channel = network_.dial({.host = "127.0.0.1", .port = port_}, {}, *made);
    }
    wait([&] {
      return std::all_of(clients_.begin(), clients_.end(), [](auto& c) { return c->open; });
    });
    const byte_buffer hello = packet_of(mqtt::connect{.client_id = "c"});
    for (auto& each : clients_) each->channel->send(hello);
    const std::size_t all = hello.size() * count;
    wait([&] { return peer_.bytes >= all; });
    wait([&] {
      std::size_t back = 0;
      for (auto& each : clients_) back += each->received;
      return !peer_.echoes || back >= all;
    });
  }

  double packets_per_second() {
    constexpr std::size_t batch = 50;
    const byte_buffer one = message();
    byte_buffer many;
    for (std::size_t i = 0; i < batch; ++i) many.insert(many.end(), one.begin(), one.end());
    const std::size_t before = peer_.bytes;
    const time_point begin = loop_.now();
    std::size_t packets = 0;
    while (loop_.now() - begin < seconds(3)) {
      for (auto& each : clients_) {
        each->channel->send(many);
        packets += batch;
      }
      wait([&] {
        return std::all_of(clients_.begin(), clients_.end(),
                           [](auto& c) { return c->channel->backlog_bytes() == 0; });
      });
    }
    wait([&] { return peer_.bytes - before >= packets * one.size(); });
    return static_cast<double>(packets) /
           std::chrono::duration<double>(loop_.now() - begin).count();
  }

  /// The median of round trips of one packet, in microseconds.
  double round_trip_us() {
    const byte_buffer one = message();
    client& lone = *clients_.front();
    std::vector<double> taken;
    for (int i = 0; i < 20'000; ++i) {
      const std::size_t wanted = lone.received + one.size();
      const time_point begin = loop_.now();
      lone.channel->send(one);
      wait([&] { return lone.received >= wanted; });
      taken.push_back(std::chrono::duration<double, std::micro>(loop_.now() - begin).count());
    }
    std::nth_element(taken.begin(), taken.begin() + 10'000, taken.end());
    return taken[10'000];
  }

 private:
  void wait(const std::function<bool()>& until) {
    if (loop_.run_until(until, loop_.now() + seconds(60))) return;
    fmt::print(stderr, "not in time\n");
    std::exit(3);
  }

  std::uint16_t port_;
  peer& peer_;
  net::asio_loop loop_;
  net::asio_network network_;
  std::vector<std::unique_ptr<client>> clients_;
};

/// An observer makes the proxy look at each packet for somebody.
struct listening final : history::packet_observer {
  void on_open(history::connection_index, time_point) override {}
  void on_packet(const history::packet_seen&) override { ++packets; }
  void on_end(const history::end_seen&) override {}
  void on_fault(const history::fault_seen&) override {}
  std::size_t packets = 0;
};

struct kind {
  const char* name;
  bool proxied;
  bool observed;
  bool has_rule;
};

void measure(const kind& what, std::size_t connections) {
  peer other;
  const looping behind([&](net::network& network) { return other.listen(network); });
  std::atomic<std::uint16_t> port = other.port;
  listening heard;
  std::unique_ptr<looping> between;
  if (what.proxied) {
    between = std::make_unique<looping>([&](net::network& network) {
      auto faults = std::make_shared<fault::injector>(
          network.loop(), fault::injector_options{.observer = what.observed ? &heard : nullptr});
      if (what.has_rule) {
        fault::rule never;
        never.name = "never";
        never.who.packets = {mqtt::packet_type::auth};
        never.what = fault::drop{};
        if (!faults->add(std::move(never))) std::exit(4);
      }
      faults->start(network.loop().now());
      std::shared_ptr<fault::proxy> proxy =
          std::move(*fault::proxy::start(network, *faults,
                                         {.listen = {.host = "127.0.0.1"},
                                          .upstream = {.host = "127.0.0.1", .port = other.port}}));
      port = proxy->port();
      return std::pair(faults, proxy);
    });
  }
  measurement lone(port, other);
  lone.dial(1);
  const double delay = lone.round_trip_us();
  other.echoes = false;
  const double rate = lone.packets_per_second();
  measurement many(port, other);
  many.dial(connections);
  fmt::print("{:<28} {:>12.0f} {:>14.1f} {:>12} {:>14.0f}\n", what.name, rate, delay, connections,
             many.packets_per_second());
}

}  // namespace
}  // namespace gauntlet

int main(int argc, char** argv) {
  const std::size_t connections =
      argc > 1 ? static_cast<std::size_t>(std::strtoul(argv[1], nullptr, 10)) : 5'000;
  gauntlet::sim::raise_descriptor_limit();
  fmt::print("{:<28} {:>12} {:>14} {:>12} {:>14}\n", "", "packets/s", "round trip us",
             "connections", "packets/s");
  for (const gauntlet::kind& each : {gauntlet::kind{"without a proxy", false, false, false},
                                     gauntlet::kind{"proxy", true, false, false},
                                     gauntlet::kind{"proxy, observed", true, true, false},
                                     gauntlet::kind{"proxy with a rule", true, true, true}}) {
    gauntlet::measure(each, connections);
  }
  return 0;
}
