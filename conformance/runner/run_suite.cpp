#include "conformance/runner/run_suite.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "conformance/suite/run_case.hpp"
#include "harness/base/seeded_stream.hpp"

namespace gauntlet::conformance {
namespace {

// On a quiet broker: half as many as usual, and only those that failed.
constexpr unsigned quiet_jobs = 32;
// A test that failed and then passed runs this often in all, for its rate.
constexpr std::size_t attempts_of_unstable = 5;
// A failure that is seen this close before the broker's end may be part of it.
constexpr duration death_throes = std::chrono::seconds(2);
constexpr unsigned broker_deaths_max = 20;

bool has_failed(const case_result& result) { return result.verdict == verdict::fail; }

bool could_not_connect(const case_result& result) {
  for (const script::transcript& each : result.transcripts) {
    if (each.entries().empty()) continue;
    if (each.entries().back().what == script::wire_event::open_failed) return true;
  }
  return false;
}

class suite_runner {
 public:
  suite_runner(const std::vector<planned_test>& plan, const broker_access& access,
               const suite_settings& settings, net::network& main, broker_watch& watch,
               const suite_observer& observer)
      : access_(access),
        settings_(settings),
        main_(main),
        watch_(watch),
        observer_(observer),
        started_(main.loop().now()) {
    for (const planned_test& each : plan) run_.tests.push_back({.what = each});
    const auto wall =
        std::chrono::duration_cast<duration>(main.loop().wall_now().time_since_epoch());
    run_.epoch_ns = (wall - started_.time_since_epoch()).count();
  }

  suite_run run() {
    std::vector<std::size_t> together;
    std::vector<std::size_t> alone;
    for (const std::size_t index : shuffled()) {
      (run_.tests[index].what.test->has_need(need::restart) ? alone : together).push_back(index);
    }
    total_ = run_.tests.size() * settings_.repeat;
    for (unsigned i = 0; i < settings_.repeat && !is_over_; ++i) {
      phase_ = "testing";
      run_all(together, settings_.jobs);
      phase_ = "restarting the broker";
      run_alone(alone);
    }
    phase_ = "repeating failures";
    repeat_failures();
    // A crash that nobody can explain is not the end of a good run.
    if (!unexplained_death_.empty()) end(suite_end::broker_died, unexplained_death_);
    run_.took = main_.loop().now() - started_;
    return std::move(run_);
  }

 private:
  // Tests that wait long begin first, so that the others fill their time.
  std::vector<std::size_t> shuffled() const {
    std::vector<std::size_t> order(run_.tests.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    seeded_stream draws(stream_key(settings_.seed).with("order of tests"));
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[draws.below(i)]);
    std::ranges::stable_sort(order, std::ranges::greater(), [this](std::size_t index) {
      return std::chrono::floor<std::chrono::seconds>(run_.tests[index].what.waits);
    });
    return order;
  }

  queued_test queued(std::size_t index) {
    return {.index = index, .what = run_.tests[index].what, .serial = ++serial_};
  }

  // Runs them all, and goes on where a broker that died has been started again.
  void run_all(std::vector<std::size_t> wanted, unsigned jobs) {
    while (!wanted.empty() && !is_over_) {
      std::vector<queued_test> tests;
      for (const std::size_t index : wanted) tests.push_back(queued(index));
      pass_watch watching{.tick = [this](duration within) { return tick(within); },
                          .on_finished = [this](finished_test done) { take(std::move(done)); }};
      pass_end passed = run_tests(tests, access_, jobs, watching);
      wanted = std::move(passed.not_run);
      if (watch_.death()) find_culprit(suspects(std::move(passed.cut)));
    }
  }

  bool tick(duration within) {
    event_loop& loop = main_.loop();
    loop.run_until([] { return false; }, loop.now() + within);
    tell_progress();
    if (observer_.stop_requested && observer_.stop_requested()) {
      end(suite_end::interrupted, "stopped by the user; what had run until then is reported");
    }
    return is_over_ || watch_.death().has_value();
  }

  void tell_progress() const {
    if (!observer_.on_progress) return;
    observer_.on_progress({.done = done_,
                           .total = total_,
                           .failed = failed_,
                           .phase = phase_,
                           .elapsed = main_.loop().now() - started_});
  }

  void take(finished_test done) {
    if (could_not_connect(done.result)) watch_.suspect();
    if (done.result.verdict != verdict::pass) {
      recent_.push_back({done.index, main_.loop().now()});
    }
    ++done_;
    if (has_failed(done.result)) ++failed_;
    run_.tests[done.index].attempts.push_back(std::move(done.result));
  }

  // What was running when the broker died, and what went wrong just before that was noticed.
  std::vector<std::size_t> suspects(std::vector<std::size_t> cut) {
    const time_point now = main_.loop().now();
    for (const auto& [index, at] : std::exchange(recent_, {})) {
      if (now - at > death_throes || run_.tests[index].attempts.empty()) continue;
      if (has_failed(run_.tests[index].attempts.back())) --failed_;
      run_.tests[index].attempts.pop_back();
      --done_;
      cut.push_back(index);
    }
    return cut;
  }

  // Runs each suspect alone: the one that kills the broker again is to blame.
  void find_culprit(const std::vector<std::size_t>& suspected) {
    const std::string how = *watch_.death();
    ++run_.broker_deaths;
    if (!watch_.is_ours() || run_.broker_deaths > broker_deaths_max) {
      return end(suite_end::broker_died, fmt::format("{} while {} tests ran: {}", how,
                                                     suspected.size(), names_of(suspected)));
    }
    bool was_found = false;
    for (const std::size_t index : suspected) {
      if (is_over_ || !revived()) return;
      run_one(index);
      watch_.suspect();  // its end may not have been told yet
      const auto again = watch_.death();
      if (!again) continue;
      ++run_.broker_deaths;
      was_found = true;
      run_.tests[index].broker_death = *again;
      run_.tests[index].log_tail = watch_.log_tail();
    }
    if (!revived()) return;
    if (was_found) return;
    unexplained_death_ =
        fmt::format("{} once, and none of the tests that ran then brought it about again: {}", how,
                    names_of(suspected));
  }

  bool revived() {
    if (!watch_.death()) return true;
    if (const auto back = watch_.revive(); !back) {
      end(suite_end::broker_died, back.error().message);
      return false;
    }
    return true;
  }

  // In this thread, whose loop the broker's process is watched from.
  void run_one(std::size_t index) {
    arena where = make_arena(main_, access_);
    if (access_.may_restart) where.restart = [this] { return watch_.restart(); };
    const planned_test& what = run_.tests[index].what;
    take({index, run_case(where, *what.test, what.version, ++serial_)});
    tick(duration{});
  }

  std::string names_of(const std::vector<std::size_t>& indices) const {
    std::string names;
    for (const std::size_t index : indices) {
      if (!names.empty()) names += ", ";
      if (names.size() > 400) return names + "...";
      names += run_.tests[index].what.test->id;
    }
    return names;
  }

  void run_alone(const std::vector<std::size_t>& wanted) {
    for (const std::size_t index : wanted) {
      if (is_over_ || tick(duration{})) return;
      run_one(index);
      if (watch_.death() && !revived()) return;
    }
  }

  void repeat_failures() {
    const auto repeat = [this](const std::function<bool(const test_run&)>& is_wanted) {
      std::vector<std::size_t> again;
      for (std::size_t i = 0; i < run_.tests.size(); ++i) {
        const test_run& each = run_.tests[i];
        if (each.broker_death.empty() && !each.attempts.empty() && is_wanted(each)) {
          again.push_back(i);
        }
      }
      total_ += again.size();
      std::vector<std::size_t> alone;
      std::erase_if(again, [&](std::size_t index) {
        const bool restarts = run_.tests[index].what.test->has_need(need::restart);
        if (restarts) alone.push_back(index);
        return restarts;
      });
      run_alone(alone);
      std::ranges::stable_sort(again, std::ranges::greater(), [this](std::size_t index) {
        return run_.tests[index].attempts.front().took;
      });
      run_all(std::move(again), quiet_jobs);
    };
    const auto is_failure = [](const test_run& each) {
      return std::ranges::any_of(each.attempts, has_failed);
    };
    repeat(is_failure);
    for (std::size_t i = 2; i < attempts_of_unstable && !is_over_; ++i) {
      repeat([](const test_run& each) {
        return each.concluded() == verdict::unstable && each.attempts.size() < attempts_of_unstable;
      });
    }
  }

  void end(suite_end how, std::string sentence) {
    if (is_over_) return;
    is_over_ = true;
    run_.end = how;
    run_.end_sentence = std::move(sentence);
  }

  const broker_access& access_;
  const suite_settings& settings_;
  net::network& main_;
  broker_watch& watch_;
  const suite_observer& observer_;
  const time_point started_;
  suite_run run_;
  std::vector<std::pair<std::size_t, time_point>> recent_;  ///< did not pass, and when
  std::string unexplained_death_;
  std::string_view phase_;
  std::size_t total_ = 0;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
  std::uint64_t serial_ = 0;
  bool is_over_ = false;
};

}  // namespace

std::optional<verdict> test_run::concluded() const {
  if (!broker_death.empty()) return verdict::fail;
  if (attempts.empty()) return std::nullopt;
  const verdict telling_verdict = telling()->verdict;
  const bool is_mixed = passes() > 0 && passes() < attempts.size();
  return is_mixed && telling_verdict == verdict::fail ? verdict::unstable : telling_verdict;
}

const case_result* test_run::telling() const {
  if (attempts.empty()) return nullptr;
  const auto failed = std::ranges::find_if(attempts, has_failed);
  if (failed != attempts.end()) return &*failed;
  const auto odd = std::ranges::find_if(
      attempts, [](const case_result& each) { return each.verdict != verdict::pass; });
  return odd != attempts.end() ? &*odd : &attempts.front();
}

unsigned test_run::passes() const {
  const auto count = std::ranges::count(attempts, verdict::pass, &case_result::verdict);
  return static_cast<unsigned>(count);
}

suite_run run_suite(const std::vector<planned_test>& plan, const broker_access& access,
                    const suite_settings& settings, net::network& main, broker_watch& watch,
                    const suite_observer& observer) {
  return suite_runner(plan, access, settings, main, watch, observer).run();
}

}  // namespace gauntlet::conformance
