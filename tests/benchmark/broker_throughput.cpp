// The reference broker beside Debian's mosquitto: messages per second and the broker's CPU seconds
// per million messages, with raw pre-encoded clients so that the clients cost next to nothing. The
// two run interleaved, and the medians are printed with their ratios: "rate x 2, CPU x 0.5" is
// twice the messages for half the processor time. Memory is what one of 10,000 idle connections
// takes.
//
//   broker_throughput [ROUNDS]

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <memory>
#include <netinet/tcp.h>
#include <string>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "harness/broker/server.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/target/child_process.hpp"
#include "harness/target/port_choice.hpp"
#include "harness/target/process_usage.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::benchmark {
namespace {

[[noreturn]] void fail(const std::string& what) {
  std::perror(what.c_str());
  std::abort();
}

double seconds_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

byte_buffer bytes_of(const std::vector<mqtt::packet>& packets) {
  byte_buffer bytes;
  for (const mqtt::packet& packet : packets) {
    if (!mqtt::encode(packet, mqtt::protocol_version::v3_1_1, bytes)) std::abort();
  }
  return bytes;
}

// One raw connection. Sends copies of one message, as many as it may, and counts bytes that come.
struct raw_client {
  int socket = -1;
  byte_buffer batch;  // many copies of the message
  std::size_t message_size = 0;
  std::size_t allowed_bytes = 0;  // that may be sent now
  std::size_t position = 0;       // in the batch
  std::uint64_t received = 0;
  bool answers = false;  // acknowledges each QoS 1 PUBLISH that comes, of message_size bytes
};

int connect_to(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0) {
    ::close(descriptor);
    return -1;
  }
  const int yes = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return descriptor;
}

void send_all(int socket, byte_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) fail("send");
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
}

void receive_exactly(int socket, std::size_t size) {
  byte_buffer bytes(size);
  for (std::size_t got = 0; got < size;) {
    const ssize_t more = ::recv(socket, bytes.data() + got, size - got, 0);
    if (more <= 0) fail("recv");
    got += static_cast<std::size_t>(more);
  }
}

// A connected client, subscribed if `filter` is not empty; its session outlives it if `lasting`.
raw_client open_client(std::uint16_t port, const std::string& id, const std::string& filter,
                       mqtt::qos qos, bool lasting = false) {
  raw_client client;
  client.socket = connect_to(port);
  if (client.socket < 0) fail("connect");
  send_all(client.socket,
           bytes_of({mqtt::connect{.protocol_version = mqtt::protocol_version::v3_1_1,
                                   .client_id = id,
                                   .clean_start = !lasting}}));
  receive_exactly(client.socket, 4);
  if (!filter.empty()) {
    send_all(
        client.socket,
        bytes_of({mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{filter, {qos}}}}}));
    receive_exactly(client.socket, 5);
  }
  ::fcntl(client.socket, F_SETFL, O_NONBLOCK);
  return client;
}

void load(raw_client& client, mqtt::qos qos) {
  constexpr std::uint16_t copies = 64;  // more than the window, so that identifiers in use differ
  for (std::uint16_t identifier = 1; identifier <= copies; ++identifier) {
    const byte_buffer one = bytes_of({mqtt::publish{.qos = qos,
                                                    .topic_name = "bench/topic",
                                                    .packet_identifier = identifier,
                                                    .payload = byte_buffer(64)}});
    client.message_size = one.size();
    client.batch.insert(client.batch.end(), one.begin(), one.end());
  }
}

void allow(raw_client& client, std::size_t messages) {
  client.allowed_bytes += messages * client.message_size;
}

void send_allowed(raw_client& client) {
  while (client.allowed_bytes > 0) {
    const std::size_t size = std::min(client.batch.size() - client.position, client.allowed_bytes);
    const ssize_t sent =
        ::send(client.socket, client.batch.data() + client.position, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) return;
    if (sent <= 0) fail("send");
    client.allowed_bytes -= static_cast<std::size_t>(sent);
    client.position = (client.position + static_cast<std::size_t>(sent)) % client.batch.size();
  }
}

// Packet identifiers of QoS 1 messages stand behind the fixed header and the topic.
void acknowledge(raw_client& client, byte_view bytes, byte_buffer& partial) {
  constexpr std::size_t identifier_at = 2 + 2 + 11;
  partial.insert(partial.end(), bytes.begin(), bytes.end());
  byte_buffer answer;
  std::size_t at = 0;
  for (; partial.size() - at >= client.message_size; at += client.message_size) {
    answer.insert(answer.end(),
                  {0x40, 0x02, partial[at + identifier_at], partial[at + identifier_at + 1]});
  }
  partial.erase(partial.begin(), partial.begin() + static_cast<std::ptrdiff_t>(at));
  if (!answer.empty()) send_all(client.socket, answer);
}

// Moves bytes of all clients until `done`, calling `refill` after each turn.
void pump(std::vector<raw_client>& clients, const std::function<void()>& refill,
          const std::function<bool()>& done) {
  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  for (std::size_t i = 0; i < clients.size(); ++i) {
    epoll_event interest{EPOLLIN | EPOLLOUT | EPOLLET, {.u64 = i}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, clients[i].socket, &interest);
  }
  std::vector<byte_buffer> partial(clients.size());
  std::vector<epoll_event> events(256);
  std::vector<std::uint8_t> buffer(64 * 1024);
  const double give_up = seconds_now() + 60;
  while (!done()) {
    if (seconds_now() > give_up) fail("no end in sight");
    const int count = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), 100);
    for (int i = 0; i < count; ++i) {
      const std::size_t index = events[static_cast<std::size_t>(i)].data.u64;
      raw_client& client = clients[index];
      for (;;) {
        const ssize_t got = ::recv(client.socket, buffer.data(), buffer.size(), 0);
        if (got < 0 && errno == EAGAIN) break;
        if (got <= 0) fail("the broker hung up");
        client.received += static_cast<std::uint64_t>(got);
        if (client.answers) {
          acknowledge(client, {buffer.data(), static_cast<std::size_t>(got)}, partial[index]);
        }
      }
      send_allowed(client);
    }
    refill();
  }
  ::close(poll);
}

void close_all(std::vector<raw_client>& clients) {
  const byte_buffer farewell = bytes_of({mqtt::disconnect{}});
  for (raw_client& client : clients) {
    send_all(client.socket, farewell);
    ::close(client.socket);
  }
}

// What a load did: messages that reached their end.
using load_function = std::uint64_t (*)(std::uint16_t port);

std::vector<raw_client> publishers(std::uint16_t port, std::size_t count, mqtt::qos qos) {
  std::vector<raw_client> clients;
  for (std::size_t i = 0; i < count; ++i) {
    clients.push_back(open_client(port, "p" + std::to_string(i), "", qos));
    load(clients.back(), qos);
  }
  return clients;
}

// 100 publishers, nobody subscribed; a PINGRESP behind the last message tells that all were taken.
std::uint64_t ingest_qos0(std::uint16_t port) {
  constexpr std::size_t each = 10'000;
  auto clients = publishers(port, 100, mqtt::qos::at_most_once);
  for (raw_client& client : clients) allow(client, each);
  std::vector<bool> asked(clients.size());
  const auto ask = [&] {
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (asked[i] || clients[i].allowed_bytes > 0) continue;
      send_all(clients[i].socket, bytes_of({mqtt::pingreq{}}));
      asked[i] = true;
    }
  };
  pump(clients, ask, [&] {
    return std::ranges::all_of(clients, [](const auto& client) { return client.received >= 2; });
  });
  close_all(clients);
  return each * clients.size();
}

std::uint64_t ingest_qos1_total(std::uint16_t port, std::uint64_t total) {
  constexpr std::size_t window = 20;
  auto clients = publishers(port, 100, mqtt::qos::at_least_once);
  std::vector<std::uint64_t> acknowledged(clients.size());
  for (raw_client& client : clients) {
    allow(client, window);
    send_allowed(client);
  }
  std::uint64_t sum = 0;
  const auto refill = [&] {
    for (std::size_t i = 0; i < clients.size(); ++i) {
      const std::uint64_t now = clients[i].received / 4;
      if (now == acknowledged[i]) continue;
      allow(clients[i], now - acknowledged[i]);
      sum += now - acknowledged[i];
      acknowledged[i] = now;
      send_allowed(clients[i]);
    }
  };
  pump(clients, refill, [&] { return sum >= total; });
  close_all(clients);
  return sum;
}

std::uint64_t ingest_qos1(std::uint16_t port) { return ingest_qos1_total(port, 400'000); }

// The same into the queue of a client that is away: with a store, each message goes to disk before
// it is acknowledged.
std::uint64_t queue_qos1(std::uint16_t port) {
  const auto visit = [port](bool lasting) {
    std::vector<raw_client> reader;
    reader.push_back(
        open_client(port, "away", lasting ? "bench/#" : "", mqtt::qos::at_least_once, lasting));
    close_all(reader);
  };
  visit(true);
  const std::uint64_t messages = ingest_qos1_total(port, 50'000);
  visit(false);
  return messages;
}

// `from` publishers send so that never more than `ahead` deliveries are missing at the `to`
// readers.
std::uint64_t through(std::uint16_t port, std::size_t from, std::size_t to, mqtt::qos qos,
                      std::uint64_t total, std::uint64_t ahead) {
  auto clients = publishers(port, from, qos);
  const std::size_t size = clients.front().message_size;
  for (std::size_t i = 0; i < to; ++i) {
    clients.push_back(open_client(port, "s" + std::to_string(i), "bench/#", qos));
    clients.back().message_size = size;
    clients.back().answers = qos == mqtt::qos::at_least_once;
  }
  std::uint64_t sent = 0;
  std::uint64_t delivered = 0;
  std::size_t turn = 0;
  const auto refill = [&] {
    delivered = 0;
    for (std::size_t i = from; i < clients.size(); ++i) delivered += clients[i].received / size;
    while (sent < total && sent * to < delivered + ahead) {
      raw_client& next = clients[turn++ % from];
      const std::size_t some = std::max<std::size_t>(1, ahead / to / from);
      allow(next, some);
      sent += some;
      send_allowed(next);
    }
  };
  refill();
  pump(clients, refill, [&] { return delivered >= total * to; });
  close_all(clients);
  return delivered;
}

std::uint64_t fan_in_qos0(std::uint16_t port) {
  return through(port, 100, 1, mqtt::qos::at_most_once, 200'000, 1'000);
}
// Few ahead: with hundreds waiting for the one subscriber mosquitto 2.0.11 does not come to the
// end.
std::uint64_t fan_in_qos1(std::uint16_t port) {
  return through(port, 100, 1, mqtt::qos::at_least_once, 100'000, 100);
}
std::uint64_t fan_out_qos1(std::uint16_t port) {
  return through(port, 1, 100, mqtt::qos::at_least_once, 2'000, 1'000);
}
std::uint64_t fan_out_qos0(std::uint16_t port) {
  return through(port, 1, 100, mqtt::qos::at_most_once, 5'000, 20'000);
}

// A broker in a process of its own.
struct process {
  std::string name;
  pid_t pid = -1;
  std::uint16_t port = 0;
};

void await_listener(std::uint16_t port) {
  const double give_up = seconds_now() + 10;
  for (int socket = -1; socket < 0;) {
    socket = connect_to(port);
    if (socket >= 0) ::close(socket);
    if (seconds_now() > give_up) fail("the broker does not listen");
  }
}

process start_reference(std::uint16_t port, const broker::persistence_settings& store = {}) {
  const pid_t pid = ::fork();
  if (pid < 0) fail("fork");
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    net::asio_loop loop;
    net::asio_network network(loop);
    broker::server_options chosen{.listen = {{.where = {.host = "127.0.0.1", .port = port}}}};
    chosen.broker.persistence = store;
    const auto broker = broker::server::start(network, std::move(chosen));
    if (!broker) fail(broker.error().message);
    loop.run();
    ::_exit(0);
  }
  await_listener(port);
  return {"reference", pid, port};
}

process start_mosquitto(std::uint16_t port, const test::temporary_directory& folder,
                        std::unique_ptr<target::child_process>& keep) {
  const auto config = folder.write("mosquitto.conf",
                                   "listener " + std::to_string(port) +
                                       " 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n");
  auto started = target::child_process::start({.command = "mosquitto",
                                               .arguments = {"-c", config},
                                               .working_folder = folder.path(),
                                               .output_file = folder.file("mosquitto.log")});
  if (!started) fail(started.error().message);
  keep = std::make_unique<target::child_process>(std::move(*started));
  await_listener(port);
  return {"mosquitto", keep->pid(), port};
}

struct figures {
  double per_s = 0;
  double cpu_s_per_million = 0;
};

double cpu_seconds(pid_t pid) {
  const auto usage = target::read_process_usage(pid);
  return usage ? std::chrono::duration<double>(usage->cpu_time).count() : 0;
}

figures measure(const process& broker, load_function load) {
  const double cpu_before = cpu_seconds(broker.pid);
  const double before = seconds_now();
  const auto messages = static_cast<double>(load(broker.port));
  const double elapsed = seconds_now() - before;
  return {messages / elapsed, (cpu_seconds(broker.pid) - cpu_before) / messages * 1e6};
}

double median(std::vector<figures> all, double figures::*which) {
  std::ranges::sort(all, {}, which);
  return all[all.size() / 2].*which;
}

void compare(const char* name, load_function load, const process& ours, const process& other,
             int rounds) {
  std::vector<figures> our_figures;
  std::vector<figures> other_figures;
  for (int round = 0; round < rounds; ++round) {
    our_figures.push_back(measure(ours, load));
    other_figures.push_back(measure(other, load));
  }
  const double our_rate = median(our_figures, &figures::per_s);
  const double other_rate = median(other_figures, &figures::per_s);
  const double our_cpu = median(our_figures, &figures::cpu_s_per_million);
  const double other_cpu = median(other_figures, &figures::cpu_s_per_million);
  std::printf("%-24s %9.0f /s %7.2f s/M   %9.0f /s %7.2f s/M   rate x %.2f, CPU x %.2f\n", name,
              our_rate, our_cpu, other_rate, other_cpu, our_rate / other_rate, our_cpu / other_cpu);
  std::fflush(stdout);
}

void compare_idle(const process& ours, const process& other) {
  constexpr std::size_t count = 10'000;
  double per_connection[2] = {};
  for (const auto* broker : {&ours, &other}) {
    const auto before = target::read_process_usage(broker->pid)->resident_bytes;
    std::vector<raw_client> clients;
    for (std::size_t i = 0; i < count; ++i) {
      clients.push_back(
          open_client(broker->port, "idle" + std::to_string(i), "", mqtt::qos::at_most_once));
    }
    const auto after = target::read_process_usage(broker->pid)->resident_bytes;
    per_connection[broker == &ours ? 0 : 1] = static_cast<double>(after - before) / count;
    close_all(clients);
  }
  std::printf("%-24s %9.0f B                  %9.0f B              memory x %.2f\n",
              "10,000 idle, each", per_connection[0], per_connection[1],
              per_connection[0] / per_connection[1]);
}

// What a store costs: the reference broker with each way to synchronize beside itself without one.
void compare_stores(const process& without, std::uint16_t port,
                    const test::temporary_directory& folder, int rounds) {
  using enum broker::store_synchronization;
  std::printf("%-24s %-23s   %-23s\n", "", "with store", "without");
  for (const auto synchronization : {full, normal}) {
    const bool waits = synchronization == full;
    const process with = start_reference(port, {.directory = folder.file(waits ? "full" : "normal"),
                                                .synchronization = synchronization});
    compare(waits ? "QoS 1, 100 -> disk" : "QoS 1, 100 -> system", queue_qos1, with, without,
            rounds);
    ::kill(with.pid, SIGKILL);
    ::waitpid(with.pid, nullptr, 0);
  }
}

int main_program(int rounds) {
  const auto ports = target::choose_ports(3);
  if (!ports) fail(ports.error().message);
  const test::temporary_directory folder;
  std::unique_ptr<target::child_process> mosquitto;
  const process ours = start_reference((*ports)[0]);
  const process other = start_mosquitto((*ports)[1], folder, mosquitto);
  std::printf("%-24s %-23s   %-23s\n", "", "reference broker", "mosquitto");
  compare_idle(ours, other);
  compare("QoS 0, 100 -> 0", ingest_qos0, ours, other, rounds);
  compare("QoS 1, 100 -> 0, win 20", ingest_qos1, ours, other, rounds);
  compare("QoS 0, 100 -> 1", fan_in_qos0, ours, other, rounds);
  compare("QoS 1, 100 -> 1", fan_in_qos1, ours, other, rounds);
  compare("QoS 0, 1 -> 100", fan_out_qos0, ours, other, rounds);
  compare("QoS 1, 1 -> 100", fan_out_qos1, ours, other, rounds);
  compare("QoS 1, 100 -> queue", queue_qos1, ours, other, rounds);
  compare_stores(ours, (*ports)[2], folder, rounds);
  ::kill(ours.pid, SIGKILL);
  ::waitpid(ours.pid, nullptr, 0);
  return 0;
}

}  // namespace
}  // namespace gauntlet::benchmark

int main(int argc, char** argv) {
  return gauntlet::benchmark::main_program(argc > 1 ? std::atoi(argv[1]) : 5);
}
