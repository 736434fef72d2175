// Goal: each fault of a broker is played by the clock of its loop, is told when it begins and ends,
// and says so where it is not possible. The reference broker in memory, under virtual time.

#include "harness/target/broker_fault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/virtual_loop.hpp"
#include "harness/net/memory_network.hpp"
#include "harness/target/probe.hpp"
#include "harness/target/target.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::target {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class BrokerFaults : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = open_in_memory({.run_folder = folder.path(), .keep_state = true}, network);
    ASSERT_TRUE(opened) << opened.error().message;
    target = std::move(*opened);
    faults = std::make_unique<broker_faults>(
        loop, target->control(), [this](const broker_event& event) { events.push_back(event); });
  }

  bool answers() {
    return probe(network, *target->endpoint_for(mqtt::protocol_version::v5), {.timeout = 1s})
               .answer == probe_answer::accepted;
  }
  void pass(duration time) {
    loop.run_until([] { return false; }, loop.now() + time);
  }
  std::vector<broker_event::moment> moments() const {
    std::vector<broker_event::moment> all;
    for (const broker_event& each : events) all.push_back(each.what);
    return all;
  }

  static constexpr auto begins = broker_event::moment::begins;
  static constexpr auto gone = broker_event::moment::gone;
  static constexpr auto ends = broker_event::moment::ends;
  static constexpr auto fails = broker_event::moment::fails;

  test::temporary_directory folder;
  virtual_loop loop;
  net::memory_network network{loop};
  std::unique_ptr<target_handle> target;
  std::vector<broker_event> events;
  std::unique_ptr<broker_faults> faults;
};

TEST_F(BrokerFaults, KilledBrokerStaysAwayUntilHealed) {
  EXPECT_TRUE(answers());
  faults->apply(kill_fault{});
  pass(10s);
  EXPECT_FALSE(answers());
  EXPECT_FALSE(faults->is_whole());
  faults->heal();
  EXPECT_TRUE(answers());
  EXPECT_TRUE(faults->is_whole());
  EXPECT_THAT(moments(), ElementsAre(begins, gone, ends));
}

TEST_F(BrokerFaults, RestartComesAfterItsTime) {
  faults->apply(restart_fault{.after = 3s, .graceful = true});
  pass(2900ms);
  EXPECT_FALSE(target->control()->is_running());
  pass(200ms);
  EXPECT_TRUE(answers());
  ASSERT_THAT(moments(), ElementsAre(begins, gone, ends));
  EXPECT_EQ(events[2].at - events[0].at, 3s);
}

TEST_F(BrokerFaults, CrashLoopKillsAsOftenAsToldBeforeItEnds) {
  faults->apply(crash_loop_fault{.times = 3, .after = 1s});
  pass(2900ms);
  EXPECT_FALSE(faults->is_whole());
  pass(200ms);
  EXPECT_TRUE(answers());
  ASSERT_THAT(moments(), ElementsAre(begins, gone, gone, gone, ends));
  EXPECT_EQ(events[4].at - events[0].at, 3s);
}

TEST_F(BrokerFaults, LostStateMakesABrokerWithoutFiles) {
  const auto store = folder.path() / "store";
  ASSERT_FALSE(std::filesystem::is_empty(store));
  faults->apply(kill_fault{});
  ASSERT_TRUE(target->control()->damage_store(store_damage::emptied));
  EXPECT_TRUE(std::filesystem::is_empty(store));
}

TEST_F(BrokerFaults, BrokerThatCannotStartIsTold) {
  faults->apply(damage_fault{.how = store_damage::truncated, .after = 1s});
  pass(5s);
  if (faults->is_lost()) {
    EXPECT_THAT(events.back().text, HasSubstr("did not come back"));
  } else {
    EXPECT_TRUE(answers());
  }
}

TEST_F(BrokerFaults, SecondOutageDuringTheFirstFails) {
  faults->apply(restart_fault{.after = 3s});
  const std::uint32_t second = faults->apply(kill_fault{});
  ASSERT_THAT(moments(), ElementsAre(begins, gone, fails));
  EXPECT_EQ(events.back().fault, second);
  EXPECT_THAT(events.back().text, HasSubstr("away already"));
}

TEST_F(BrokerFaults, WhatIsNotPossibleInMemoryIsOneSentence) {
  faults->apply(pause_fault{.lasting = 1s});
  faults->apply(scarcity_fault{});
  faults->apply(disk_full_fault{});
  faults->apply(reload_fault{});
  EXPECT_THAT(moments(), ElementsAre(fails, fails, fails, fails));
  EXPECT_EQ(events[0].text, "the reference broker in memory cannot be paused");
  EXPECT_TRUE(faults->is_whole());
  EXPECT_TRUE(answers());
}

TEST_F(BrokerFaults, BrokerOfOthersIsLeftAlone) {
  broker_faults nobody(loop, nullptr,
                       [this](const broker_event& event) { events.push_back(event); });
  nobody.apply(restart_fault{.after = 2s, .keeps_state = false});
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].what, fails);
  EXPECT_EQ(events[0].text,
            "the broker is not ours, so it was not killed and started again after 2s, its state "
            "lost");
  nobody.heal();
  EXPECT_THAT(events, SizeIs(1));
}

}  // namespace
}  // namespace gauntlet::target
