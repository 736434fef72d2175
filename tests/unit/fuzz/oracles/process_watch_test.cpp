// Goal: one thread that spins is seen in a process of many; threads that take turns are not taken
// for one that spins.

#include "fuzz/oracles/process_watch.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace gauntlet::fuzz {
namespace {

using namespace std::chrono_literals;

constexpr double busy = 0.8;

/// Threads of this process that do nothing until they are destroyed.
class idle_threads {
 public:
  explicit idle_threads(int count) {
    for (int i = 0; i < count; ++i) {
      threads_.emplace_back([this] {
        std::unique_lock lock(mutex_);
        ended_.wait(lock, [this] { return is_over_; });
      });
    }
  }
  ~idle_threads() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    ended_.notify_all();
    for (std::thread& each : threads_) each.join();
  }
  idle_threads(const idle_threads&) = delete;
  idle_threads& operator=(const idle_threads&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_over_ = false;
  std::vector<std::thread> threads_;
};

/// Threads that do a piece of work one after the other, round and round: together they keep a
/// processor busy, and none does.
class relay {
 public:
  explicit relay(int count) {
    for (int i = 0; i < count; ++i) threads_.emplace_back([this, i, count] { run(i, count); });
  }
  ~relay() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    changed_.notify_all();
    for (std::thread& each : threads_) each.join();
  }
  relay(const relay&) = delete;
  relay& operator=(const relay&) = delete;

 private:
  void run(int self, int count) {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return is_over_ || turn_ == self; });
      if (is_over_) return;
      lock.unlock();
      for (int i = 0; i < 200'000; ++i) work_ += 1;
      lock.lock();
      turn_ = (self + 1) % count;
      changed_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<std::uint64_t> work_ = 0;
  int turn_ = 0;
  bool is_over_ = false;
  std::vector<std::thread> threads_;
};

TEST(FuzzProcessWatch, SeesOneSpinningThreadAmongMany) {
  const idle_threads others(8);
  EXPECT_LT(busiest_thread_share(getpid(), 100ms), busy);
  std::atomic<bool> is_over = false;
  std::thread spinning([&] {
    while (!is_over) {
    }
  });
  const double share = busiest_thread_share(getpid(), 300ms);
  is_over = true;
  spinning.join();
  EXPECT_GT(share, busy);
}

TEST(FuzzProcessWatch, TellsABusyProcessFromASpinningThread) {
  const relay workers(4);
  EXPECT_LT(busiest_thread_share(getpid(), 300ms), busy);
}

TEST(FuzzProcessWatch, KnowsNoShareOfAProcessThatIsGone) {
  EXPECT_EQ(busiest_thread_share(1 << 30, 1ms), 0.0);
}

}  // namespace
}  // namespace gauntlet::fuzz
