#include "harness/fault_host/packet_relay.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <map>
#include <mutex>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "harness/base/assert.hpp"

namespace gauntlet::fault_host {
namespace {

using clock = std::chrono::steady_clock;
constexpr std::size_t packet_bytes_max = 65'535;
constexpr std::size_t header_bytes_min = 20;  // of IPv4
constexpr std::size_t destination_at = 16;    // in it

// How many bytes of a packet of IPv4 come before what it carries.
std::size_t header_bytes(const std::vector<std::uint8_t>& packet) {
  return std::max(header_bytes_min, std::size_t{packet[0] & 0x0fU} * 4);
}

int open_device(const network_namespace& where, const std::string& name, int& error) {
  int made = -1;
  where.within([&] {
    made = ::open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (made < 0) {
      error = errno;
      return;
    }
    ifreq asked{};
    asked.ifr_flags = IFF_TUN | IFF_NO_PI;
    name.copy(asked.ifr_name, IFNAMSIZ - 1);
    if (::ioctl(made, TUNSETIFF, &asked) != 0) {
      error = errno;
      ::close(made);
      made = -1;
    }
  });
  return made;
}

}  // namespace

/// The thread, the device, and what waits.
class packet_relay::worker {
 public:
  worker(int device, std::uint32_t far, std::uint64_t seed)
      : device_(device),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        far_(far),
        ways_{packet_line(seeded_stream(stream_key(seed).with("packets").with("near"))),
              packet_line(seeded_stream(stream_key(seed).with("packets").with("far")))} {
    GAUNTLET_ASSERT(wake_ >= 0);
    thread_ = std::thread([this] { run(); });
  }
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;
  ~worker() {
    is_ending_ = true;
    wake();
    thread_.join();
    ::close(wake_);
    ::close(device_);
  }

  void treat(const packet_treatment& wanted) {
    {
      const std::lock_guard lock(mutex_);
      treatment_ = wanted;
    }
    wake();
  }
  std::uint64_t dropped() const { return dropped_; }

 private:
  using packet = std::vector<std::uint8_t>;

  void wake() const {
    const std::uint64_t one = 1;
    GAUNTLET_ASSERT(::write(wake_, &one, sizeof one) == sizeof one);
  }

  void run() {
    while (!is_ending_) {
      wait();
      const packet_treatment now_wanted = wanted();
      take(now_wanted);
      release(now_wanted.is_none() ? clock::time_point::max() : clock::now());
    }
  }

  packet_treatment wanted() const {
    const std::lock_guard lock(mutex_);
    return treatment_;
  }

  void wait() const {
    std::array<pollfd, 2> asked{pollfd{.fd = device_, .events = POLLIN, .revents = 0},
                                pollfd{.fd = wake_, .events = POLLIN, .revents = 0}};
    timespec limit{};
    if (!waiting_.empty()) {
      const auto left = std::max(waiting_.begin()->first - clock::now(), clock::duration::zero());
      const auto whole = std::chrono::duration_cast<std::chrono::seconds>(left);
      limit.tv_sec = whole.count();
      limit.tv_nsec = std::chrono::nanoseconds(left - whole).count();
    }
    ::ppoll(asked.data(), asked.size(), waiting_.empty() ? nullptr : &limit, nullptr);
    std::uint64_t ignored = 0;
    if (::read(wake_, &ignored, sizeof ignored) < 0) GAUNTLET_ASSERT(errno == EAGAIN);
  }

  // What the kernel has given, up to a bound, so that what is due does not wait for it.
  void take(const packet_treatment& treatment) {
    constexpr int packets_at_once = 64;
    for (int i = 0; i < packets_at_once; ++i) {
      const ssize_t size = ::read(device_, buffer_.data(), buffer_.size());
      if (size < static_cast<ssize_t>(header_bytes_min)) return;
      packet came(buffer_.begin(), buffer_.begin() + size);
      // The link has no IPv6 addresses; what the kernel says to its neighbours in it goes nowhere.
      if (came[0] >> 4U != 4) continue;
      std::uint32_t destination = 0;
      std::memcpy(&destination, came.data() + destination_at, sizeof destination);
      const std::size_t header = header_bytes(came);
      const std::size_t behind = came.size() > header ? came.size() - header : 0;
      auto copies = ways_.at(destination == far_ ? 1 : 0).pass(treatment, clock::now(), behind);
      for (const packet_line::departure& each : copies) keep(came, header, each);
    }
  }

  void keep(packet came, std::size_t header, const packet_line::departure& leaving) {
    if (waiting_.size() >= queue_max) {
      dropped_ += 1;
      return;
    }
    if (leaving.wrong_bit) {
      came[header + *leaving.wrong_bit / 8] ^=
          static_cast<std::uint8_t>(1U << (*leaving.wrong_bit % 8));
    }
    waiting_.emplace(leaving.at, std::move(came));
  }

  void release(clock::time_point until) {
    while (!waiting_.empty() && waiting_.begin()->first <= until) {
      const packet& leaving = waiting_.begin()->second;
      // The kernel refuses what it cannot route at this moment, such as when a link is down.
      if (::write(device_, leaving.data(), leaving.size()) < 0) dropped_ += 1;
      waiting_.erase(waiting_.begin());
    }
  }

  const int device_;
  const int wake_;
  const std::uint32_t far_;  ///< as it stands in packets
  std::array<packet_line, 2> ways_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(packet_bytes_max);
  std::multimap<clock::time_point, packet> waiting_;
  std::atomic<std::uint64_t> dropped_ = 0;
  std::atomic<bool> is_ending_ = false;
  mutable std::mutex mutex_;
  packet_treatment treatment_;  ///< under the mutex
  std::thread thread_;
};

packet_relay::packet_relay(std::unique_ptr<worker> made) : worker_(std::move(made)) {}
packet_relay::~packet_relay() = default;

outcome<std::unique_ptr<packet_relay>> packet_relay::make(const network_namespace& where,
                                                          const std::string& device,
                                                          const std::string& far_address,
                                                          std::uint64_t seed) {
  std::uint32_t far = 0;
  GAUNTLET_ASSERT(::inet_pton(AF_INET, far_address.c_str(), &far) == 1);
  int error = 0;
  const int made = open_device(where, device, error);
  if (made < 0) {
    return environment_failed("cannot make a TUN device with /dev/net/tun: " +
                              std::generic_category().message(error));
  }
  return std::unique_ptr<packet_relay>(new packet_relay(std::make_unique<worker>(made, far, seed)));
}

void packet_relay::treat(const packet_treatment& wanted) { worker_->treat(wanted); }

std::uint64_t packet_relay::dropped() const { return worker_->dropped(); }

}  // namespace gauntlet::fault_host
