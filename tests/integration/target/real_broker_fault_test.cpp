// Goal: each fault is seen on Debian's mosquitto, with and without persistence, and on the embedded
// broker: a session that was there before is there afterwards, or is not, as the fault says.

#include <filesystem>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/script/peer.hpp"
#include "harness/target/broker_fault.hpp"
#include "harness/target/probe.hpp"
#include "harness/target/target.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::target {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr duration patience = 10s;

class RealBrokerFaults : public ::testing::Test {
 protected:
  void open(const std::string& name, std::optional<std::uint64_t> disk_bytes = {}) {
    target_options options{.target = name, .run_folder = folder.path()};
    options.keep_state = true;
    options.disk_bytes = disk_bytes;
    auto opened = open_target(options, network);
    ASSERT_TRUE(opened) << opened.error().message;
    target = std::move(*opened);
    faults = std::make_unique<broker_faults>(
        loop, target->control(), [this](const broker_event& event) { events.push_back(event); });
  }

  /// A session that outlives its connection; answers whether it was there.
  bool session_present() {
    script::peer peer(network, *target->endpoint_for(mqtt::protocol_version::v3_1_1),
                      {.version = mqtt::protocol_version::v3_1_1});
    peer.send(mqtt::connect{.protocol_version = mqtt::protocol_version::v3_1_1,
                            .client_id = "stays",
                            .clean_start = false});
    const script::arrival answer = peer.next(patience);
    const auto* const connack = script::packet_of<mqtt::connack>(answer);
    EXPECT_NE(connack, nullptr);
    peer.send(mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{.topic_filter = "a"}}});
    peer.next(patience);
    peer.send(mqtt::disconnect{});
    peer.next(patience);
    return connack != nullptr && connack->session_present;
  }
  void apply_and_wait(const broker_fault& what) {
    faults->apply(what);
    loop.run_until([this] { return faults->is_whole() || faults->is_lost(); },
                   loop.now() + patience);
    EXPECT_TRUE(faults->is_whole()) << (events.empty() ? "" : events.back().text);
  }
  probe_answer ask() {
    return probe(network, *target->endpoint_for(mqtt::protocol_version::v5), {.timeout = 300ms})
        .answer;
  }

  test::temporary_directory folder;
  net::asio_loop loop;
  net::asio_network network{loop};
  std::unique_ptr<target_handle> target;
  std::vector<broker_event> events;
  std::unique_ptr<broker_faults> faults;
};

TEST_F(RealBrokerFaults, PersistentMosquittoKeepsASessionOverAStopInOrderOnly) {
  open("mosquitto");
  EXPECT_FALSE(session_present());
  apply_and_wait(restart_fault{.after = 100ms, .graceful = true});
  EXPECT_TRUE(session_present());
  apply_and_wait(restart_fault{.after = 100ms, .graceful = true, .keeps_state = false});
  EXPECT_FALSE(session_present());
}

TEST_F(RealBrokerFaults, MosquittoInMemoryForgetsASessionAtEachEnd) {
  open("mosquitto-memory");
  session_present();
  EXPECT_TRUE(session_present());
  apply_and_wait(restart_fault{.after = 100ms, .graceful = true});
  EXPECT_FALSE(session_present());
}

TEST_F(RealBrokerFaults, MosquittoIsPausedLimitedAndKilledInARow) {
  open("mosquitto");
  faults->apply(pause_fault{});
  EXPECT_EQ(ask(), probe_answer::silent);
  faults->heal();
  EXPECT_EQ(ask(), probe_answer::accepted);
  faults->apply(scarcity_fault{.at_most = 8});
  EXPECT_NE(ask(), probe_answer::accepted);
  faults->heal();
  apply_and_wait(reload_fault{});
  apply_and_wait(crash_loop_fault{.times = 3, .after = 50ms});
  EXPECT_EQ(ask(), probe_answer::accepted);
}

TEST_F(RealBrokerFaults, MosquittoIsToldWhenItDoesNotStartFromASpoiltStore) {
  open("mosquitto");
  session_present();
  apply_and_wait(restart_fault{.after = 50ms, .graceful = true});
  faults->apply(damage_fault{.how = store_damage::flipped, .after = 50ms});
  loop.run_until([this] { return faults->is_whole() || faults->is_lost(); }, loop.now() + patience);
  // Whether it notices the bit is its own affair; that it was told how it went is ours.
  EXPECT_THAT(events.back().text,
              faults->is_lost() ? HasSubstr("did not come back") : HasSubstr("answers again"));
}

// It writes its store when it is asked to end, finds no room, and comes back with the last one.
TEST_F(RealBrokerFaults, MosquittoCannotStoreWhatItsDiskDoesNotTake) {
  if (::geteuid() != 0) GTEST_SKIP() << "a disk of one's own takes root";
  open("mosquitto", 4U << 20U);
  session_present();
  const std::uint32_t full = faults->apply(disk_full_fault{});
  ASSERT_EQ(events.back().what, broker_event::moment::begins) << events.back().text;
  EXPECT_EQ(ask(), probe_answer::accepted);
  faults->apply(restart_fault{.after = 50ms, .graceful = true});
  const auto is_back = [&] {
    return events.back().what == broker_event::moment::ends && events.back().fault > full;
  };
  ASSERT_TRUE(loop.run_until(is_back, loop.now() + patience)) << events.back().text;
  EXPECT_FALSE(session_present());

  faults->heal();
  apply_and_wait(restart_fault{.after = 50ms, .graceful = true});
  EXPECT_TRUE(session_present());
  apply_and_wait(restart_fault{.after = 50ms, .graceful = true, .keeps_state = false});
  EXPECT_FALSE(session_present());
  // Of all this the machine's own disk has seen the log.
  std::vector<std::string> left;
  for (const auto& each : std::filesystem::directory_iterator(folder.path())) {
    left.push_back(each.path().filename());
  }
  EXPECT_THAT(left, ::testing::ElementsAre("mosquitto.log"));
}

TEST_F(RealBrokerFaults, MosquittoWithoutADiskOfItsOwnIsToldSo) {
  open("mosquitto");
  faults->apply(disk_full_fault{});
  EXPECT_EQ(events.back().what, broker_event::moment::fails);
  EXPECT_EQ(events.back().text, "the broker has no disk of its own");
}

TEST_F(RealBrokerFaults, EmbeddedBrokerKeepsASessionOverAKill) {
  open("embedded");
  EXPECT_FALSE(session_present());
  apply_and_wait(restart_fault{.after = 50ms});
  EXPECT_TRUE(session_present());
  faults->apply(pause_fault{});
  EXPECT_EQ(ask(), probe_answer::silent);
  faults->heal();
  EXPECT_EQ(ask(), probe_answer::accepted);
  apply_and_wait(restart_fault{.after = 50ms, .keeps_state = false});
  EXPECT_FALSE(session_present());
}

}  // namespace
}  // namespace gauntlet::target
