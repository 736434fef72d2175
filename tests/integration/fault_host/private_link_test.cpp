// Faults below TCP, as the sockets of both ends see them. Where this machine cannot do one, its
// test says so and is skipped.

#include <csignal>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/fault_host/host_capabilities.hpp"
#include "tests/integration/fault_host/link_peer.hpp"

namespace gauntlet::fault_host {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 10s;  // whatever has to happen happens within it
constexpr auto silence = 400ms;
constexpr std::uint16_t port = 18'830;

const std::vector<host_capability>& capabilities() {
  static const std::vector<host_capability> all = probe_host();
  return all;
}

/// Empty if the machine can do it.
std::string missing(const std::string& name) {
  for (const host_capability& each : capabilities()) {
    if (each.name == name) return each.why_not;
  }
  return "unknown to the probe";
}

#define SKIP_UNLESS_HOST_CAN(name) \
  if (const std::string why = missing(name); !why.empty()) GTEST_SKIP() << why

/// A link with a listener at its far side.
struct ground {
  std::unique_ptr<private_link> link = *private_link::make();
  link_peer listener = link_peer::listen(*link, port);

  struct connection {
    link_peer near;
    link_peer far;
  };
  connection connect() const {
    link_peer near = link_peer::dial(*link, port);
    EXPECT_EQ(near.wait_connected(patience), 0);
    return {.near = std::move(near), .far = listener.accept()};
  }
  void shape(const link_state& wanted) const {
    const auto done = link->shape(wanted);
    EXPECT_TRUE(done) << done.error().message;
  }
};

void expect_silence(const link_peer& peer) {
  const peer_reading seen = peer.read(1, silence);
  EXPECT_EQ(seen.bytes, "");
  EXPECT_EQ(seen.end, peer_end::open);
}

bool exists(const std::string& interface) {
  return std::filesystem::exists("/sys/class/net/" + interface);
}

TEST(PrivateLink, CarriesBytesBothWays) {
  SKIP_UNLESS_HOST_CAN("link");
  const ground on;
  const auto [near, far] = on.connect();
  near.send("question");
  EXPECT_EQ(far.read(8, patience).bytes, "question");
  far.send("answer");
  EXPECT_EQ(near.read(6, patience).bytes, "answer");
  EXPECT_EQ(far.remote_address(), on.link->near_address());
}

TEST(PrivateLink, IsGoneWithItsObject) {
  SKIP_UNLESS_HOST_CAN("link");
  std::string interface;
  {
    const auto link = *private_link::make();
    interface = link->interface();
    EXPECT_TRUE(exists(interface));
  }
  EXPECT_FALSE(exists(interface));
}

TEST(PrivateLink, TwoAtOnceDoNotMeet) {
  SKIP_UNLESS_HOST_CAN("link");
  const ground one;
  const ground other;
  EXPECT_NE(one.link->far_address(), other.link->far_address());
  const auto [near, far] = one.connect();
  const auto [other_near, other_far] = other.connect();
  other.shape({.down = true});
  near.send("x");
  EXPECT_EQ(far.read(1, patience).bytes, "x");
}

// The kernel cleans up, so that not even kill -9 leaves an interface behind.
TEST(PrivateLink, IsGoneWithItsProcess) {
  SKIP_UNLESS_HOST_CAN("link");
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto link = private_link::make();
    const std::string name = link ? (*link)->interface() : "none";
    if (::write(ends[1], name.data(), name.size()) < 0) ::_exit(1);
    for (;;) ::pause();
  }
  char text[32] = {};
  ASSERT_GT(::read(ends[0], text, sizeof text - 1), 0);
  const std::string interface = text;
  ASSERT_TRUE(exists(interface));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (exists(interface) && std::chrono::steady_clock::now() < deadline) ::sched_yield();
  EXPECT_FALSE(exists(interface));
}

TEST(PrivateLink, ThatIsDownIsABlackHole) {
  SKIP_UNLESS_HOST_CAN("link_down");
  const ground on;
  const auto [near, far] = on.connect();
  on.shape({.down = true});
  near.send("question");
  far.send("news");
  expect_silence(far);
  expect_silence(near);
  const link_peer late = link_peer::dial(*on.link, port);
  EXPECT_EQ(late.wait_connected(silence), -1);

  on.shape({});
  EXPECT_EQ(far.read(8, patience).bytes, "question");
  EXPECT_EQ(near.read(4, patience).bytes, "news");
  EXPECT_EQ(late.wait_connected(patience), 0);
}

TEST(PrivateLink, LosesPacketsThatTcpSendsAgain) {
  SKIP_UNLESS_HOST_CAN("link_loss");
  const ground on;
  const auto [near, far] = on.connect();
  const std::string much(300'000, 'm');
  on.shape({.loss = 0.05});
  // Few packets of up to 64 KB each: the kernel cuts them to size behind the wire.
  for (int round = 0; round < 100 && near.retransmissions() == 0; ++round) {
    near.send(much);
    ASSERT_EQ(far.read(much.size(), 2 * patience).bytes, much);
  }
  EXPECT_GT(near.retransmissions(), 0U);
}

TEST(PrivateLink, ThatLosesAllIsSilent) {
  SKIP_UNLESS_HOST_CAN("link_loss");
  const ground on;
  const auto [near, far] = on.connect();
  on.shape({.loss = 1});
  near.send("x");
  expect_silence(far);
  on.shape({});
  EXPECT_EQ(far.read(1, patience).bytes, "x");
}

TEST(PrivateLink, ThatRejectsResetsWhoSpeaks) {
  SKIP_UNLESS_HOST_CAN("link_reject");
  const ground on;
  const auto [near, far] = on.connect();
  on.shape({.rejects = true});
  near.send("x");
  EXPECT_EQ(near.read(1, patience).end, peer_end::reset);
  expect_silence(far);
  far.send("y");
  EXPECT_EQ(far.read(1, patience).end, peer_end::reset);
  EXPECT_EQ(link_peer::dial(*on.link, port).wait_connected(patience), ECONNREFUSED);
}

TEST(PrivateLink, LimitsTheRateOfEachDirection) {
  SKIP_UNLESS_HOST_CAN("link_rate");
  const ground on;
  const auto [near, far] = on.connect();
  const std::string much(60'000, 'm');
  on.shape({.bytes_per_s = 60'000});
  near.send(much);
  const peer_reading slow = far.read(much.size(), patience);
  EXPECT_EQ(slow.bytes.size(), much.size());
  EXPECT_GE(slow.took, 700ms);
  far.send(much);
  EXPECT_GE(near.read(much.size(), patience).took, 700ms);

  on.shape({});
  near.send(much);
  EXPECT_LT(far.read(much.size(), patience).took, 700ms);
}

TEST(PrivateLink, KillsTheSocketsOfTheBroker) {
  SKIP_UNLESS_HOST_CAN("sockets_killed");
  const ground on;
  const auto [near, far] = on.connect();
  EXPECT_EQ(*on.link->kill_sockets(link_end::far), 1U);
  EXPECT_EQ(far.read(1, patience).end, peer_end::aborted);
  EXPECT_EQ(near.read(1, patience).end, peer_end::reset);
  on.connect();
}

TEST(PrivateLink, KillsTheSocketsOfClients) {
  SKIP_UNLESS_HOST_CAN("sockets_killed");
  const ground on;
  const auto [near, far] = on.connect();
  EXPECT_EQ(*on.link->kill_sockets(link_end::near), 1U);
  EXPECT_EQ(near.read(1, patience).end, peer_end::aborted);
  EXPECT_EQ(far.read(1, patience).end, peer_end::reset);
}

TEST(PrivateLink, ClientsVanishWithoutAWord) {
  SKIP_UNLESS_HOST_CAN("vanish");
  const ground on;
  const auto [near, far] = on.connect();
  seeded_stream draws{stream_key(1)};
  EXPECT_EQ(*on.link->vanish(1, draws), 1U);
  EXPECT_EQ(near.read(1, patience).end, peer_end::aborted);
  expect_silence(far);
  far.send("are you there");
  expect_silence(far);

  // Its machine is up again: a new connection, while the old one still stands at the broker.
  const auto [again_near, again_far] = on.connect();
  again_near.send("back");
  EXPECT_EQ(again_far.read(4, patience).bytes, "back");
  expect_silence(far);

  ASSERT_TRUE(on.link->bring_back());
  EXPECT_EQ(far.read(1, patience).end, peer_end::reset);
}

TEST(PrivateLink, AShareOfTheClientsVanishes) {
  SKIP_UNLESS_HOST_CAN("vanish");
  const ground on;
  std::vector<ground::connection> all;
  for (int i = 0; i < 40; ++i) all.push_back(on.connect());
  seeded_stream draws{stream_key(1)};
  const std::size_t gone = *on.link->vanish(0.5, draws);
  EXPECT_GT(gone, 5U);
  EXPECT_LT(gone, 35U);
  std::size_t alive = 0;
  for (const ground::connection& each : all) {
    each.near.send("x");
    if (each.near.read(1, 0ms).end == peer_end::open) ++alive;
  }
  EXPECT_EQ(alive + gone, all.size());
}

// What works here is a matter of the machine; that each is told is not.
TEST(HostCapabilities, TellWhyEachIsMissing) {
  EXPECT_THAT(capabilities(), testing::Not(testing::IsEmpty()));
  for (const host_capability& each : capabilities()) {
    EXPECT_EQ(each.works, each.why_not.empty()) << each.name;
    EXPECT_THAT(describe(capabilities()), testing::HasSubstr(each.name));
  }
}

}  // namespace
}  // namespace gauntlet::fault_host
