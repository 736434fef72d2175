// Goal: every kind of schedule keeps its law in every stage: counts, intervals, sums, order; and
// what is counted without walking is what walking finds.

#include "sim/plan/schedule_plan.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/plan/fleet_plan.hpp"
#include "sim/plan/plan_summary.hpp"

namespace gauntlet::sim {
namespace {

using namespace std::chrono_literals;

fleet_plan plan_of(const std::string& text) {
  auto loaded = parse_scenario("name: a\n" + text, "f");
  if (!loaded) {
    ADD_FAILURE() << config::to_failure(loaded.error()).message;
    std::abort();
  }
  return fleet_plan(std::move(*loaded));
}

constexpr const char* five_stages =
    "stages:\n"
    "  - {name: warm-up, duration: 100s, load: {from: 0%, to: 100%}}\n"
    "  - {name: steady, duration: 100s}\n"
    "  - {name: spike, duration: 20s, load: 500%}\n"
    "  - {name: pause, duration: 50s, load: 0%}\n"
    "  - {name: ramp-down, duration: 100s, load: {from: 200%, to: 0%}}\n";
// Seconds at full load in each.
constexpr double stage_work_s[] = {50, 100, 100, 0, 100};

/// `time` describes the scenario's time, `keys` its only publication.
fleet_plan publishing(const std::string& time, const std::string& keys,
                      const std::string& count = "1", const std::string& group_keys = "") {
  return plan_of(time + "fleet: [{group: g, count: " + count + group_keys +
                 ", publish: [{topic: t, payload: x, " + keys + "}]}]\n");
}

/// All due times of a device, which must be numbered and in order, and within the time.
std::vector<duration> due_times(const fleet_plan& plan, device_number device = 0) {
  std::vector<duration> times;
  duration last{};
  for (auto next = plan.first_message(device, 0); next;
       next = plan.next_message(device, 0, *next)) {
    EXPECT_EQ(next->sequence, times.size());
    EXPECT_GE(next->due, last);
    EXPECT_LT(next->due, plan.described().publish_for);
    last = next->due;
    times.push_back(next->due);
  }
  return times;
}

std::vector<std::uint64_t> counts_by_stage(const fleet_plan& plan) {
  std::vector<std::uint64_t> counts(plan.stages().count());
  for (device_number device = 0; device < plan.device_count(); ++device) {
    if (plan.group_of(device).publish.empty()) continue;
    for (const duration due : due_times(plan, device)) ++counts[plan.stage_of(due)];
  }
  return counts;
}

TEST(SchedulePlan, PublishesInEachStageAsMuchAsItsLoadSays) {
  for (const char* keys : {"every: 1s", "every: 1s, jitter: 50%", "every: 1s, poisson: true",
                           "every: 10s, burst: {count: 10, spacing: 100ms}",
                           "every: 10s, poisson: true, burst: {count: 10, spacing: 100ms}"}) {
    const auto counts = counts_by_stage(publishing(five_stages, keys, "200"));
    for (std::size_t s = 0; s < counts.size(); ++s) {
      const double expected = 200 * stage_work_s[s];
      // Whole bursts at random times vary more.
      const bool rough = std::string_view(keys).find("poisson: true, burst") != std::string::npos;
      EXPECT_NEAR(static_cast<double>(counts[s]), expected, expected * (rough ? 0.1 : 0.04))
          << keys << " " << s;
    }
  }
}

TEST(SchedulePlan, FollowsARampWithinTheStage) {
  // Of a load that rises from zero, a quarter of the work is done in the first half.
  for (const char* keys : {"every: 1s", "every: 1s, poisson: true"}) {
    const fleet_plan plan = publishing(five_stages, keys, "400");
    double first_half = 0;
    double whole = 0;
    for (device_number device = 0; device < plan.device_count(); ++device) {
      for (const duration due : due_times(plan, device)) {
        if (due >= 100s) break;
        ++whole;
        if (due < 50s) ++first_half;
      }
    }
    EXPECT_NEAR(first_half / whole, 0.25, 0.02) << keys;
  }
}

TEST(SchedulePlan, SpacesMessagesByTheLoad) {
  const auto times = due_times(publishing(five_stages, "every: 1s, first: 100s"));
  ASSERT_EQ(times.size(), 300U);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(times[i], 100s + 1s * i);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(times[100 + i], 200s + 200ms * i);
  EXPECT_EQ(times[200], 270s);  // what was due in the pause comes after it
  EXPECT_NEAR(std::chrono::duration<double>(times[201] - times[200]).count(), 0.5, 0.01);
}

TEST(SchedulePlan, DoesNotDriftOverADay) {
  const auto times = due_times(
      publishing("stages: [{name: a, duration: 12h, load: 300%}, {name: b, duration: 12h}]\n",
                 "every: 7s, first: 0s"));
  for (std::size_t i = 0; i < times.size(); ++i) {
    const duration nominal = 7s * static_cast<std::int64_t>(i);
    const duration exact = nominal < 36h ? nominal / 3 : nominal - 24h;
    ASSERT_LE(std::abs((times[i] - exact).count()), 1);
  }
  EXPECT_EQ(times.size(), 48U * 3600 / 7 + 1);
}

TEST(SchedulePlan, DrawsExponentialIntervalsInEachStage) {
  const fleet_plan plan = publishing(five_stages, "every: 1s, poisson: true", "300");
  std::vector<double> gaps;
  for (device_number device = 0; device < plan.device_count(); ++device) {
    const auto times = due_times(plan, device);
    for (std::size_t i = 1; i < times.size(); ++i) {
      if (times[i - 1] < 200s || times[i - 1] >= 215s) continue;
      gaps.push_back(std::chrono::duration<double>(times[i] - times[i - 1]).count());
    }
  }
  // Five times as fast: mean 0.2 s, and as many above twice the mean as e^-2.
  double sum = 0;
  double beyond = 0;
  for (const double gap : gaps) {
    sum += std::min(gap, 5.0);
    if (gap > 0.4) ++beyond;
  }
  EXPECT_GT(gaps.size(), 20'000U);
  EXPECT_NEAR(sum / static_cast<double>(gaps.size()), 0.2, 0.005);
  EXPECT_NEAR(beyond / static_cast<double>(gaps.size()), std::exp(-2), 0.01);
}

TEST(SchedulePlan, SendsBursts) {
  const auto times = due_times(
      publishing("duration: 25s\n", "every: 10s, first: 1s, burst: {count: 3, spacing: 20ms}"));
  EXPECT_THAT(times, testing::ElementsAre(1s, 1020ms, 1040ms, 11s, 11020ms, 11040ms, 21s, 21020ms,
                                          21040ms));
  EXPECT_EQ(
      due_times(publishing("duration: 1h\n", "every: 10s, burst: {count: 3}, count: 7")).size(),
      7U);
}

TEST(SchedulePlan, AlignsAllDevicesWithTheClock) {
  const fleet_plan plan =
      publishing("duration: 3h\ntime_of_day: 6h40m\n", "every: 1h, aligned: true", "3");
  for (device_number device = 0; device < 3; ++device) {
    EXPECT_THAT(due_times(plan, device), testing::ElementsAre(20min, 80min, 140min));
  }
  // The clock knows no load, and jitter spreads the herd.
  EXPECT_EQ(due_times(publishing(five_stages, "every: 1m, aligned: true")).size(), 7U);
  const auto spread =
      due_times(publishing("duration: 3h\n", "every: 1h, aligned: true, jitter: 1%"));
  ASSERT_EQ(spread.size(), 3U);
  EXPECT_TRUE(spread[1] >= 1h && spread[1] < 1h + 36s);
}

TEST(SchedulePlan, KeepsASingleMessageAtItsTime) {
  EXPECT_THAT(due_times(publishing(five_stages, "first: 230s, count: 1")),
              testing::ElementsAre(230s));
}

TEST(SchedulePlan, FollowsACurveOverTheDay) {
  const std::string curve = "every: 1m, load_curve: {6h: 0%, 12h: 100%, 18h: 0%}";
  const fleet_plan plan = publishing("duration: 48h\ntime_of_day: 3h\n", curve, "20");
  std::vector<double> hours(48);
  for (device_number device = 0; device < plan.device_count(); ++device) {
    for (const duration due : due_times(plan, device)) ++hours[static_cast<std::size_t>(due / 1h)];
  }
  for (std::size_t hour = 0; hour < 48; ++hour) {
    const double of_day = std::fmod(static_cast<double>(hour) + 3.5, 24);
    const double load = std::max(0.0, 1 - std::abs(of_day - 12) / 6);
    EXPECT_NEAR(hours[hour] / 20, 60 * load, 2) << hour;
  }
  // Over midnight, and together with the stages.
  const fleet_plan night = publishing(
      "stages: [{name: a, duration: 2h}, {name: b, duration: 2h, load: {from: 0%, to: 400%}}]\n"
      "time_of_day: 22h\n",
      "every: 1s, load_curve: {4h: 100%, 20h: 50%}");
  const auto counts = counts_by_stage(night);
  EXPECT_NEAR(static_cast<double>(counts[0]), 7200 * 0.6875, 5);
  EXPECT_NEAR(static_cast<double>(counts[1]), 7200 * (2 * 0.8125 + 4 * 0.125 / 12), 10);
}

TEST(SchedulePlan, GivesTheSameWhoeverAsksAndInWhateverOrder) {
  const std::string keys = "every: 1s, poisson: true, load_curve: {0h: 50%, 12h: 200%}";
  const fleet_plan one = publishing(five_stages, keys, "10");
  const fleet_plan other = publishing(five_stages, keys, "20");
  for (device_number device = 10; device-- > 0;) {
    EXPECT_EQ(due_times(one, device), due_times(other, device));
  }
  EXPECT_EQ(one.next_message(3, 0, {.due = 105s, .sequence = 9}),
            other.next_message(3, 0, {.due = 105s, .sequence = 9}));
}

TEST(SchedulePlan, CountsWithoutWalking) {
  for (const char* keys :
       {"every: 3s", "every: 3s, first: 7s", "every: 3s, jitter: 90%", "every: 3s, count: 11",
        "every: 10s, burst: {count: 4, spacing: 1s}, jitter: 40%", "every: 7s, aligned: true",
        "every: 50s, first: 250s, burst: {count: 4, spacing: 10s}", "first: 7s, count: 1",
        "every: 5s, load_curve: {0h: 10%, 1h: 500%}"}) {
    const fleet_plan plan = publishing(five_stages, keys, "5");
    for (device_number device = 0; device < 5; ++device) {
      const auto times = due_times(plan, device);
      for (duration end = 0s; end < 400s; end += 3700ms) {
        const auto place = std::lower_bound(times.begin(), times.end(), end);
        const auto before = static_cast<std::uint32_t>(place - times.begin());
        EXPECT_EQ(plan.count_before(device, 0, end), before) << keys;
        EXPECT_EQ(plan.first_due_from(device, 0, end), place == times.end() ? UINT32_MAX : before)
            << keys;
      }
    }
  }
}

TEST(SchedulePlan, ExpectsTheMeanOfRandomSchedules) {
  for (const char* keys : {"every: 1s, poisson: true", "every: 1s, poisson: true, first: 20s",
                           "every: 10s, poisson: true, burst: {count: 10, spacing: 200ms}"}) {
    const fleet_plan plan = publishing(five_stages, keys, "300");
    double expected = 0;
    double walked = 0;
    for (device_number device = 0; device < 300; ++device) {
      const auto times = due_times(plan, device);
      walked += static_cast<double>(times.size());
      expected += plan.count_before(device, 0, 370s);
      EXPECT_EQ(plan.first_due_from(device, 0, times[20]), 20U);
    }
    EXPECT_NEAR(walked, expected, expected * 0.03) << keys;
  }
}

// Change by change against the values themselves.
TEST(SchedulePlan, TellsEachChangeOfASensorOnce) {
  const std::string sensors =
      ", sensors: {t: {walk: {start: 20, step: 0.3, min: 10, max: 30}, every: 2s}}";
  const fleet_plan plan = publishing(
      "duration: 2h\n", "on_change: {sensor: t, threshold: 1, check_every: 500ms}", "3", sensors);
  const sensor_plan values(plan.described().fleet[0].sensors,
                           stream_key(plan.described().seed).with("sensor").with("g"));
  const sensor_use watched = *values.find_path("t");
  for (device_number device = 0; device < 3; ++device) {
    const auto value = [&](duration at) { return values.value(watched, device, at).number(); };
    const auto times = due_times(plan, device);
    ASSERT_GT(times.size(), 50U);
    EXPECT_LT(times[0], 500ms);
    for (std::size_t i = 1; i < times.size(); ++i) {
      EXPECT_GE(std::abs(value(times[i]) - value(times[i - 1])), 1);
      for (duration between = times[i - 1] + 500ms; between < times[i]; between += 500ms) {
        EXPECT_LT(std::abs(value(between) - value(times[i - 1])), 1);
      }
    }
    EXPECT_EQ(plan.count_before(device, 0, 1h),
              std::lower_bound(times.begin(), times.end(), 1h) - times.begin());
    EXPECT_EQ(plan.next_message(device, 0, {.due = times[30], .sequence = 30})->due, times[31]);
  }
}

TEST(SchedulePlan, LimitsChangesAndBeatsTheHeart) {
  const std::string restless = ", sensors: {t: {uniform: {min: 0, max: 9}, every: 1s}}";
  const auto often = due_times(
      publishing("duration: 10m\n", "on_change: {sensor: t, at_most_every: 10s}", "1", restless));
  ASSERT_GT(often.size(), 50U);
  for (std::size_t i = 1; i < often.size(); ++i) EXPECT_GE(often[i] - often[i - 1], 10s);
  const std::string still = ", sensors: {t: {constant: 4}}";
  EXPECT_EQ(due_times(publishing("duration: 10m\n", "on_change: {sensor: t}", "1", still)).size(),
            1U);
  const auto beats =
      due_times(publishing("duration: 10m\n", "on_change: {sensor: t, heartbeat: 1m}", "1", still));
  ASSERT_EQ(beats.size(), 10U);
  EXPECT_EQ(beats[9] - beats[8], 1min);
}

TEST(SchedulePlan, IsCountedByStageInTheSummary) {
  const fleet_plan plan = plan_of(std::string(five_stages) +
                                  "fleet:\n"
                                  "  - {group: g, count: 10, publish: [{topic: t, every: 1s, "
                                  "payload: {random: 100B}}]}\n"
                                  "  - {group: s, count: 2, subscribe: [{filter: t}]}\n");
  const plan_summary sum = summarize(plan);
  const auto counts = counts_by_stage(plan);
  ASSERT_EQ(sum.stages.size(), 5U);
  for (std::size_t s = 0; s < 5; ++s) {
    EXPECT_EQ(sum.stages[s].messages, static_cast<double>(counts[s]));
    EXPECT_EQ(sum.stages[s].deliveries, 2 * sum.stages[s].messages);
    EXPECT_EQ(sum.stages[s].payload_bytes_sent, 100 * sum.stages[s].messages);
  }
  ASSERT_EQ(sum.groups.size(), 1U);
  EXPECT_EQ(sum.groups[0].name, "g");
  EXPECT_EQ(sum.groups[0].messages, sum.messages_total());
  EXPECT_THAT(describe(sum),
              testing::HasSubstr("stage spike: 20s, load 500%, about 1,000 messages, "
                                 "50/s\n"));
  EXPECT_THAT(describe(sum), testing::HasSubstr("stage warm-up: 1m40s, load 0% to 100%, about "));
}

}  // namespace
}  // namespace gauntlet::sim
