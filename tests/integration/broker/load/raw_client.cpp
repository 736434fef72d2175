#include "tests/integration/broker/load/raw_client.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "harness/mqtt/codec.hpp"

namespace gauntlet::test {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void set(int socket, int level, int option, int value) {
  if (::setsockopt(socket, level, option, &value, sizeof value) != 0) fail("setsockopt");
}

}  // namespace

byte_buffer bytes_of(const std::vector<mqtt::packet>& packets) {
  byte_buffer bytes;
  for (const mqtt::packet& packet : packets) {
    if (!mqtt::encode(packet, mqtt::protocol_version::v3_1_1, bytes)) {
      throw std::runtime_error("a packet of the test cannot be encoded");
    }
  }
  return bytes;
}

raw_client::raw_client(std::uint16_t port, bool small_buffers)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (socket_ < 0) fail("socket");
  if (small_buffers) {
    set(socket_, SOL_SOCKET, SO_RCVBUF, 4'096);
    set(socket_, SOL_SOCKET, SO_SNDBUF, 4'096);
  }
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0) fail("connect");
  set(socket_, IPPROTO_TCP, TCP_NODELAY, 1);
}

raw_client::raw_client(raw_client&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}

raw_client::~raw_client() {
  if (socket_ >= 0) ::close(socket_);
}

void raw_client::connect(const std::string& client_id, bool clean_session,
                         std::uint16_t keep_alive_s) {
  mqtt::connect hello;
  hello.protocol_version = mqtt::protocol_version::v3_1_1;
  hello.client_id = client_id;
  hello.clean_start = clean_session;
  hello.keep_alive_s = keep_alive_s;
  send(bytes_of({hello}));
  if (receive(4)[3] != 0) throw std::runtime_error("the broker refused the client");
}

void raw_client::subscribe(const std::string& filter, mqtt::qos qos) {
  send(bytes_of({mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{filter, {qos}}}}}));
  if (receive(5)[4] > 2) throw std::runtime_error("the broker refused the subscription");
}

bool raw_client::await(short events, std::chrono::milliseconds limit) const {
  pollfd waiting{.fd = socket_, .events = events, .revents = 0};
  return ::poll(&waiting, 1, static_cast<int>(limit.count())) == 1;
}

std::size_t raw_client::send_some(byte_view bytes) {
  const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  if (errno != EAGAIN) fail("send");
  return 0;
}

void raw_client::send(byte_view bytes, std::chrono::milliseconds limit) {
  while (!bytes.empty()) {
    if (!await(POLLOUT, limit)) throw std::runtime_error("the broker takes no bytes");
    bytes = bytes.subspan(send_some(bytes));
  }
}

byte_buffer raw_client::receive(std::size_t size, std::chrono::milliseconds limit) {
  byte_buffer bytes(size);
  for (std::size_t got = 0; got < size;) {
    if (!await(POLLIN, limit)) throw std::runtime_error("the broker sends nothing");
    const ssize_t more = ::recv(socket_, bytes.data() + got, size - got, 0);
    if (more < 0) fail("recv");
    if (more == 0) throw std::runtime_error("the broker closed the connection");
    got += static_cast<std::size_t>(more);
  }
  return bytes;
}

std::size_t raw_client::drain() {
  byte_buffer room(64 * 1024);
  std::size_t all = 0;
  for (;;) {
    const ssize_t got = ::recv(socket_, room.data(), room.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return all;
    if (got < 0) fail("recv");
    if (got == 0) throw std::runtime_error("the broker closed the connection");
    all += static_cast<std::size_t>(got);
  }
}

bool raw_client::is_closed_within(std::chrono::milliseconds limit) {
  byte_buffer room(64 * 1024);
  while (await(POLLIN, limit)) {
    const ssize_t got = ::recv(socket_, room.data(), room.size(), 0);
    if (got == 0 || (got < 0 && errno == ECONNRESET)) return true;
    if (got < 0) fail("recv");
  }
  return false;
}

bool raw_client::is_writable_within(std::chrono::milliseconds limit) {
  return await(POLLOUT, limit);
}

void raw_client::round_trip() {
  send(bytes_of({mqtt::pingreq{}}));
  receive(2);
}

void raw_client::abort() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(socket_, -1));
}

}  // namespace gauntlet::test
