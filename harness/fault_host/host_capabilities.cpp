#include "harness/fault_host/host_capabilities.hpp"

#include <arpa/inet.h>
#include <functional>
#include <memory>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include "harness/fault_host/command.hpp"
#include "harness/fault_host/private_link.hpp"

namespace gauntlet::fault_host {
namespace {

constexpr int socket_patience_ms = 2000;

/// A connection over the link, to see what becomes of it.
class trial_connection {
 public:
  explicit trial_connection(const private_link& link) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    link.far_side().within([&] {
      listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      socklen_t size = sizeof where;
      auto* address = reinterpret_cast<sockaddr*>(&where);
      ::bind(listener_, address, size);
      ::listen(listener_, 4);
      ::getsockname(listener_, address, &size);
    });
    where.sin_addr.s_addr = 0;
    ::inet_pton(AF_INET, link.far_address().c_str(), &where.sin_addr);
    near_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    ::connect(near_, reinterpret_cast<const sockaddr*>(&where), sizeof where);
    is_open_ = (events_of(near_, POLLOUT) & (POLLOUT | POLLERR | POLLHUP)) == POLLOUT;
  }
  trial_connection(const trial_connection&) = delete;
  trial_connection& operator=(const trial_connection&) = delete;
  ~trial_connection() {
    ::close(near_);
    ::close(listener_);
  }

  bool is_open() const { return is_open_; }
  /// Waits for the end to be told.
  bool is_broken() const { return (events_of(near_, 0) & (POLLERR | POLLHUP)) != 0; }

 private:
  static int events_of(int descriptor, short wanted) {
    pollfd asked{.fd = descriptor, .events = wanted, .revents = 0};
    ::poll(&asked, 1, socket_patience_ms);
    return asked.revents;
  }

  int listener_ = -1;
  int near_ = -1;
  bool is_open_ = false;
};

outcome<void> try_state(private_link& link, const link_state& wanted) {
  const auto done = link.shape(wanted);
  const auto undone = link.shape({});
  return done ? undone : done;
}

outcome<void> try_connection(private_link& link) {
  if (trial_connection(link).is_open()) return {};
  return environment_failed(
      "packets do not reach the far side, so the kernel lacks nft_nat, or a filter of this machine "
      "is in the way");
}

outcome<void> try_treatment(private_link& link, const packet_treatment& wanted) {
  if (const auto done = link.shape({.treatment = wanted}); !done) return done;
  const bool is_open = trial_connection(link).is_open();
  if (const auto undone = link.shape({}); !undone) return undone;
  if (is_open) return {};
  return environment_failed("packets do not come back from the TUN device");
}

outcome<void> expect_broken(const trial_connection& over, const outcome<std::size_t>& killed) {
  if (!killed) return killed.error();
  if (*killed > 0 && over.is_broken()) return {};
  return environment_failed(
      "the kernel cannot destroy sockets (it is built without CONFIG_INET_DIAG_DESTROY)");
}

outcome<void> try_kill(private_link& link) {
  const trial_connection over(link);
  return expect_broken(over, link.kill_sockets(link_end::far));
}

outcome<void> try_vanish(private_link& link) {
  const trial_connection over(link);
  seeded_stream draws{stream_key(0)};
  const auto vanished = link.vanish(1, draws);
  if (const auto back = link.bring_back(); !back) return back.error();
  return expect_broken(over, vanished);
}

struct trial {
  const char* name;
  const char* what;
  std::function<outcome<void>(private_link&)> attempt;
};

std::vector<trial> trials() {
  return {
      {"link", "a network namespace with veth pairs", try_connection},
      {"link_down", "an interface without carrier",
       [](private_link& link) { return try_state(link, {.down = true}); }},
      {"link_loss", "random drops by nftables",
       [](private_link& link) { return try_state(link, {.loss = 0.5}); }},
      {"link_reject", "resets by nftables",
       [](private_link& link) { return try_state(link, {.rejects = true}); }},
      {"link_rate", "the queue tbf",
       [](private_link& link) { return try_state(link, {.bytes_per_s = 100'000}); }},
      {"link_delay", "a TUN device, and packets through Gauntlet",
       [](private_link& link) {
         return try_treatment(link, {.delay = std::chrono::milliseconds(5)});
       }},
      {"link_duplicate", "the same",
       [](private_link& link) { return try_treatment(link, {.duplicated = 1}); }},
      {"link_reorder", "the same",
       [](private_link& link) { return try_treatment(link, {.reordered = 1}); }},
      {"link_corrupt", "the same",
       [](private_link& link) { return try_treatment(link, {.corrupted = 0.01}); }},
      {"sockets_killed", "sockets destroyed by ss -K", try_kill},
      {"vanish", "nftables, and sockets destroyed by ss -K", try_vanish},
  };
}

}  // namespace

std::vector<host_capability> probe_host() {
  std::vector<host_capability> all;
  const auto link = private_link::make();
  for (const trial& each : trials()) {
    host_capability found{.name = each.name, .what = each.what, .works = false, .why_not = {}};
    const auto tried = link ? each.attempt(**link) : outcome<void>(link.error());
    found.works = tried.has_value();
    if (!tried) found.why_not = tried.error().message;
    all.push_back(std::move(found));
  }
  return all;
}

std::string describe(const std::vector<host_capability>& all) {
  std::string text;
  for (const host_capability& each : all) {
    text += each.works
                ? fmt::format("{:<15} works    {}\n", each.name, each.what)
                : fmt::format("{:<15} missing  {}: {}\n", each.name, each.what, each.why_not);
  }
  return text;
}

}  // namespace gauntlet::fault_host
