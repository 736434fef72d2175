// Goal: every test of a plan runs, side by side, and its verdict is the right one: what fails now
// and then is unstable, and what was cut short has none.

#include <atomic>
#include <set>

#include "conformance/suite/context.hpp"
#include "tests/integration/conformance/suite_on_a_broker.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::chrono_literals;

void ping(context& test) { test.connected("a").ping(); }

void fail(context& test) {
  test.fail({.client = "a", .expected = "this", .observed = "that", .signature = "this -> that"});
}

class RunSuite : public suite_on_a_broker {
 protected:
  void SetUp() override { open("embedded"); }
};

TEST_F(RunSuite, RunsEachTestOnceWhateverTheNumberOfLanes) {
  for (const unsigned jobs : {1U, 3U, 64U}) {
    suite tests;
    for (int i = 0; i < 40; ++i) tests.add(small_test("ping/" + std::to_string(i), ping));
    const suite_run seen = run(tests, {.jobs = jobs, .seed = jobs});
    EXPECT_EQ(seen.end, suite_end::complete);
    for (const test_run& each : seen.tests) {
      EXPECT_EQ(each.attempts.size(), 1U) << each.what.test->id;
      EXPECT_EQ(each.concluded(), verdict::pass) << each.what.test->id;
    }
  }
}

TEST_F(RunSuite, OrdersTestsBySeed) {
  const auto order_of = [this](std::uint64_t seed) {
    std::vector<int> order;
    suite tests;
    for (int i = 0; i < 20; ++i) {
      tests.add(
          small_test("note/" + std::to_string(i), [&order, i](context&) { order.push_back(i); }));
    }
    run(tests, {.jobs = 1, .seed = seed});
    return order;
  };
  const std::vector<int> first = order_of(1);
  EXPECT_EQ(first.size(), 20U);
  EXPECT_EQ(order_of(1), first);
  EXPECT_NE(order_of(2), first);
}

TEST_F(RunSuite, RepeatsWhatFailsAndTellsUnstableFromFailed) {
  suite tests;
  std::atomic<int> runs = 0;
  tests.add(small_test("always", fail));
  tests.add(small_test("once", [&runs](context& test) {
    if (runs++ == 0) fail(test);
  }));
  tests.add(small_test("never", ping));
  const suite_run seen = run(tests);

  EXPECT_EQ(run_of(seen, "always").concluded(), verdict::fail);
  EXPECT_EQ(run_of(seen, "always").attempts.size(), 2U);
  const test_run& once = run_of(seen, "once");
  EXPECT_EQ(once.concluded(), verdict::unstable);
  EXPECT_EQ(once.attempts.size(), 5U);
  EXPECT_EQ(once.passes(), 4U);
  EXPECT_EQ(once.telling()->verdict, verdict::fail);
  EXPECT_EQ(run_of(seen, "never").attempts.size(), 1U);
}

TEST_F(RunSuite, RunsEachTestAsOftenAsAsked) {
  suite tests;
  std::atomic<int> runs = 0;
  tests.add(small_test("counted", [&runs](context& test) {
    ++runs;
    ping(test);
  }));
  const suite_run seen = run(tests, {.jobs = 2, .repeat = 7});
  EXPECT_EQ(runs, 7);
  EXPECT_EQ(run_of(seen, "counted").passes(), 7U);
}

TEST_F(RunSuite, EndsAtOnceWhenItIsToldTo) {
  suite tests;
  std::atomic<bool> is_waiting = false;
  tests.add(small_test("long", [&is_waiting](context& test) {
    client& a = test.connected("a");
    is_waiting = true;
    a.expect<mqtt::publish>("a PUBLISH that never comes");
  }));
  tests.add(small_test("quick", ping));
  const time_point before = loop.now();
  const suite_run seen = run(tests, {.jobs = 2}, [&is_waiting] { return is_waiting.load(); });
  EXPECT_LT(loop.now() - before, 4s);
  EXPECT_EQ(seen.end, suite_end::interrupted);
  EXPECT_FALSE(run_of(seen, "long").concluded().has_value()) << "a wait cut short is no failure";
}

}  // namespace
}  // namespace gauntlet::conformance
