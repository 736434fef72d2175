// Goal: the wheel does what a sorted list of due times would do, at any distance and through any
// mix of arming and cancelling, and sleeps in between.

#include "harness/net/timer_wheel.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/seeded_stream.hpp"
#include "harness/base/virtual_loop.hpp"

namespace gauntlet::net {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

time_point at(duration since_start) { return time_point{} + since_start; }

struct call {
  std::uint32_t index;
  std::uint8_t kind;
  duration when;
  bool operator==(const call&) const = default;
};

void PrintTo(const call& c, std::ostream* out) {
  *out << c.index << '/' << int{c.kind} << " at " << c.when.count() << " ns";
}

class TimerWheel : public testing::Test {
 protected:
  void record(std::uint32_t index, std::uint8_t kind) {
    calls.push_back({index, kind, loop.now().time_since_epoch()});
  }
  virtual_loop loop;
  std::vector<call> calls;
  timer_wheel wheel{loop, [this](auto index, auto kind) { record(index, kind); }, {.kinds = 2}};
};

TEST_F(TimerWheel, CallsWithIndexAndKindAtTheDueTime) {
  wheel.arm(7, 1, at(250ms));
  wheel.arm(3, 0, at(5ms));
  EXPECT_EQ(wheel.size(), 2U);
  loop.run();
  EXPECT_THAT(calls, ElementsAre(call{3, 0, 5ms}, call{7, 1, 250ms}));
  EXPECT_EQ(wheel.size(), 0U);
}

TEST_F(TimerWheel, RoundsUpToTheTick) {
  wheel.arm(0, 0, at(1ns));
  wheel.arm(1, 0, at(1ms + 1ns));
  loop.run();
  EXPECT_THAT(calls, ElementsAre(call{0, 0, 1ms}, call{1, 0, 2ms}));
}

TEST_F(TimerWheel, KeepsTheOrderOfArmingWithinATick) {
  wheel.arm(1, 0, at(100ms));
  loop.run_until([] { return false; }, at(90ms));
  wheel.arm(2, 0, at(99500us));
  wheel.arm(0, 0, at(100ms));
  loop.run();
  EXPECT_THAT(calls, ElementsAre(call{1, 0, 100ms}, call{2, 0, 100ms}, call{0, 0, 100ms}));
}

TEST_F(TimerWheel, ReachesFarBeyondItsLowestLevels) {
  const duration far = 24h * 365 * 200;
  wheel.arm(1, 0, at(far));
  wheel.arm(2, 0, at(63ms));
  wheel.arm(3, 0, at(64ms));
  wheel.arm(4, 0, at(4096ms));
  loop.run();
  EXPECT_THAT(calls,
              ElementsAre(call{2, 0, 63ms}, call{3, 0, 64ms}, call{4, 0, 4096ms}, call{1, 0, far}));
}

TEST_F(TimerWheel, PastTimesAreDueAtTheNextTick) {
  loop.run_until([] { return false; }, at(10s));
  wheel.arm(0, 0, at(1s));
  loop.run();
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_LE(calls[0].when, 10s + 1ms);
}

TEST_F(TimerWheel, CancelledTimeoutsStaySilentAndLetTheLoopEnd) {
  wheel.arm(0, 0, at(1h));
  wheel.arm(0, 1, at(2h));
  wheel.cancel(0, 1);
  wheel.cancel(0, 0);
  wheel.cancel(99, 0);
  EXPECT_FALSE(wheel.armed(0, 0));
  loop.run();
  EXPECT_TRUE(calls.empty());
  EXPECT_EQ(loop.now(), at(0s));
}

TEST_F(TimerWheel, SleepsWhileNothingIsDue) {
  wheel.arm(0, 0, at(24h));
  loop.run();
  EXPECT_LE(loop.turns(), 6U);  // one for each level on the way down, not one for each tick
}

TEST(TimerWheelCallback, MayCancelAndArmWhatIsDueInTheSameTick) {
  virtual_loop loop;
  std::vector<std::uint32_t> order;
  std::unique_ptr<timer_wheel> wheel;
  wheel = std::make_unique<timer_wheel>(loop, [&](std::uint32_t index, std::uint8_t) {
    order.push_back(index);
    if (index != 0) return;
    wheel->cancel(1, 0);
    wheel->arm(2, 0, loop.now() + 1ms);
    wheel->arm(1000, 0, loop.now());
  });
  for (std::uint32_t index = 0; index < 4; ++index) wheel->arm(index, 0, at(7ms));
  loop.run();
  EXPECT_THAT(order, ElementsAre(0, 3, 2, 1000));
}

// A map ordered by (tick, order of arming), with the wheel's rounding.
class naive_wheel {
 public:
  void arm(std::uint32_t index, std::uint64_t tick) {
    cancel(index);
    due_[index] = {tick, ++armed_};
  }
  void cancel(std::uint32_t index) { due_.erase(index); }
  std::vector<std::uint32_t> advance(std::uint64_t now) {
    std::vector<std::tuple<std::uint64_t, std::uint64_t, std::uint32_t>> ready;
    for (const auto& [index, due] : due_) {
      if (due.first <= now) ready.emplace_back(due.first, due.second, index);
    }
    std::sort(ready.begin(), ready.end());
    std::vector<std::uint32_t> order;
    for (const auto& [tick, armed, index] : ready) {
      order.push_back(index);
      due_.erase(index);
    }
    return order;
  }

 private:
  std::map<std::uint32_t, std::pair<std::uint64_t, std::uint64_t>> due_;
  std::uint64_t armed_ = 0;
};

TEST(TimerWheelModel, AgreesWithASortedListThroughRandomUse) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    seeded_stream draws(seed, "timer wheel", "", 0);
    virtual_loop loop;
    std::vector<std::uint32_t> order;
    timer_wheel wheel(loop, [&](std::uint32_t index, std::uint8_t) { order.push_back(index); });
    naive_wheel model;
    std::uint64_t now = 0;
    for (int step = 0; step < 400; ++step) {
      const auto index = static_cast<std::uint32_t>(draws.below(64));
      if (draws.chance(0.2)) {
        wheel.cancel(index, 0);
        model.cancel(index);
      } else if (draws.chance(0.8)) {
        const std::uint64_t tick = now + 1 + (draws.next_u64() >> (24 + draws.below(40)));
        wheel.arm(index, 0, at(std::chrono::milliseconds(tick)));
        model.arm(index, tick);
      } else {
        now += draws.next_u64() >> (30 + draws.below(34));
        order.clear();
        loop.run_until([] { return false; }, at(std::chrono::milliseconds(now)));
        ASSERT_EQ(order, model.advance(now)) << "seed " << seed << ", step " << step;
      }
    }
  }
}

}  // namespace
}  // namespace gauntlet::net
