// Goal: the window grows while a broker keeps up and shrinks, once for each burst, when it does
// not.

#include "sim/engine/connect_window.hpp"

#include <gtest/gtest.h>

namespace gauntlet::sim {
namespace {

using std::chrono::milliseconds;

time_point at(int ms) { return time_point(milliseconds(ms)); }

void connect_all(connect_window& window, duration took, time_point now) {
  std::uint32_t started = 0;
  for (; window.has_room(); ++started) window.started();
  for (; started > 0; --started) window.finished(took, now);
}

TEST(ConnectWindow, HoldsBackWhatExceedsIt) {
  connect_window window;
  for (std::uint32_t i = 0; i < connect_window::start; ++i) {
    ASSERT_TRUE(window.has_room());
    window.started();
  }
  EXPECT_FALSE(window.has_room());
  window.finished(milliseconds(1), at(1));
  EXPECT_TRUE(window.has_room());
}

TEST(ConnectWindow, GrowsWhileAnswersAreQuickUpToItsLimit) {
  connect_window window;
  connect_all(window, milliseconds(2), at(10));
  EXPECT_GT(window.size(), connect_window::start);
  for (int i = 0; i < 100; ++i) connect_all(window, milliseconds(2), at(20 + i));
  EXPECT_EQ(window.size(), connect_window::size_max);
}

TEST(ConnectWindow, HalvesOnceForABurstOfSlowAnswers) {
  connect_window window;
  connect_all(window, milliseconds(1000), at(1000));
  EXPECT_EQ(window.size(), connect_window::start / 2);
  connect_all(window, milliseconds(1000), at(2000));
  EXPECT_EQ(window.size(), connect_window::start / 4);
}

TEST(ConnectWindow, NeverClosesAltogether) {
  connect_window window;
  for (int i = 1; i < 30; ++i) connect_all(window, milliseconds(3000), at(3000 * i));
  EXPECT_EQ(window.size(), connect_window::size_min);
  EXPECT_TRUE(window.has_room());
}

}  // namespace
}  // namespace gauntlet::sim
