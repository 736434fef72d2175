// What the proxy costs: packets a second, the delay of a round trip, and connections, each beside
// the same without a proxy. The proxy is a process of its own, client and peer a thread each, over
// loopback; delays are measured in turns with and without it, so that both see the same machine.
//
//   proxy_benchmark [CONNECTIONS]
//   proxy_benchmark --proxy KIND UPSTREAM_PORT     the proxy's process, for the one above

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
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

  /// What belongs to the thread: gone before its loop is.
  struct place {
    explicit place(peer& whose) : owner(&whose) {}
    ~place() {
      if (owner != nullptr) owner->visitors.clear();
    }
    place(place&& other) noexcept
        : owner(std::exchange(other.owner, nullptr)), listener(std::move(other.listener)) {}
    place& operator=(place&&) = delete;

    peer* owner;
    std::unique_ptr<net::listener> listener;
  };

  place listen(net::network& network) {
    auto listener = network.listen({.host = "127.0.0.1"}, std::nullopt, [this](auto channel) {
      auto& made = visitors.emplace_back(std::make_unique<visitor>(*this));
      channel->set_handler(*made);
      made->channel = std::move(channel);
      ++accepted;
    });
    port = (*listener)->port();
    place made(*this);
    made.listener = std::move(*listener);
    return made;
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
    wait_for_peer([&] { return peer_.bytes >= all; });
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
    wait_for_peer([&] { return peer_.bytes - before >= packets * one.size(); });
    return static_cast<double>(packets) /
           std::chrono::duration<double>(loop_.now() - begin).count();
  }

  /// The time of one round trip of one packet, in microseconds.
  double round_trip_us() {
    static const byte_buffer one = message();
    client& lone = *clients_.front();
    const std::size_t wanted = lone.received + one.size();
    const time_point begin = loop_.now();
    lone.channel->send(one);
    wait([&] { return lone.received >= wanted; });
    return std::chrono::duration<double, std::micro>(loop_.now() - begin).count();
  }

 private:
  // Nothing in this loop tells of what the peer's thread has counted.
  void wait_for_peer(const std::function<bool()>& until) {
    const time_point limit = loop_.now() + seconds(60);
    while (!until()) {
      loop_.run_until(until, loop_.now() + std::chrono::milliseconds(1));
      if (loop_.now() < limit) continue;
      fmt::print(stderr, "the peer has not got everything in time\n");
      std::exit(3);
    }
  }
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

enum class kind : int { none, plain, observed, with_a_rule };

constexpr std::string_view name_of(kind what) {
  switch (what) {
    case kind::none:
      return "without a proxy";
    case kind::plain:
      return "proxy";
    case kind::observed:
      return "proxy, observed";
    case kind::with_a_rule:
      break;
  }
  return "proxy with a rule";
}

/// The proxy's process: tells its port on standard output and ends with its standard input.
int be_proxy(kind what, std::uint16_t upstream) {
  net::asio_loop loop;
  net::asio_network network(loop);
  listening heard;
  fault::injector faults(loop, {.observer = what == kind::plain ? nullptr : &heard});
  if (what == kind::with_a_rule) {
    fault::rule never;
    never.name = "never";
    never.who.packets = {mqtt::packet_type::auth};
    never.what = fault::drop{};
    if (!faults.add(std::move(never))) return 4;
  }
  faults.start(loop.now());
  const auto proxy = fault::proxy::start(
      network, faults,
      {.listen = {.host = "127.0.0.1"}, .upstream = {.host = "127.0.0.1", .port = upstream}});
  if (!proxy) return 3;
  const std::uint16_t port = (*proxy)->port();
  if (::write(STDOUT_FILENO, &port, sizeof port) != sizeof port) return 3;
  const auto end = loop.watch_readable(STDIN_FILENO, [&] { loop.stop(); });
  loop.run();
  return 0;
}

/// That process, as long as this lives.
class proxy_process {
 public:
  proxy_process(kind what, std::uint16_t upstream) {
    int to[2];
    int from[2];
    if (::pipe2(to, O_CLOEXEC) != 0 || ::pipe2(from, O_CLOEXEC) != 0) std::exit(3);
    const std::string number = std::to_string(static_cast<int>(what));
    const std::string peer = std::to_string(upstream);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(to[0], STDIN_FILENO);
      ::dup2(from[1], STDOUT_FILENO);
      ::execl("/proc/self/exe", "proxy_benchmark", "--proxy", number.c_str(), peer.c_str(),
              static_cast<char*>(nullptr));
      ::_exit(3);
    }
    ::close(to[0]);
    ::close(from[1]);
    life_ = to[1];
    if (::read(from[0], &port_, sizeof port_) != sizeof port_) std::exit(3);
    ::close(from[0]);
  }
  ~proxy_process() {
    ::close(life_);
    ::waitpid(pid_, nullptr, 0);
  }
  proxy_process(const proxy_process&) = delete;
  proxy_process& operator=(const proxy_process&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  pid_t pid_ = -1;
  int life_ = -1;
  std::uint16_t port_ = 0;
};

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// One packet at a time there and back, in turns of so many directly and through the proxy.
struct delays {
  double direct_us = 0;
  double proxied_us = 0;
};
delays measure_delays(kind what) {
  constexpr int turns = 200;
  constexpr int trips = 50;
  peer other;
  const looping behind([&](net::network& network) { return other.listen(network); });
  const proxy_process between(what, other.port);
  measurement direct(other.port, other);
  direct.dial(1);
  measurement proxied(between.port(), other);
  proxied.dial(1);
  std::vector<double> one;
  std::vector<double> two;
  for (int turn = 0; turn < turns; ++turn) {
    for (int i = 0; i < trips; ++i) one.push_back(direct.round_trip_us());
    for (int i = 0; i < trips; ++i) two.push_back(proxied.round_trip_us());
  }
  return {median_of(std::move(one)), median_of(std::move(two))};
}

double measure_rate(kind what, std::size_t connections) {
  peer other;
  other.echoes = false;
  const looping behind([&](net::network& network) { return other.listen(network); });
  std::unique_ptr<proxy_process> between;
  if (what != kind::none) between = std::make_unique<proxy_process>(what, other.port);
  measurement all(between ? between->port() : other.port, other);
  all.dial(connections);
  return all.packets_per_second();
}

void measure(kind what, std::size_t connections) {
  const delays there = what == kind::none ? delays{} : measure_delays(what);
  fmt::print("{:<20} {:>12.0f} {:>12} {:>12.0f} {:>12.1f} {:>12.1f} {:>10.1f}\n", name_of(what),
             measure_rate(what, 1), connections, measure_rate(what, connections), there.direct_us,
             there.proxied_us, there.proxied_us - there.direct_us);
  std::fflush(stdout);
}

}  // namespace
}  // namespace gauntlet

int main(int argc, char** argv) {
  using gauntlet::kind;
  gauntlet::sim::raise_descriptor_limit();
  if (argc == 4 && std::string_view(argv[1]) == "--proxy") {
    return gauntlet::be_proxy(static_cast<kind>(std::atoi(argv[2])),
                              static_cast<std::uint16_t>(std::atoi(argv[3])));
  }
  const std::size_t connections =
      argc > 1 ? static_cast<std::size_t>(std::strtoul(argv[1], nullptr, 10)) : 5'000;
  fmt::print("{:<20} {:>12} {:>12} {:>12} {:>12} {:>12} {:>10}\n", "", "packets/s", "connections",
             "packets/s", "direct us", "proxied us", "added us");
  for (const kind each : {kind::none, kind::plain, kind::observed, kind::with_a_rule}) {
    gauntlet::measure(each, connections);
  }
  return 0;
}
