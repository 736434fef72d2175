#include "tests/benchmark/floor_generator.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <vector>

namespace gauntlet::benchmark {
namespace {

constexpr std::uint32_t connects_under_way_max = 100;

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::_Exit(3);
}

double seconds_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

class floor_generator {
 public:
  explicit floor_generator(const floor_plan& plan) : plan_(plan) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    epoll_ = ::epoll_create1(0);
    if (epoll_ < 0) give_up("epoll_create1");
    encode_publish();
  }

  void connect_all() {
    sockets_.reserve(plan_.connections);
    while (answered_ < plan_.connections) {
      while (sockets_.size() < plan_.connections &&
             sockets_.size() - answered_ < connects_under_way_max) {
        begin_connect();
      }
      serve(10);
    }
  }

  void publish_for(double duration_s) {
    const double start = seconds_now();
    std::uint64_t sent = 0;
    for (;;) {
      const double elapsed = seconds_now() - start;
      if (elapsed >= duration_s) return;
      const auto due = static_cast<std::uint64_t>(elapsed * plan_.messages_per_s);
      for (; sent < due; ++sent) publish(sockets_[sent % sockets_.size()]);
      serve(1);
    }
  }

 private:
  void begin_connect() {
    const auto index = static_cast<std::uint32_t>(sockets_.size());
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) give_up("socket");
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (plan_.source_addresses > 1) {
      ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
      sockaddr_in source{};
      source.sin_family = AF_INET;
      source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + index % plan_.source_addresses);
      if (::bind(fd, reinterpret_cast<sockaddr*>(&source), sizeof source) != 0) give_up("bind");
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(plan_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 &&
        errno != EINPROGRESS) {
      give_up("connect");
    }
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLONESHOT;
    event.data.u32 = index;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) give_up("epoll_ctl");
    sockets_.push_back(fd);
  }

  void send_connect(std::uint32_t index) {
    const std::string id = "floor-" + std::to_string(index);
    std::string packet = {
        0x10, static_cast<char>(12 + id.size()), 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0,
        0,    static_cast<char>(id.size())};
    packet += id;
    if (::send(sockets_[index], packet.data(), packet.size(), MSG_NOSIGNAL) < 0) give_up("send");
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = index;
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, sockets_[index], &event);
  }

  void encode_publish() {
    const std::string topic = "floor/device/state";
    const bool identified = plan_.qos > 0;
    publish_ = {static_cast<char>(0x30 | plan_.qos << 1),
                static_cast<char>(2 + topic.size() + (identified ? 2 : 0) + 64), 0,
                static_cast<char>(topic.size())};
    publish_ += topic;
    identifier_at_ = publish_.size();
    if (identified) publish_ += std::string("\0\1", 2);
    publish_ += std::string(64, 'x');
  }

  void publish(int fd) {
    if (plan_.qos > 0) {
      identifier_ = static_cast<std::uint16_t>(identifier_ == 65535 ? 1 : identifier_ + 1);
      publish_[identifier_at_] = static_cast<char>(identifier_ >> 8);
      publish_[identifier_at_ + 1] = static_cast<char>(identifier_ & 0xff);
    }
    if (::send(fd, publish_.data(), publish_.size(), MSG_NOSIGNAL) < 0 && errno != EAGAIN) {
      give_up("send");
    }
  }

  void serve(int timeout_ms) {
    const int ready =
        ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), timeout_ms);
    for (int i = 0; i < ready; ++i) {
      const epoll_event& event = events_[static_cast<std::size_t>(i)];
      if (event.events & EPOLLOUT) {
        send_connect(event.data.u32);
      } else {
        read_from(sockets_[event.data.u32]);
      }
    }
  }

  // Acknowledgements are four bytes each; a CONNACK is four too.
  void read_from(int fd) {
    std::array<std::uint8_t, 65536> bytes;
    const ssize_t size = ::recv(fd, bytes.data(), bytes.size(), 0);
    if (size <= 0) {
      if (size < 0 && errno == EAGAIN) return;
      give_up("the sink closed a connection");
    }
    std::string replies;
    for (std::size_t at = 0; at + 4 <= static_cast<std::size_t>(size); at += 4) {
      if (bytes[at] == 0x20) ++answered_;
      if (bytes[at] == 0x50) {
        replies += {0x62, 2, static_cast<char>(bytes[at + 2]), static_cast<char>(bytes[at + 3])};
      }
    }
    if (!replies.empty() && ::send(fd, replies.data(), replies.size(), MSG_NOSIGNAL) < 0) {
      give_up("send");
    }
  }

  floor_plan plan_;
  int epoll_ = -1;
  std::vector<int> sockets_;
  std::uint32_t answered_ = 0;
  std::string publish_;
  std::size_t identifier_at_ = 0;
  std::uint16_t identifier_ = 0;
  std::array<epoll_event, 512> events_{};
};

}  // namespace

void run_floor(const floor_plan& plan) {
  floor_generator generator(plan);
  generator.connect_all();
  generator.publish_for(plan.duration_s);
}

}  // namespace gauntlet::benchmark
