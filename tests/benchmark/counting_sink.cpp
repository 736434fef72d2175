#include "tests/benchmark/counting_sink.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <new>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <unordered_map>
#include <vector>

namespace gauntlet::benchmark {
namespace {

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::_Exit(3);
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A listening socket on `port`, or -1 if the port is taken.
int listen_on(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) give_up("socket");
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = loopback(port);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd, 4096) != 0) {
    ::close(fd);
    return -1;
  }
  return fd;
}

// Answers the packets of one process's connections.
class sink_process {
 public:
  sink_process(int listener, sink_counters& counters) : listener_(listener), counters_(counters) {}

  [[noreturn]] void run() {
    epoll_ = ::epoll_create1(0);
    if (epoll_ < 0) give_up("epoll_create1");
    watch(listener_);
    std::array<epoll_event, 512> events;
    for (;;) {
      const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < ready; ++i) {
        if (events[static_cast<std::size_t>(i)].data.fd == listener_) {
          accept_all();
        } else {
          read_from(events[static_cast<std::size_t>(i)].data.fd);
        }
      }
    }
  }

 private:
  void watch(int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) give_up("epoll_ctl");
  }

  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      counters_.open.fetch_add(1, std::memory_order_relaxed);
      watch(fd);
    }
  }

  void read_from(int fd) {
    const ssize_t size = ::recv(fd, buffer_.data(), buffer_.size(), 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) {
      partial_.erase(fd);
      counters_.open.fetch_sub(1, std::memory_order_relaxed);
      ::close(fd);
      return;
    }
    const auto partial = partial_.find(fd);
    if (partial == partial_.end()) {
      const std::size_t used = answer(buffer_.data(), static_cast<std::size_t>(size));
      if (used < static_cast<std::size_t>(size)) {
        partial_[fd].assign(buffer_.data() + used, buffer_.data() + size);
      }
    } else {
      std::vector<std::uint8_t>& bytes = partial->second;
      bytes.insert(bytes.end(), buffer_.data(), buffer_.data() + size);
      const std::size_t used = answer(bytes.data(), bytes.size());
      bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(used));
      if (bytes.empty()) partial_.erase(partial);
    }
    if (!reply_.empty()) {
      // A generator that does not read its acknowledgements has lost its claim to them.
      if (::send(fd, reply_.data(), reply_.size(), MSG_NOSIGNAL) < 0 && errno != EAGAIN) return;
      reply_.clear();
    }
  }

  // Answers all whole packets; returns how many bytes they took.
  std::size_t answer(const std::uint8_t* bytes, std::size_t size) {
    std::size_t at = 0;
    std::uint64_t messages = 0;
    for (;;) {
      std::size_t header = 1;
      std::size_t length = 0;
      unsigned shift = 0;
      bool whole = false;
      while (at + header < size && header <= 4) {
        const std::uint8_t byte = bytes[at + header++];
        length |= static_cast<std::size_t>(byte & 0x7f) << shift;
        shift += 7;
        if ((byte & 0x80) == 0) {
          whole = at + header + length <= size;
          break;
        }
      }
      if (!whole) break;
      messages += answer_packet(bytes[at], bytes + at + header);
      at += header + length;
    }
    if (messages > 0) counters_.messages.fetch_add(messages, std::memory_order_relaxed);
    return at;
  }

  std::uint64_t answer_packet(std::uint8_t first, const std::uint8_t* body) {
    switch (first >> 4) {
      case 1:  // CONNECT: the byte after the protocol name "MQTT" is the version
        counters_.connections.fetch_add(1, std::memory_order_relaxed);
        if (body[6] == 5) {
          reply({0x20, 3, 0, 0, 0});
        } else {
          reply({0x20, 2, 0, 0});
        }
        return 0;
      case 3: {  // PUBLISH
        const int qos = (first >> 1) & 3;
        if (qos > 0) {
          const std::uint8_t* identifier = body + 2 + (body[0] << 8) + body[1];
          reply(
              {static_cast<std::uint8_t>(qos == 1 ? 0x40 : 0x50), 2, identifier[0], identifier[1]});
        }
        return 1;
      }
      case 6:  // PUBREL
        counters_.completed.fetch_add(1, std::memory_order_relaxed);
        reply({0x70, 2, body[0], body[1]});
        return 0;
      case 12:  // PINGREQ
        reply({0xd0, 0});
        return 0;
      default:
        return 0;
    }
  }

  void reply(std::initializer_list<std::uint8_t> bytes) {
    reply_.insert(reply_.end(), bytes.begin(), bytes.end());
  }

  int listener_;
  int epoll_ = -1;
  sink_counters& counters_;
  std::array<std::uint8_t, 256 * 1024> buffer_;
  std::vector<std::uint8_t> reply_;
  std::unordered_map<int, std::vector<std::uint8_t>> partial_;
};

}  // namespace

counting_sink::counting_sink(unsigned processes)
    : processes_(processes), pids_(new pid_t[processes]) {
  void* shared = ::mmap(nullptr, sizeof(sink_counters), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) give_up("mmap");
  counters_ = new (shared) sink_counters;

  int listener = -1;
  for (port_ = 21000; listener < 0 && port_ < 32000; ++port_) {
    listener = listen_on(port_);
    if (listener >= 0) break;
  }
  if (listener < 0) give_up("no free port for the sink");

  for (unsigned i = 0; i < processes_; ++i) {
    const pid_t pid = ::fork();
    if (pid < 0) give_up("fork");
    if (pid == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      rlimit limit{};
      ::getrlimit(RLIMIT_NOFILE, &limit);
      limit.rlim_cur = limit.rlim_max;
      ::setrlimit(RLIMIT_NOFILE, &limit);
      // Each process has a listener of its own, so that the kernel spreads the connections.
      const int own = i == 0 ? listener : listen_on(port_);
      auto process = std::make_unique<sink_process>(own, *counters_);
      process->run();
    }
    pids_[i] = pid;
  }
  ::close(listener);
}

counting_sink::~counting_sink() {
  for (unsigned i = 0; i < processes_; ++i) {
    ::kill(pids_[i], SIGKILL);
    ::waitpid(pids_[i], nullptr, 0);
  }
  ::munmap(counters_, sizeof(sink_counters));
}

}  // namespace gauntlet::benchmark
