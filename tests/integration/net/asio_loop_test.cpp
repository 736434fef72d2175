// Goal: the real loop keeps the event loop's promises with real clocks, threads, signals and pipes.

#include "harness/net/asio_loop.hpp"

#include <array>
#include <csignal>
#include <string>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

namespace gauntlet::net {
namespace {

using namespace std::chrono_literals;

class AsioLoop : public testing::Test {
 protected:
  bool eventually(const std::function<bool()>& done) {
    return loop.run_until(done, loop.now() + 5s);
  }
  asio_loop loop;
};

TEST_F(AsioLoop, CallsTimersWhenDueAndNotBefore) {
  const time_point start = loop.now();
  time_point rang{};
  const auto alarm = loop.make_timer([&] { rang = loop.now(); });
  alarm->arm(start + 20ms);
  ASSERT_TRUE(eventually([&] { return rang != time_point{}; }));
  EXPECT_GE(rang, start + 20ms);
}

TEST_F(AsioLoop, ArmingAgainReplacesTheDueTime) {
  int calls = 0;
  const auto alarm = loop.make_timer([&] { ++calls; });
  alarm->arm(loop.now());
  alarm->arm(loop.now() + 10ms);
  loop.run();
  EXPECT_EQ(calls, 1);
}

TEST_F(AsioLoop, CancelledAndDestroyedTimersStaySilent) {
  const auto cancelled = loop.make_timer([] { FAIL(); });
  auto destroyed = loop.make_timer([] { FAIL(); });
  cancelled->arm(loop.now());
  destroyed->arm(loop.now());
  cancelled->cancel();
  destroyed.reset();
  loop.run();
}

TEST_F(AsioLoop, ATimerThatIsDueMayStillBeCancelledByAnother) {
  int calls = 0;
  std::unique_ptr<timer> first;
  std::unique_ptr<timer> second;
  const auto cancel_the_other = [&] {
    ++calls;
    first->cancel();
    second.reset();
  };
  first = loop.make_timer(cancel_the_other);
  second = loop.make_timer([&] {
    ++calls;
    first->cancel();
  });
  first->arm(loop.now());
  second->arm(loop.now());
  loop.run();
  EXPECT_EQ(calls, 1);
}

TEST_F(AsioLoop, TimerMayDestroyItselfInItsCall) {
  std::unique_ptr<timer> alarm;
  const std::string captured = "a name too long for any small buffer";
  std::string seen;
  alarm = loop.make_timer([&, captured] {
    alarm.reset();
    seen = captured;
  });
  alarm->arm(loop.now());
  loop.run();
  EXPECT_EQ(seen, captured);
}

TEST_F(AsioLoop, RunEndsWhenNothingIsLeftAndMayBeRepeated) {
  int calls = 0;
  loop.run();
  loop.post([&] { ++calls; });
  loop.run();
  loop.post([&] { ++calls; });
  loop.run();
  EXPECT_EQ(calls, 2);
}

TEST_F(AsioLoop, RunUntilWaitsForTheDeadlineEvenIfNothingIsLeft) {
  const time_point deadline = loop.now() + 20ms;
  EXPECT_FALSE(loop.run_until([] { return false; }, deadline));
  EXPECT_GE(loop.now(), deadline);
  bool posted = false;
  loop.post([&] { posted = true; });
  EXPECT_TRUE(eventually([&] { return posted; }));
}

TEST_F(AsioLoop, TakesPostsAndStopFromOtherThreads) {
  int calls = 0;
  const auto keeps_it_running = loop.make_timer([] {});
  keeps_it_running->arm(loop.now() + 1h);
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) loop.post([&] { ++calls; });
    loop.post([&] { loop.stop(); });
  });
  loop.run();
  other.join();
  EXPECT_EQ(calls, 1000);
}

TEST_F(AsioLoop, AStopThatComesBeforeTheRunIsNotLost) {
  const auto never = loop.make_timer([] { FAIL(); });
  never->arm(loop.now() + 1h);
  std::thread([&] { loop.stop(); }).join();
  loop.run();
}

TEST_F(AsioLoop, HearsSignalsAgainAndAgain) {
  int signals = 0;
  loop.on_signal(SIGUSR1, [&] { ++signals; });
  ::raise(SIGUSR1);
  ASSERT_TRUE(eventually([&] { return signals == 1; }));
  ::raise(SIGUSR1);
  ASSERT_TRUE(eventually([&] { return signals == 2; }));
}

class AsioLoopWithPipe : public AsioLoop {
 protected:
  AsioLoopWithPipe() { EXPECT_EQ(::pipe(ends.data()), 0); }
  ~AsioLoopWithPipe() override {
    ::close(ends[0]);
    if (ends[1] >= 0) ::close(ends[1]);
  }
  void write(std::string_view text) const {
    EXPECT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  std::string read(std::size_t size_max) const {
    std::string text(size_max, '\0');
    const ssize_t size = ::read(ends[0], text.data(), text.size());
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
  }
  std::array<int, 2> ends{};
};

TEST_F(AsioLoopWithPipe, CallsAsLongAsThereAreBytes) {
  std::string seen;
  const auto watch = loop.watch_readable(ends[0], [&] { seen += read(2); });
  write("hello");
  ASSERT_TRUE(eventually([&] { return seen == "hello"; }));
  write("!");
  ASSERT_TRUE(eventually([&] { return seen == "hello!"; }));
}

TEST_F(AsioLoopWithPipe, TellsTheEndAndMayBeDestroyedInTheCall) {
  std::unique_ptr<descriptor_watch> watch;
  bool at_end = false;
  watch = loop.watch_readable(ends[0], [&] {
    at_end = read(10).empty();
    watch.reset();
  });
  ::close(std::exchange(ends[1], -1));
  loop.run();  // ends because nothing is watched any more
  EXPECT_TRUE(at_end);
}

}  // namespace
}  // namespace gauntlet::net
