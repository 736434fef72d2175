#include "tests/golden/sample_run.hpp"

#include <algorithm>
#include <string>

namespace gauntlet::golden {
namespace {

using namespace record;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t mebibyte = 1024 * 1024;
constexpr int run_seconds = 60;

constexpr const char* scenario_text = R"(name: quickstart
description: A building of thermostats and doors, watched by dashboards
seed: 42
duration: 60 s
arrival: { ramp: 5 s }

fleet:
  - group: thermostats
    count: 700
    protocol: 5.0
    publish:
      - topic: building/{group}/{index:4}/temperature
        every: 1 s
        qos: 1
        payload: { json: { celsius: { walk: { from: 18, to: 24 } } } }
  - group: doors
    count: 290
    protocol: 3.1.1
    will: { topic: "building/doors/{index:4}/state", payload: gone, retain: true }
    publish:
      - { topic: "building/doors/{index:4}/state", every: 5 s, qos: 2, retain: true }
      - { topic: "building/doors/{index:4}/battery", every: 10 s, qos: 0 }
  - group: dashboards
    count: 10
    subscribe: [ { topic: "building/#", qos: 2 } ]

expect:
  connected: 100 %
  lost: { qos1: 0, qos2: 0 }
  latency: { p99: 1.5 s }
)";

// A latency that looks real: a log-normal-like body around `middle`, with a thin tail.
void record_latencies(histogram& into, duration middle, std::uint64_t count, std::uint64_t salt) {
  auto state = salt;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t sum = 0;
    for (int draw = 0; draw < 6; ++draw) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      sum += (state >> 33) % 1000;
    }
    const auto tail = (state >> 40) % 400 == 0 ? 12 : 1;
    into.record(middle * (200 + static_cast<int>(sum) * static_cast<int>(sum) / 9000) * tail /
                1000);
  }
}

void add_flow(measurements& measured, std::string_view group, std::uint8_t qos,
              std::uint64_t messages) {
  constexpr std::uint64_t subscribers = 10;
  auto& flow = measured.flow(group, qos);
  flow.account = {.planned = messages,
                  .sent = messages,
                  .acknowledged = qos == 0 ? 0 : messages,
                  .expected_deliveries = messages * subscribers,
                  .delivered = messages * subscribers,
                  .payload_bytes_sent = messages * 42,
                  .payload_bytes_received = messages * subscribers * 42};
  const auto middle = microseconds{900 + 500 * qos};
  const auto stalled = messages * subscribers / 30;
  record_latencies(flow.latency_from_schedule, middle, messages * subscribers - stalled, qos + 1);
  record_latencies(flow.latency_from_send, middle * 3 / 4, messages * subscribers, qos + 10);
  // The two seconds in which the broker stood still: seen from the schedule, and, because the
  // sender had to wait as well, hardly seen from the send.
  for (std::uint64_t k = 1; k <= stalled; ++k) {
    flow.latency_from_schedule.record(duration{seconds{2}} * static_cast<int>(k) /
                                      static_cast<int>(stalled));
  }
  if (qos != 0) record_latencies(flow.acknowledgement_time, middle / 2, messages, qos + 20);
}

void add_connections(measurements& measured, std::string_view group, std::uint64_t devices,
                     std::uint64_t subscriptions) {
  auto& made = measured.connection(group);
  made.planned = devices;
  made.attempts = devices;
  made.connected = devices;
  made.closed_by_us = devices;
  record_latencies(made.connect_time, microseconds{2300}, devices, devices);
  made.subscriptions_requested = subscriptions;
  made.subscriptions_granted = subscriptions;
}

void add_series(measurements& measured) {
  for (int second = 0; second < run_seconds; ++second) {
    auto& point = measured.series.at(seconds{second});
    const auto stalled = second == 30 || second == 31;
    const auto arrived = std::min<std::uint64_t>(1000, 200 * static_cast<unsigned>(second + 1));
    const auto jitter = static_cast<std::uint64_t>((second * 37) % 11);
    point.connected = arrived;
    point.sent = (787 + jitter) * arrived / 1000;
    point.received = stalled ? 1200 : point.sent * (second == 32 ? 26 : 10);
    point.acknowledged = stalled ? 90 : (750 + jitter) * arrived / 1000;
    histogram latency;
    record_latencies(latency, stalled ? milliseconds{900} : microseconds{1100 + 20 * (second % 7)},
                     700, static_cast<std::uint64_t>(second) + 3);
    point.latency = compact_histogram(latency);
    histogram lag;
    record_latencies(lag, microseconds{300}, 200, static_cast<std::uint64_t>(second) + 90);
    point.schedule_lag = compact_histogram(lag);
    point.own_cpu = milliseconds{120 + 3 * (second % 9) + (second < 5 ? 90 : 0)};
    point.broker_rss_bytes = 6 * mebibyte + static_cast<std::uint64_t>(second) * 21'000;
    point.broker_cpu = milliseconds{stalled ? 5 : 160 + 4 * (second % 5)};
  }
}

void describe(run_result& run) {
  run.tool_version = "0.1.0";
  run.command_line = {"gauntlet", "run", "scenarios/quickstart.yaml", "--target", "mosquitto"};
  run.scenario = {
      .name = "quickstart",
      .description = "A building of thermostats and doors, watched by dashboards",
      .path = "scenarios/quickstart.yaml",
      .source = scenario_text,
      .seed = 42,
      .plan_sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"};
  run.target = {.given = "mosquitto",
                .url = "mqtt://127.0.0.1:18831",
                .profile = "mosquitto",
                .product = "mosquitto 2.0.11"};
  run.environment = {.host = "bench-1",
                     .os = "Debian GNU/Linux 12 (bookworm)",
                     .kernel = "Linux 6.1.0-18-amd64",
                     .cpu_model = "AMD EPYC 7B13",
                     .cores = 2,
                     .memory_bytes = 24'576 * mebibyte,
                     .descriptor_limit = 20'000};
  run.started = *from_iso8601("2026-03-14T09:26:53.589Z");
  run.duration = seconds{run_seconds} + milliseconds{214};
  run.real_duration = run.duration;
  run.ending = ending::complete;
  run.ending_sentence = "The scenario ran to its end.";
}

void add_generator(run_result& run) {
  auto& generator = run.measured.generator;
  generator.workers = {{.id = 0,
                        .pid = 4711,
                        .devices = 1000,
                        .cpu = milliseconds{8'214},
                        .rss_bytes_max = 14 * mebibyte,
                        .finished = true}};
  record_latencies(generator.schedule_lag, microseconds{300}, 48'000, 5);
  record_latencies(generator.loop_lag, microseconds{80}, 6'000, 6);
  run.generator = {.limited = false,
                   .sentence =
                       "99 % of the messages left within 1.3 ms of their time, and the "
                       "generator used 14 % of one core."};
}

std::vector<expectation_record> met_expectations() {
  return {{.id = "connected",
           .where = "scenarios/quickstart.yaml:28",
           .sentence = "All devices connect",
           .expected = "100 %",
           .observed = "1,000 of 1,000",
           .verdict = verdict::pass},
          {.id = "delivery.qos1.lost",
           .where = "scenarios/quickstart.yaml:29",
           .sentence = "No message at QoS 1 is lost",
           .expected = "0",
           .observed = "0 of 420,000",
           .verdict = verdict::pass},
          {.id = "delivery.qos2.lost",
           .where = "scenarios/quickstart.yaml:29",
           .sentence = "No message at QoS 2 is lost",
           .expected = "0",
           .observed = "0 of 34,800",
           .verdict = verdict::pass},
          {.id = "latency.p99",
           .where = "scenarios/quickstart.yaml:30",
           .sentence = "99 of 100 messages arrive within 1.5 s of their time",
           .expected = "at most 1.5 s",
           .observed = "1.4 s",
           .verdict = verdict::pass}};
}

void add_faults(run_result& run) {
  run.faults = {{.name = "lost-puback",
                 .what = "drop PUBACK to the client",
                 .active = {{.from = seconds{10}, .until = seconds{20}},
                            {.from = seconds{40}, .until = seconds{50}}},
                 .strikes = 1'204},
                {.name = "tunnel <1>",
                 .what = "partition",
                 .active = {{.from = seconds{15}, .until = seconds{17}}},
                 .strikes = 12},
                {.name = "never-there", .what = "drop PINGRESP to the client"}};
  run.guarantees = {
      {.rule = "D1",
       .title = "Nothing comes that was not sent, and to nobody who did not subscribe",
       .verdict = verdict::pass,
       .asked = 454'800},
      {.rule = "D3",
       .title = "What the broker has taken over at QoS 1 and 2 comes",
       .verdict = verdict::fail,
       .asked = 454'800,
       .counts = {{.class_name = "lost", .count = 3}},
       .findings = {{.class_name = "lost",
                     .verdict = verdict::fail,
                     .sentence =
                         "message 17 of thermostats-1 to \"a/<b>\" never came to dashboards-3",
                     .witness = {{.connection = "thermostats-1#2",
                                  .to_broker = true,
                                  .sent = milliseconds{12'000},
                                  .passed = milliseconds{12'002},
                                  .packet = "PUBLISH 7, QoS 1, a/<b>"},
                                 {.connection = "thermostats-1#2",
                                  .to_broker = false,
                                  .sent = milliseconds{12'003},
                                  .packet = "PUBACK 7",
                                  .fault = "lost-puback"}}}}},
      {.rule = "W1", .title = "A will that is due is published, once and in time"}};
  run.expectations.push_back({.id = "guarantee.D1",
                              .sentence = "D1 " + run.guarantees[0].title,
                              .expected = "no breach",
                              .observed = "no breach in 454,800",
                              .verdict = verdict::pass});
  run.expectations.push_back({.id = "guarantee.D3",
                              .sentence = "D3 " + run.guarantees[1].title,
                              .expected = "no breach",
                              .observed = "3 lost in 454,800",
                              .verdict = verdict::fail});
}

}  // namespace

run_result passed_run() {
  run_result run;
  describe(run);
  auto& measured = run.measured;
  add_flow(measured, "thermostats", 1, 42'000);
  add_flow(measured, "doors", 0, 1'740);
  add_flow(measured, "doors", 2, 3'480);
  add_connections(measured, "thermostats", 700, 0);
  add_connections(measured, "doors", 290, 0);
  add_connections(measured, "dashboards", 10, 10);
  measured.wills = {.expected = 40, .delivered = 40};
  measured.retained = {.expected = 2'900, .delivered = 2'900};
  add_series(measured);
  add_generator(run);
  measured.events.add(
      {milliseconds{3}, event_level::info, "coordinator", "1,000 devices in 1 worker"});
  measured.events.add({seconds{5}, event_level::info, "coordinator", "All devices are connected"});
  measured.events.add({milliseconds{30'040}, event_level::warning, "worker 0",
                       "The broker has not read from 700 connections for 1 s"});
  measured.events.add(
      {milliseconds{60'214}, event_level::info, "broker", "Stopped by us, exit status 0"});
  run.broker_processes = {{.pid = 4700,
                           .command = "mosquitto -c mosquitto.conf",
                           .output_file = "mosquitto.log",
                           .started_at = milliseconds{-212},
                           .rss_bytes_start = 5 * mebibyte,
                           .rss_bytes_end = 7 * mebibyte,
                           .rss_bytes_max = 7 * mebibyte + 300'000,
                           .cpu = milliseconds{9'870},
                           .exit = "stopped by us, exit status 0"}};
  run.expectations = met_expectations();
  conclude(run);
  return run;
}

run_result failed_run() {
  auto run = passed_run();
  run.scenario.name = "quick & <dirty>";
  run.scenario.description = "Holds </script><script>fail()</script>, {{name}} and {{{source}}}";
  run.scenario.source +=
      "# </script><script>document.title = 'broken'</script> <!-- {{#x}} & \"'\n";
  run.command_line.emplace_back("--out");
  run.command_line.emplace_back("it's here");
  auto& flow = run.measured.flow("thermostats", 1);
  flow.account.delivered -= 5;
  flow.account.lost = 3;
  flow.account.uncertain = 2;
  flow.account.duplicated = 17;
  flow.account.reordered = 4;
  auto& doors = run.measured.connection("doors");
  doors.attempts += 25;
  doors.reconnected = 12;
  doors.connected += 12;
  doors.failures.add("connection refused", 9);
  doors.failures.add("no CONNACK within 5 s", 3);
  doors.failures.add("CONNACK 0x97 <quota exceeded>");
  doors.sessions_resumed = 11;
  doors.sessions_lost = 1;
  doors.offline_time.record(seconds{2}, 12);
  record::recovery_account& storm = run.measured.recovery("storm at 30s", seconds{30});
  storm.concerned = 12;
  storm.back_after.record(seconds{3}, 11);
  doors.unexpected_disconnects.add("connection reset by peer", 12);
  doors.disconnected_by_faults.add("readers-cut: connection reset by peer", 29);
  run.measured.wills.unexpected = 2;
  run.measured.retained.stale = 1;
  run.measured.retained.delivered -= 1;
  run.measured.foreign_messages = 6;
  run.measured.protocol_errors.add("PUBACK for a packet identifier that is not in use", 1);
  run.measured.events.add(
      {milliseconds{31'500}, event_level::error, "worker 0",
       "topic \"a/<b>/</script>\" : PUBACK for packet identifier 7, not in use"});
  run.expectations[1].observed = "3 of 420,000";
  run.expectations[1].verdict = verdict::fail;
  run.expectations[2].observed = "2 of 34,800 uncertain";
  run.expectations[2].verdict = verdict::inconclusive;
  run.expectations[3].sentence =
      "99 of 100 messages arrive within 1.5 s of \"<their>\" time & place";
  run.generator = {.limited = true, .sentence = "1 % of the messages left more than 60 ms late."};
  add_faults(run);
  conclude(run);
  return run;
}

run_result cut_run() {
  run_result run;
  describe(run);
  run.duration = milliseconds{2'480};
  run.real_duration = run.duration;
  run.ending = ending::target_died;
  run.ending_sentence =
      "The broker (mosquitto, pid 4700) was killed by signal 9 after 2.5 s; see mosquitto.log.";
  auto& account = run.measured.flow("thermostats", 1).account;
  account = {.planned = 700,
             .sent = 140,
             .not_sent = 560,
             .expected_deliveries = 1'400,
             .uncertain = 1'400};
  add_connections(run.measured, "thermostats", 140, 0);
  run.measured.connection("thermostats").planned = 700;
  run.measured.connection("thermostats").unexpected_disconnects.add("connection closed", 140);
  run.measured.connection("thermostats").closed_by_us = 0;
  run.measured.series.at(seconds{2}).sent = 140;
  run.measured.events.add(
      {milliseconds{2'470}, event_level::error, "broker", "mosquitto was killed by signal 9"});
  run.broker_processes = {{.pid = 4700,
                           .command = "mosquitto -c mosquitto.conf",
                           .output_file = "mosquitto.log",
                           .exit = "killed by signal 9",
                           .exit_unexpected = true}};
  run.expectations = met_expectations();
  for (auto& each : run.expectations) {
    each.verdict = verdict::inconclusive;
    each.observed = "the run was cut";
  }
  conclude(run);
  return run;
}

}  // namespace gauntlet::golden
