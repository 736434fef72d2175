#include "conformance/runner/run_tests.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "conformance/suite/run_case.hpp"

namespace gauntlet::conformance {
namespace {

constexpr duration tick_interval = std::chrono::milliseconds(50);

class test_pass {
 public:
  test_pass(const std::vector<queued_test>& tests, const broker_access& access,
            const pass_watch& watch)
      : tests_(tests), access_(access), watch_(watch) {}

  pass_end run(unsigned jobs) {
    const std::size_t count = std::min<std::size_t>(std::max(jobs, 1U), tests_.size());
    working_ = count;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back([this] { work(); });
    while (working_ > 0) {
      if (watch_.tick(tick_interval)) stop();
      tell_finished();
    }
    for (std::thread& each : threads) each.join();
    tell_finished();
    for (std::size_t i = next_; i < tests_.size(); ++i) end_.not_run.push_back(tests_[i].index);
    return end_;
  }

 private:
  void work() {
    lane own;
    enter(own);
    arena where = make_arena(own.network(), access_);
    where.stopping = &stopping_;
    while (const queued_test* const test = take()) run(where, *test);
    leave(own);
  }

  void run(arena& where, const queued_test& test) {
    case_result result = run_case(where, *test.what.test, test.what.version, test.serial);
    const std::scoped_lock guard(mutex_);
    if (stopping_) {
      end_.cut.push_back(test.index);
    } else {
      finished_.push_back({test.index, std::move(result)});
    }
  }

  void enter(lane& own) {
    const std::scoped_lock guard(mutex_);
    lanes_.push_back(&own);
  }

  void leave(const lane& own) {
    const std::scoped_lock guard(mutex_);
    std::erase(lanes_, &own);
    --working_;
  }

  const queued_test* take() {
    const std::scoped_lock guard(mutex_);
    return stopping_ || next_ >= tests_.size() ? nullptr : &tests_[next_++];
  }

  // Waits in progress end, and no result counts any more.
  void stop() {
    const std::scoped_lock guard(mutex_);
    stopping_ = true;
    end_.stopped = true;
    for (lane* const each : lanes_) each->cut_wait();
  }

  void tell_finished() {
    std::vector<finished_test> told;
    {
      const std::scoped_lock guard(mutex_);
      told.swap(finished_);
    }
    for (finished_test& each : told) watch_.on_finished(std::move(each));
  }

  const std::vector<queued_test>& tests_;
  const broker_access& access_;
  const pass_watch& watch_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> working_ = 0;
  std::mutex mutex_;  ///< guards what follows
  std::size_t next_ = 0;
  std::vector<lane*> lanes_;
  std::vector<finished_test> finished_;
  pass_end end_;
};

}  // namespace

pass_end run_tests(const std::vector<queued_test>& tests, const broker_access& access,
                   unsigned jobs, const pass_watch& watch) {
  if (tests.empty()) return pass_end{};
  return test_pass(tests, access, watch).run(jobs);
}

}  // namespace gauntlet::conformance
