// Goal: virtual time is exact and repeatable, and a misused loop stops the process.

#include "harness/base/virtual_loop.hpp"

#include <optional>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace gauntlet {
namespace {

using namespace std::chrono_literals;

time_point at(duration since_start) { return time_point{} + since_start; }

TEST(VirtualLoop, JumpsToTheNextDueEvent) {
  virtual_loop loop;
  std::optional<time_point> rang;
  const auto alarm = loop.make_timer([&] { rang = loop.now(); });
  alarm->arm(at(24h));
  loop.run();
  EXPECT_EQ(rang, at(24h));
  EXPECT_EQ(loop.now(), at(24h));
}

TEST(VirtualLoop, OrdersByDueTimeThenByInsertion) {
  virtual_loop loop;
  std::string order;
  const auto a = loop.make_timer([&] { order += 'a'; });
  const auto b = loop.make_timer([&] { order += 'b'; });
  const auto c = loop.make_timer([&] {
    order += 'c';
    loop.post([&] { order += 'p'; });
  });
  a->arm(at(2ms));
  c->arm(at(1ms));
  b->arm(at(1ms));
  loop.post([&] { order += 'n'; });
  loop.run();
  EXPECT_EQ(order, "ncbpa");
}

TEST(VirtualLoop, ArmingAgainReplacesTheDueTime) {
  virtual_loop loop;
  int calls = 0;
  const auto alarm = loop.make_timer([&] { ++calls; });
  alarm->arm(at(1ms));
  alarm->arm(at(5ms));
  loop.run();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(loop.now(), at(5ms));
}

TEST(VirtualLoop, TimesInThePastAreDueNowButFromTheLoop) {
  virtual_loop loop;
  loop.run_until([] { return false; }, at(1s));
  bool called = false;
  const auto alarm = loop.make_timer([&] { called = true; });
  alarm->arm(at(0s));
  EXPECT_FALSE(called);
  loop.run();
  EXPECT_TRUE(called);
  EXPECT_EQ(loop.now(), at(1s));
}

TEST(VirtualLoop, CancelledTimersNeitherRunNorMoveTime) {
  virtual_loop loop;
  const auto alarm = loop.make_timer([] { FAIL(); });
  alarm->arm(at(1h));
  alarm->cancel();
  loop.run();
  EXPECT_EQ(loop.now(), at(0s));
}

TEST(VirtualLoop, ManyCancelledTimersAreSweptAndTheRestStillRuns) {
  virtual_loop loop;
  std::vector<std::unique_ptr<timer>> timers;
  int calls = 0;
  for (int i = 0; i < 1000; ++i) {
    timers.push_back(loop.make_timer([&] { ++calls; }));
    timers.back()->arm(at(std::chrono::milliseconds(1000 - i)));
  }
  for (std::size_t i = 0; i < timers.size(); ++i) {
    if (i % 10 != 0) timers[i]->cancel();
  }
  loop.run();
  EXPECT_EQ(calls, 100);
  EXPECT_EQ(loop.now(), at(1s));
}

TEST(VirtualLoop, TimerMayRearmItself) {
  virtual_loop loop;
  int calls = 0;
  std::unique_ptr<timer> tick;
  tick = loop.make_timer([&] {
    if (++calls < 3) tick->arm(loop.now() + 1s);
  });
  tick->arm(at(1s));
  loop.run();
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(loop.now(), at(3s));
}

TEST(VirtualLoop, TimerMayDestroyItselfAndItsSlotMayBeReused) {
  virtual_loop loop;
  std::string order;
  std::unique_ptr<timer> first;
  std::unique_ptr<timer> second;
  const std::string captured = "a name too long for any small buffer";
  first = loop.make_timer([&, captured] {
    first.reset();
    second = loop.make_timer([&] { order += "second"; });
    second->arm(loop.now());
    order += captured + ", ";
  });
  first->arm(at(1ms));
  loop.run();
  EXPECT_EQ(order, captured + ", second");
}

TEST(VirtualLoop, RunUntilStopsAtTheConditionOrTheDeadline) {
  virtual_loop loop;
  int calls = 0;
  std::unique_ptr<timer> tick;
  tick = loop.make_timer([&] {
    ++calls;
    tick->arm(loop.now() + 1s);
  });
  tick->arm(at(1s));
  EXPECT_TRUE(loop.run_until([&] { return calls == 3; }, at(10s)));
  EXPECT_EQ(loop.now(), at(3s));
  EXPECT_FALSE(loop.run_until([&] { return calls == 100; }, at(4500ms)));
  EXPECT_EQ(loop.now(), at(4500ms));
  EXPECT_EQ(calls, 4);
}

TEST(VirtualLoop, StopEndsTheRunAndTheRestWaitsForTheNext) {
  virtual_loop loop;
  std::string order;
  loop.post([&] {
    order += 'a';
    loop.stop();
  });
  loop.post([&] { order += 'b'; });
  loop.run();
  EXPECT_EQ(order, "a");
  loop.run();
  EXPECT_EQ(order, "ab");
}

TEST(VirtualLoop, WallClockIsAFixedEpochPlusElapsedTime) {
  virtual_loop loop;
  loop.run_until([] { return false; }, at(90s));
  EXPECT_EQ(loop.wall_now(), virtual_loop::epoch + 90s);
}

TEST(VirtualLoop, PostsThatNeverRanMayOwnTimers) {
  virtual_loop loop;
  const std::shared_ptr<timer> owned = loop.make_timer([] {});
  loop.post([owned] {});
  loop.post([owned] {});
}

TEST(VirtualLoopDeathTest, RefusesToRunWithinRun) {
  EXPECT_DEATH(
      {
        virtual_loop loop;
        loop.post([&] { loop.run(); });
        loop.run();
      },
      "invariant broken: !running_");
}

TEST(VirtualLoopDeathTest, RefusesOtherThreads) {
  EXPECT_DEATH(
      {
        virtual_loop loop;
        std::thread([&] { loop.post([] {}); }).join();
      },
      "invariant broken: std::this_thread::get_id");
}

TEST(VirtualLoopDeathTest, RefusesTimersThatOutliveIt) {
  EXPECT_DEATH(
      {
        std::unique_ptr<timer> left;
        virtual_loop loop;
        left = loop.make_timer([] {});
      },
      "invariant broken: timer_count_ == 0");
}

}  // namespace
}  // namespace gauntlet
